import type { Clock } from '../clock.ts';

type Wait = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Forever, unless told. */
  readonly atMostMs?: number | undefined;
  /** Is given what ends the wait early. */
  readonly begin?: (end: () => void) => void;
};

/** Resolves when it is ended, when its time is over, or when the signal is aborted, whichever comes first. */
export function wait({ clock, signal, atMostMs, begin }: Wait): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = atMostMs === undefined ? () => {} : clock.after(atMostMs, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    else begin?.(end);
  });
}
