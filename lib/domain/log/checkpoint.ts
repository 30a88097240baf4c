const HOUR_MS = 3_600_000;
const TEXT =
  /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\ntime (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/;

/** The pointer: a copy of the newest checkpoint, and the one object of the log that is ever overwritten. */
export const CHECKPOINT_KEY = 'checkpoint';
/** The log's verifier key. */
export const VERIFIER_KEY_KEY = 'vkey';

/** What the log says about itself at one moment; signed, it is a checkpoint. */
export type TreeHead = {
  /** The log's name, also that of its key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** When it was signed, epoch milliseconds. */
  readonly at: number;
};

/** The text to sign: https://c2sp.org/tlog-checkpoint, with the time as an extension line. */
export function checkpointText({ origin, size, root, at }: TreeHead): string {
  const hash = Buffer.from(root).toString('base64');
  return `${origin}\n${size}\n${hash}\ntime ${new Date(at).toISOString()}\n`;
}

/** Reads a checkpoint's text; undefined if this log writes none like it. */
export function readCheckpointText(text: string): TreeHead | undefined {
  const [, origin, size, root, time] = TEXT.exec(text) ?? [];
  if (origin === undefined || root === undefined || time === undefined) return undefined;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), at: Date.parse(time) };
}

/** The key of the first checkpoint of a size. */
export function checkpointKey(size: number): string {
  return `checkpoints/${size}`;
}

/** The key of a later checkpoint of the same size: of a log in which nothing happened up to that hour. */
export function idleCheckpointKey(size: number, at: number): string {
  return `${checkpointKey(size)}.idle/${new Date(at).toISOString().slice(0, 13)}`;
}

/** Whether a log that last signed at `signedAt` must show again that it lives: once in each hour. */
export function isIdleCheckpointDue(signedAt: number, now: number): boolean {
  return Math.floor(now / HOUR_MS) > Math.floor(signedAt / HOUR_MS);
}
