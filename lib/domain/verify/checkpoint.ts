import { readHash } from './base64.ts';
import { openNote, type VerifierKey } from './note.ts';

/** What a log signs: how long it is and the root over all of it (https://c2sp.org/tlog-checkpoint). */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** When it was signed, by the writer's clock, in epoch milliseconds. */
  readonly time: number;
};

export type OpenedCheckpoint =
  | { readonly state: 'SIGNED'; readonly checkpoint: Checkpoint }
  | { readonly state: 'NO_NOTE' | 'OTHER_KEY' | 'BAD_SIGNATURE' | 'NO_CHECKPOINT' };

// Up to 10^15 - 1, which a number holds exactly.
const SIZE = /^(?:0|[1-9]\d{0,14})$/;

/** Opens a signed checkpoint. The origin must be the key's name: a log that shares a key with another is no log of ours. */
export function openCheckpoint(note: Uint8Array, key: VerifierKey): OpenedCheckpoint {
  const opened = openNote(note, key);
  if (opened.state !== 'SIGNED') return opened;
  const checkpoint = readCheckpoint(opened.text);
  return checkpoint === undefined || checkpoint.origin !== key.name
    ? { state: 'NO_CHECKPOINT' }
    : { state: 'SIGNED', checkpoint };
}

/** Reads a checkpoint's text: origin, size, root and, as this log's one extension line, the time. */
function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = '', time = '', ...rest] = text.split('\n');
  const hash = readHash(root);
  const whole = rest.length === 1 && rest[0] === '';
  const at = readTime(time);
  if (!whole || !SIZE.test(size) || hash === undefined || at === undefined) return undefined;
  return { origin, size: Number(size), root: hash, time: at };
}

function readTime(line: string): number | undefined {
  const at = Date.parse(line.slice('time '.length));
  return Number.isFinite(at) && line === `time ${new Date(at).toISOString()}` ? at : undefined;
}
