import * as z from 'zod';
import { EpochMs } from './vocabulary.ts';

/** How another system has answered lately; kept beside what is waiting for it. */
export const Circuit = z.object({
  /** Failures in a row. */
  failures: z.number().int().nonnegative(),
  /** Until then nothing is asked of it. Afterwards one call tries whether it is back: half-open. */
  openUntil: EpochMs.optional(),
});
export type Circuit = z.infer<typeof Circuit>;

export const CLOSED: Circuit = { failures: 0 };

/** Fewer failures than this are weather. */
const FAILURES_TO_OPEN = 3;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;

/** Whether the other system may be asked. */
export function mayCall({ openUntil }: Circuit, now: number): boolean {
  return openUntil === undefined || now >= openUntil;
}

/**
 * The circuit after a call that failed: from the third on it opens for 2, 4, 8 seconds and so on up to a minute.
 * `jitter`, from 0 to 1, keeps several callers from coming back at one moment.
 */
export function afterFailure(
  { failures }: Circuit,
  { now, jitter }: { readonly now: number; readonly jitter: number },
): Circuit {
  const row = failures + 1;
  const doubled = FIRST_PAUSE_MS * 2 ** Math.min(row - FAILURES_TO_OPEN, 10);
  const backOff = row < FAILURES_TO_OPEN ? 0 : Math.min(doubled, LONGEST_PAUSE_MS) * (1 - jitter / 4);
  const pause = Math.ceil(backOff);
  return { failures: row, ...(pause === 0 ? {} : { openUntil: now + pause }) };
}
