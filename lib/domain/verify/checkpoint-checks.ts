import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import type { Finding, FindingCode, Notice } from './findings.ts';
import type { CheckpointRow } from './inventory.ts';
import type { VerifierKey } from './note.ts';
import { checkpointKey, HOUR_MS, hourOf, NOT_IDLE } from './object-name.ts';

/** The writers' clocks may differ by seconds, and one that was overtaken may be 55 seconds behind (docs/log-format.md). */
const CLOCKS_MS = 120_000;

const UNOPENED = {
  NO_NOTE: 'UNREADABLE',
  NO_CHECKPOINT: 'UNREADABLE',
  OTHER_KEY: 'OTHER_KEY',
  BAD_SIGNATURE: 'SIGNATURE_INVALID',
} as const satisfies Record<string, FindingCode>;

/** Opens a checkpoint that lies under a key; what does not open is reported. */
export function checkNote(
  { key, note, signer }: { readonly key: string; readonly note: Uint8Array; readonly signer: VerifierKey },
  report: (finding: Finding) => void,
): Checkpoint | undefined {
  const opened = openCheckpoint(note, signer);
  if (opened.state === 'SIGNED') return opened.checkpoint;
  report({ code: UNOPENED[opened.state], key });
  return undefined;
}

/** Checks the stored copies of checkpoints one after the other, in the log's order. */
export class CheckpointChecks {
  readonly #signer: VerifierKey;
  readonly #report: (finding: Finding) => void;
  #lastTime = Number.NEGATIVE_INFINITY;
  #silentHours = 0;
  #firstSilence: string | undefined;
  #count = 0;

  constructor(signer: VerifierKey, report: (finding: Finding) => void) {
    this.#signer = signer;
    this.#report = report;
  }

  /** How many were signed by the log's key. */
  get count(): number {
    return this.#count;
  }

  /** The checkpoint of a row, its signature, key and time checked; undefined if it cannot stand for anything. */
  open(row: CheckpointRow, note: Uint8Array): Checkpoint | undefined {
    const key = checkpointKey(row);
    const checkpoint = checkNote({ key, note, signer: this.#signer }, this.#report);
    if (checkpoint === undefined) return undefined;
    this.#count += 1;
    const { size, time } = checkpoint;
    if (size !== row.size || (row.idleHour !== NOT_IDLE && row.idleHour !== hourOf(time))) {
      this.#report({ code: 'KEY_MOVED', key, detail: `its text says size ${size}, ${iso(time)}` });
    }
    if (size !== row.size) return undefined;
    this.#checkTime(key, time);
    return checkpoint;
  }

  notices(): readonly Notice[] {
    if (this.#firstSilence === undefined) return [];
    const detail = `no checkpoint was signed in ${this.#silentHours} hours, the first of them ${this.#firstSilence}`;
    return [{ code: 'SILENT_HOURS', detail }];
  }

  #checkTime(key: string, time: number): void {
    if (time < this.#lastTime - CLOCKS_MS) {
      this.#report({ code: 'TIME_BACKWARDS', key, detail: `${iso(time)} after ${iso(this.#lastTime)}` });
      return;
    }
    const silent = (hourOf(time) - hourOf(this.#lastTime)) / HOUR_MS - 1;
    if (Number.isFinite(silent) && silent > 0) {
      this.#silentHours += silent;
      this.#firstSilence ??= iso(hourOf(this.#lastTime) + HOUR_MS);
    }
    this.#lastTime = Math.max(time, this.#lastTime);
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
