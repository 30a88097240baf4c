import { describe, expect, it } from 'vitest';
import { CLOCK_SKEW_MS, settleTime } from '../../../../lib/domain/state/settle-time.ts';
import { NOON } from '../../../support/facts.ts';

describe('the time from which a statement counts (I11)', () => {
  it.each([
    { title: 'none stated', statedAt: undefined, effectiveAt: NOON, futureDated: false },
    { title: 'earlier', statedAt: NOON - 1, effectiveAt: NOON - 1, futureDated: false },
    {
      title: 'a clock ahead by what is honest',
      statedAt: NOON + CLOCK_SKEW_MS,
      effectiveAt: NOON,
      futureDated: false,
    },
    {
      title: 'a clock ahead by more',
      statedAt: NOON + CLOCK_SKEW_MS + 1,
      effectiveAt: NOON,
      futureDated: true,
    },
  ])('$title', ({ statedAt, effectiveAt, futureDated }) => {
    expect(settleTime(statedAt, NOON)).toEqual({ effectiveAt, futureDated });
  });
});
