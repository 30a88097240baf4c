import { ComplianceError } from '../errors.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { FoundLine } from './find-line.ts';
import type { LogSource } from './log-source.ts';
import { readVerifierKey, type VerifierKey } from './note.ts';
import { POINTER, VKEY } from './object-name.ts';
import { checkProofFile, consistencyProofText, entryProofText } from './proof-file.ts';
import { Prover } from './prover.ts';

type Opened = { readonly note: string; readonly checkpoint: Checkpoint };

/** Makes proof files from a log, each under the newest checkpoint that the log points to. */
export class ProofMaker {
  readonly #source: LogSource;
  readonly #key: VerifierKey;
  readonly #newest: Opened;
  readonly #prover: Prover;

  private constructor(source: LogSource, key: VerifierKey, newest: Opened) {
    this.#source = source;
    this.#key = key;
    this.#newest = newest;
    this.#prover = proverFor(source, newest.checkpoint.size);
  }

  /** @throws ComplianceError LOG_UNREADABLE if there is no key or no signed checkpoint. */
  static async open(source: LogSource): Promise<ProofMaker> {
    const vkey = await readTextOf(source, VKEY);
    const key = vkey === undefined ? undefined : readVerifierKey(vkey.trimEnd());
    if (key === undefined) throw unreadable('its key `vkey`');
    const note = await readTextOf(source, POINTER);
    if (note === undefined) throw unreadable('its newest checkpoint');
    return new ProofMaker(source, key, openNoteOf(note, key));
  }

  /** How many entries the newest checkpoint covers. */
  get size(): number {
    return this.#newest.checkpoint.size;
  }

  /**
   * The proof file of an entry.
   *
   * @throws ComplianceError NOT_SIGNED_YET if no checkpoint covers it, PROOF_BROKEN if the log does not give one that holds.
   */
  async entry({ index, line }: FoundLine): Promise<string> {
    if (index >= this.size) {
      const message = `expected a checkpoint over entry ${index}, got one over ${this.size}: try again in a minute`;
      throw new ComplianceError({ code: 'NOT_SIGNED_YET', message });
    }
    const path = await this.#prover.inclusionPath(index);
    const { note } = this.#newest;
    return this.#checked(entryProofText({ entry: line, index, path, note, vkey: this.#key.text }));
  }

  /**
   * The proof file that one signed checkpoint continues another.
   *
   * @throws ComplianceError LOG_UNREADABLE if one is not signed by the log's key, PROOF_BROKEN if it does not.
   */
  async consistency(older: string, newer: string): Promise<string> {
    const first = openNoteOf(older, this.#key);
    const second = openNoteOf(newer, this.#key);
    const path = await proverFor(this.#source, second.checkpoint.size).consistencyPath(first.checkpoint.size);
    return this.#checked(consistencyProofText({ older, newer, path, vkey: this.#key.text }));
  }

  #checked(text: string): string {
    const checked = checkProofFile(text, this.#key);
    if (checked.holds) return text;
    const message = `expected a proof that holds, but ${checked.cause}: verify the log with \`dialguard audit verify\``;
    throw new ComplianceError({ code: 'PROOF_BROKEN', message });
  }
}

function proverFor(source: LogSource, size: number): Prover {
  const read = async (key: string): Promise<Buffer | undefined> => {
    const found = await source.read(key);
    return found.state === 'READ' ? found.bytes : undefined;
  };
  return new Prover(read, size);
}

function openNoteOf(note: string, key: VerifierKey): Opened {
  const opened = openCheckpoint(Buffer.from(note), key);
  if (opened.state !== 'SIGNED') throw unreadable(`a checkpoint that its key signed (${opened.state})`);
  return { note, checkpoint: opened.checkpoint };
}

async function readTextOf(source: LogSource, key: string): Promise<string | undefined> {
  const read = await source.read(key);
  return read.state === 'READ' ? read.bytes.toString('utf8') : undefined;
}

function unreadable(what: string): ComplianceError {
  return new ComplianceError({ code: 'LOG_UNREADABLE', message: `expected of the log ${what}, got none` });
}
