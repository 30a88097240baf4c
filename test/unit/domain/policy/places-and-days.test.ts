import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { regionsOf } from '../../../../lib/domain/contact-point/regions.ts';
import { timeZonesOf } from '../../../../lib/domain/contact-point/time-zones.ts';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { policyOf, type Rule } from '../../../../lib/domain/policy/policy.ts';
import { CLEAN_REGISTRY, contextOf } from '../../../support/contexts.ts';
import { consent, stateOf } from '../../../support/facts.ts';

/** A live marketing call with consent, so that nothing but place and time decides. */
function callTo(raw: string, at: string | number, state?: string) {
  const phone = parsePhoneNumber(raw);
  if (phone.kind === 'unreadable') throw new Error(`expected a number, got ${phone.cause}`);
  const now = typeof at === 'number' ? at : Date.parse(at);
  return contextOf({
    subject: {
      country: phone.country,
      regions: regionsOf(phone, state),
      timeZones: timeZonesOf(phone, state),
    },
    scope: { technology: 'LIVE', audience: 'CONSUMER' },
    registries: [{ ...CLEAN_REGISTRY, versionAt: Math.floor(now / 86_400_000) * 86_400_000 }],
    state: stateOf(consent({ effectiveAt: 1 })),
    now,
  });
}

function ask(raw: string, at: string, state?: string): string {
  const decision = decide(callTo(raw, at, state), DEFAULT_POLICY, 'DIAL');
  if (decision.effect === 'ALLOW') return 'ALLOW';
  return decision.nextAllowedAt === undefined
    ? (decision.reasons[0]?.code ?? '')
    : new Date(decision.nextAllowedAt).toISOString();
}

describe('where and when the called party is', () => {
  it.each([
    // Arizona keeps standard time all year: 08:00 is 15:00Z in July and in December.
    { to: '+16025550100', at: '2026-07-01T14:59:59Z', answer: '2026-07-01T15:00:00.000Z' },
    { to: '+16025550100', at: '2026-12-01T15:00:00Z', answer: 'ALLOW' },
    // Indiana: most of it keeps Eastern time.
    { to: '+13175550100', at: '2026-07-01T11:59:59Z', answer: '2026-07-01T12:00:00.000Z' },
    { to: '+13175550100', at: '2026-12-01T13:00:00Z', answer: 'ALLOW' },
    { to: '+17875550100', at: '2026-07-01T11:59:59Z', answer: '2026-07-01T12:00:00.000Z' },
    { to: '+17875550100', at: '2026-12-01T12:00:00Z', answer: 'ALLOW' },
    { to: '+18085550100', at: '2026-12-01T17:59:59Z', answer: '2026-12-01T18:00:00.000Z' },
    { to: '+18085550100', at: '2026-12-02T06:59:59Z', answer: 'ALLOW' },
    // Newfoundland and Labrador: open at 08:00 in Labrador, shut at 21:00 in St. John's, half an hour ahead.
    { to: '+17095550100', at: '2026-12-01T11:59:59Z', answer: '2026-12-01T12:00:00.000Z' },
    { to: '+17095550100', at: '2026-12-02T00:29:59Z', answer: 'ALLOW' },
    { to: '+17095550100', at: '2026-12-02T00:30:00Z', answer: '2026-12-02T12:00:00.000Z' },
    // Boston's number, living in Florida's two zones: 08:00 Central, to 20:00 Eastern.
    { to: '+16175550100', at: '2026-12-01T13:59:59Z', state: 'FL', answer: '2026-12-01T14:00:00.000Z' },
    { to: '+16175550100', at: '2026-12-02T00:59:59Z', state: 'FL', answer: 'ALLOW' },
    { to: '+16175550100', at: '2026-12-02T01:00:00Z', state: 'FL', answer: '2026-12-02T14:00:00.000Z' },
    // Living in Georgia, which names no hours: the number's own state, Connecticut, opens at nine.
    { to: '+12035550100', at: '2026-12-01T13:59:59Z', state: 'GA', answer: '2026-12-01T14:00:00.000Z' },
    { to: '+18005550100', at: '2026-12-01T18:00:00Z', answer: 'LOCATION_UNKNOWN' },
    { to: '+18005550100', at: '2026-12-01T23:30:00Z', state: 'GA', answer: 'ALLOW' },
  ])('$to ($state) at $at: $answer', ({ to, at, state, answer }) => {
    expect(ask(to, at, state)).toBe(answer);
  });
});

