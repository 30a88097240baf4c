import { ComplianceError } from '../errors.ts';
import { type Entry, LoggedEntry } from './entry.ts';
import { leafHash } from './hashing.ts';
import { homesOf } from './home.ts';
import { numberedLine, type PendingEntry, type PendingPlace } from './pending.ts';

export type BatchLimit = { readonly entries: number; readonly size: number };

/** How much one entries object holds at the most: what a writer can carry in memory, whatever waits. */
export const BATCH_LIMIT: BatchLimit = { entries: 5000, size: 32_000_000 };

/** The entries that come next in the log: by time, then by id, each once, up to the limit, at least one. */
export function nextBatch(pending: readonly PendingEntry[], limit: BatchLimit): readonly PendingEntry[] {
  const once = new Map(pending.map((waiting) => [waiting.entry.id, waiting]));
  const ordered = [...once.values()].toSorted(byTimeAndId).slice(0, limit.entries);
  let size = 0;
  const over = ordered.findIndex((waiting, position) => {
    size += waiting.size;
    return position > 0 && size > limit.size;
  });
  return over === -1 ? ordered : ordered.slice(0, over);
}

function byTimeAndId({ entry: a }: PendingEntry, { entry: b }: PendingEntry): number {
  return Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1);
}

/** The text of an entries object: one line per entry, each ended by a line feed. */
export function batchText(first: number, batch: readonly PendingEntry[]): string {
  return batch.map(({ line }, position) => `${numberedLine(line, first + position)}\n`).join('');
}

/** The leaf hashes of an entries object's lines. */
export function leavesOf(text: string): readonly Buffer[] {
  return text.split('\n').slice(0, -1).map(leafHash);
}

/**
 * Reads the text of the entries object that begins at `first`.
 *
 * @throws ComplianceError LOG_OBJECT_BROKEN if it is not whole, in order and without a gap: then nothing may follow it.
 */
export function readBatch(first: number, text: string): readonly LoggedEntry[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw broken(first, 'no whole line');
  return lines.map((line, position) => {
    const read = readLine(line);
    if (read === undefined) throw broken(first, `an unreadable line ${position + 1}`);
    if (read.index !== first + position) throw broken(first, `another index at line ${position + 1}`);
    return read;
  });
}

/** One line of the log; undefined if it is none. */
export function readLine(line: string): LoggedEntry | undefined {
  try {
    return LoggedEntry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function broken(first: number, got: string): ComplianceError {
  return new ComplianceError({
    code: 'LOG_OBJECT_BROKEN',
    message: `expected whole entries numbered from ${first}, got ${got}; nothing was appended after them`,
  });
}

/** Where logged entries may still wait: where they were found, or else wherever a writer can have put them. */
export function placesOf(logged: readonly Entry[], found: readonly PendingEntry[]): readonly PendingPlace[] {
  const homes = Map.groupBy(found, ({ entry }) => entry.id);
  return logged.flatMap((entry) => {
    const known = homes.get(entry.id)?.map(({ home }) => home) ?? homesOf(entry);
    return known.map((home) => ({ home, id: entry.id }));
  });
}
