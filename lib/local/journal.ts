import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { lockFile } from './file-lock.ts';

/** An append-only file of JSON lines: what a service has acknowledged survives the process. */
export type Journal = {
  append(record: unknown): void;
  /** Replaces all lines by these, atomically. */
  rewrite(records: Iterable<unknown>): void;
  /** Lines now in the file. */
  readonly lines: number;
  close(): void;
};

const NEWLINE = 0x0a;

/**
 * Opens the journal, replaying each of its records first. A last line that a killed process left unfinished was never
 * acknowledged and is cut off; any other unreadable line throws, because state would be lost in silence; so does a file
 * that another process has open.
 * Writes are handed to the kernel before they return: they outlive SIGKILL, not a power cut.
 */
export function openJournal(path: string, replay: (record: unknown) => void): Journal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unlock = lockFile(path);
  let lines = 0;
  try {
    if (existsSync(path)) lines = replayLines(path, replay);
  } catch (error) {
    unlock();
    throw error;
  }
  let file = openSync(path, 'a', 0o600);
  return {
    append(record) {
      writeAll(file, `${JSON.stringify(record)}\n`);
      lines += 1;
    },
    rewrite(records) {
      const next = `${path}.next`;
      const output = openSync(next, 'w', 0o600);
      lines = 0;
      for (const record of records) {
        writeAll(output, `${JSON.stringify(record)}\n`);
        lines += 1;
      }
      closeSync(output);
      renameSync(next, path);
      closeSync(file);
      file = openSync(path, 'a', 0o600);
    },
    get lines() {
      return lines;
    },
    close() {
      closeSync(file);
      unlock();
    },
  };
}

function replayLines(path: string, replay: (record: unknown) => void): number {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  if (end < bytes.length) truncateSync(path, end);
  let lines = 0;
  for (let start = 0; start < end; ) {
    const stop = bytes.indexOf(NEWLINE, start);
    lines += 1;
    replay(parseLine({ path, line: lines, text: bytes.toString('utf8', start, stop) }));
    start = stop + 1;
  }
  return lines;
}

function parseLine(input: { path: string; line: number; text: string }): unknown {
  try {
    return JSON.parse(input.text);
  } catch {
    throw new Error(
      `Line ${input.line} of ${input.path} is no JSON: the local state is damaged; start with --fresh.`,
    );
  }
}

// One write(2) may take less than it was given.
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
