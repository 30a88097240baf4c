import { describe, expect, it } from 'vitest';
import { afterFailure, type Circuit, CLOSED, mayCall } from '../../../lib/domain/circuit-breaker.ts';

/** The pause that each failure in a row asks for, milliseconds. */
function pauses(failures: number, jitter: number): number[] {
  let circuit: Circuit = CLOSED;
  return Array.from({ length: failures }, () => {
    circuit = afterFailure(circuit, { now: 1000, jitter });
    return (circuit.openUntil ?? 1000) - 1000;
  });
}

describe('a circuit breaker', () => {
  it('opens from the third failure in a row, for twice as long each time, at most a minute', () => {
    expect(pauses(10, 0)).toEqual([0, 0, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('jitter shortens the pause by up to a quarter', () => {
    expect(pauses(4, 1)).toEqual([0, 0, 1500, 3000]);
  });

  it('lets nothing through until the pause is over, then one call tries', () => {
    const open: Circuit = { failures: 3, openUntil: 5000 };
    expect(mayCall(open, 4999)).toBe(false);
    expect(mayCall(open, 5000)).toBe(true);
    expect(mayCall(CLOSED, 0)).toBe(true);
  });
});
