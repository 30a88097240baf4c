import { describe, expect, it } from 'vitest';
import { decide, nextPermittedAt } from '../../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { BERLIN, contextOf, NEW_YORK } from '../../../support/contexts.ts';
import { consent, DAY_MS, NOON, stateOf, suppression } from '../../../support/facts.ts';
import { onlyRule } from '../../../support/only-rule.ts';

const HOUR_MS = 3_600_000;
const NIGHT = NOON + 12 * HOUR_MS;
const NEXT_MORNING = NOON + 22 * HOUR_MS;

describe('the next permitted time', () => {
  it('is given where time is the one obstacle', () => {
    expect(decide(contextOf({ now: NIGHT }), DEFAULT_POLICY, 'DIAL')).toMatchObject({
      nextAllowedAt: NEXT_MORNING,
    });
  });

  const never = [
    { title: 'somebody opted out', given: { state: stateOf(suppression()) } },
    {
      title: 'consent will have lapsed by then',
      given: { subject: BERLIN, state: stateOf(consent({ expiresAt: NIGHT + HOUR_MS })) },
    },
    { title: 'the registry will be too old by then', given: { now: NIGHT + 31 * DAY_MS - 6 * HOUR_MS } },
    { title: 'nobody knows the local time', given: { subject: { ...NEW_YORK, timeZones: [] } } },
  ];
  it.each(never)('is not given where $title', ({ given }) => {
    expect(decide(contextOf({ now: NIGHT, ...given }), DEFAULT_POLICY, 'DIAL')).not.toHaveProperty(
      'nextAllowedAt',
    );
  });

  it('is one at which all of the numbers may be called', () => {
    const at = Date.parse('2026-11-21T03:00:00Z');
    const tokyo = { country: 'JP', regions: [], timeZones: ['Asia/Tokyo'] };
    const state = stateOf(consent());
    const contexts = [contextOf({ now: at }), contextOf({ now: at, subject: tokyo, state })];
    // Eight in New York is ten at night in Tokyo; six in the evening there is eight in the morning here.
    expect(new Date(nextPermittedAt(contexts, DEFAULT_POLICY) ?? 0).toISOString()).toBe(
      '2026-11-21T23:00:00.000Z',
    );
  });

  it('is none for numbers that are never awake together, and none for no numbers', () => {
    const hours = { from: '09:00', until: '12:00' };
    const policy = onlyRule(hours);
    const honolulu = { country: 'US', regions: ['US-HI'], timeZones: ['Pacific/Honolulu'] };
    expect(nextPermittedAt([contextOf(), contextOf({ subject: honolulu })], policy)).toBeUndefined();
    expect(nextPermittedAt([], policy)).toBeUndefined();
  });

  it('is now where nothing stands in the way', () => {
    expect(nextPermittedAt([contextOf()], DEFAULT_POLICY)).toBe(NOON);
  });
});