describe('the next permitted moment', () => {
  it.each([
    // Alabama, Saturday evening before Labor Day: not Sunday, not Monday, but Tuesday at eight.
    { to: '+12055550100', at: '2026-09-06T01:00:00Z', answer: '2026-09-08T13:00:00.000Z' },
    // Pennsylvania, Wednesday night before Thanksgiving.
    { to: '+12155550100', at: '2026-11-26T01:00:00Z', answer: '2026-11-27T14:00:00.000Z' },
    // Louisiana: the Saturday before the clocks go back on Sunday, 1 November (All Saints), kept on Monday, and election day.
    { to: '+12255550100', at: '2026-11-01T02:00:00Z', answer: '2026-11-04T14:00:00.000Z' },
    // Rhode Island: Friday evening; Saturday from ten to five.
    { to: '+14015550100', at: '2026-11-20T23:00:00Z', answer: '2026-11-21T15:00:00.000Z' },
    // The evening before Pennsylvania's new hours: a Sunday follows, then Monday at nine.
    { to: '+12155550100', at: '2026-10-18T01:30:00Z', answer: '2026-10-19T13:00:00.000Z' },
  ])('$to at $at: $answer', ({ to, at, answer }) => {
    expect(ask(to, at)).toBe(answer);
    expect(ask(to, answer)).toBe('ALLOW');
    expect(ask(to, new Date(Date.parse(answer) - 1).toISOString())).toBe(answer);
  });

  it('is permitted, and no moment before it on a quarter of an hour is', () => {
    const numbers = [
      '+12055550100',
      '+12155550100',
      '+12255550100',
      '+14015550100',
      '+19155550100',
      '+18015550100',
    ];
    const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(fc.constantFrom(...numbers), moments, (to, now) => {
        const effectAt = (at: number) => decide({ ...callTo(to, now), now: at }, DEFAULT_POLICY, 'DIAL');
        const decision = effectAt(now);
        fc.pre(decision.effect === 'BLOCK' && decision.nextAllowedAt !== undefined);
        const next = decision.effect === 'BLOCK' ? (decision.nextAllowedAt ?? 0) : 0;
        expect(effectAt(next).effect).toBe('ALLOW');
        for (let at = now; at < next; at += 900_000) expect(effectAt(at).effect).toBe('BLOCK');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a declared emergency', () => {
  const base = DEFAULT_POLICY.rules.find(({ id }) => id === 'us-ny-emergency');
  const withPeriods = (periods: Extract<Rule, { kind: 'emergencyBan' }>['periods']) => {
    if (base?.kind !== 'emergencyBan') throw new Error('expected the rule of New York');
    return policyOf({ version: 'test', rules: [{ ...base, periods }] });
  };
  const from = '2026-12-01T10:00:00Z';
  const until = '2026-12-03T10:00:00Z';

  it.each([
    { at: '2026-12-01T09:59:59.999Z', codes: [] },
    { at: '2026-12-01T10:00:00.000Z', codes: ['DECLARED_EMERGENCY'] },
    { at: '2026-12-03T09:59:59.999Z', codes: ['DECLARED_EMERGENCY'] },
    { at: '2026-12-03T10:00:00.000Z', codes: [] },
  ])('us-ny-emergency, us-la-emergency: at $at: $codes', ({ at, codes }) => {
    const decision = decide(callTo('+12125550100', at), withPeriods([{ from, until }]), 'DIAL');
    expect(decision.reasons.map(({ code }) => code)).toEqual(codes);
    if (codes.length > 0) expect(decision).toMatchObject({ nextAllowedAt: Date.parse(until) });
    const elsewhere = decide(callTo('+13125550100', at), withPeriods([{ from, until }]), 'DIAL');
    expect(elsewhere.reasons.map(({ code }) => code)).toEqual(['NO_RULE']);
  });

  it('without an end goes on, and says no next time', () => {
    const decision = decide(callTo('+12125550100', '2027-12-01T10:00:00Z'), withPeriods([{ from }]), 'DIAL');
    expect(decision.effect).toBe('BLOCK');
    expect(decision).not.toHaveProperty('nextAllowedAt');
  });

  it('is none where none is entered', () => {
    expect(decide(callTo('+12125550100', from), withPeriods([]), 'DIAL').effect).toBe('ALLOW');
  });
});
