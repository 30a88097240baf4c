import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LATENCY_STEPS, latencyFigures } from '../../../../lib/domain/evidence/latency.ts';
import { DAY_MS, NOON } from '../../../support/facts.ts';

const optOut = (ms: number) => ({ stated: NOON, received: NOON, inForce: NOON + ms, logged: NOON + ms });

describe('the figures of opt-outs', () => {
  test('of none are 0', () => {
    expect(latencyFigures([])).toMatchObject({
      optOuts: 0,
      statedToInForce: { count: 0, p50: 0, p95: 0, p99: 0, max: 0 },
      overSixtySeconds: 0,
    });
  });

  test('are nearest ranks: of 1 to 100 the 50th, 95th, 99th and last', () => {
    const all = Array.from({ length: 100 }, (_, at) => optOut(100 - at));
    expect(latencyFigures(all).statedToInForce).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  test.each([
    [60_000, 0],
    [60_001, 1],
  ])('%i ms: %i over 60 seconds', (ms, over) => {
    expect(latencyFigures([optOut(ms)]).overSixtySeconds).toBe(over);
  });

  // Friday 20 November 2026; Thanksgiving is no business day: ten of them end on Monday 7 December, at the same time.
  test.each([
    [17 * DAY_MS, 0],
    [17 * DAY_MS + 1, 1],
  ])('%i ms: %i over ten business days', (ms, over) => {
    expect(latencyFigures([optOut(ms)]).overLegalLimit).toBe(over);
  });

  test('a clock that runs ahead makes nothing take less than no time', () => {
    expect(latencyFigures([optOut(-5)]).statedToInForce.max).toBe(0);
  });

  test('every opt-out is in one bar', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 * DAY_MS })), (all) => {
        const { steps } = latencyFigures(all.map(optOut));
        expect(steps).toHaveLength(LATENCY_STEPS.length);
        expect(steps.reduce((sum, count) => sum + count, 0)).toBe(all.length);
        const below = all.filter((ms) => ms <= 60_000).length;
        expect(steps.slice(0, 3).reduce((sum, count) => sum + count, 0)).toBe(below);
      }),
    );
  });
});
