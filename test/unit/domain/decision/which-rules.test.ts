import { describe, expect, it } from 'vitest';
import { decide, registriesAsked } from '../../../../lib/domain/decision/decide.ts';
import { bearingOf } from '../../../../lib/domain/policy/applies.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { policyOf, type Rule } from '../../../../lib/domain/policy/policy.ts';
import { BERLIN, contextOf, NEW_YORK } from '../../../support/contexts.ts';

/** A rule that has nothing against anybody. */
const HOLD: Rule = {
  id: 'only',
  kind: 'hold',
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: 'the statute',
  mark: 'P',
  effectiveFrom: '1970-01-01',
  contested: false,
};

describe('which rules are asked', () => {
  it.each([
    { day: '2026-11-19T23:59:59.999Z', effect: 'BLOCK' },
    { day: '2026-11-20T00:00:00.000Z', effect: 'ALLOW' },
    { day: '2026-11-21T23:59:59.999Z', effect: 'ALLOW' },
    { day: '2026-11-22T00:00:00.000Z', effect: 'BLOCK' },
  ])('those in force from their first day to the last: at $day $effect', ({ day, effect }) => {
    const policy = policyOf({
      version: 'test',
      rules: [{ ...HOLD, effectiveFrom: '2026-11-20', effectiveTo: '2026-11-22' }],
    });
    expect(decide(contextOf({ now: Date.parse(day) }), policy, 'DIAL').effect).toBe(effect);
  });

  it('asks each registry that bears on the contact once, and none for others', () => {
    expect(registriesAsked(DEFAULT_POLICY, contextOf())).toEqual(['us-national']);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ subject: BERLIN }))).toEqual([]);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ scope: { purpose: 'SERVICE' } }))).toEqual([]);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ scope: { channel: 'EMAIL' } }))).toEqual([]);
  });
});

describe('where a rule is asked', () => {
  const FLORIDA = { jurisdiction: { regions: ['US-FL'] } };
  it.each([
    { title: 'its region', rule: FLORIDA, subject: { regions: ['US-FL'] }, bearing: 'APPLIES' },
    {
      title: 'its region beside another',
      rule: FLORIDA,
      subject: { regions: ['US-FL', 'US-GA'] },
      bearing: 'APPLIES',
    },
    { title: 'another region', rule: FLORIDA, subject: { regions: ['US-GA'] }, bearing: 'NONE' },
    { title: 'no region known', rule: FLORIDA, subject: { regions: [] }, bearing: 'PLACE_UNKNOWN' },
    {
      title: 'no region of another country',
      rule: FLORIDA,
      subject: { country: 'CA', regions: [] },
      bearing: 'NONE',
    },
    {
      title: 'a foreign number living there',
      rule: FLORIDA,
      subject: { country: 'GB', regions: ['US-FL'] },
      bearing: 'APPLIES',
    },
    {
      title: 'its country by address',
      rule: { jurisdiction: { countries: ['US'] } },
      subject: { country: 'GB', regions: ['US-FL'] },
      bearing: 'APPLIES',
    },
    {
      title: 'an exception for both countries',
      rule: { jurisdiction: { except: ['US', 'GB'] } },
      subject: { country: 'GB', regions: ['US-FL'] },
      bearing: 'NONE',
    },
    {
      title: 'an exception for one of two',
      rule: { jurisdiction: { except: ['US'] } },
      subject: { country: 'GB', regions: ['US-FL'] },
      bearing: 'APPLIES',
    },
  ])('$title: $bearing', ({ rule, subject, bearing }) => {
    expect(bearingOf({ ...HOLD, ...rule }, contextOf({ subject: { ...NEW_YORK, ...subject } }))).toBe(
      bearing,
    );
  });

  it.each([
    { scope: {}, asked: true },
    { scope: { audience: 'CONSUMER', technology: 'LIVE' }, asked: true },
    { scope: { audience: 'BUSINESS', technology: 'LIVE' }, asked: false },
    { scope: { audience: 'CONSUMER', technology: 'AUTOMATED' }, asked: false },
  ] as const)('for $scope: $asked', ({ scope, asked }) => {
    const rule: Rule = { ...HOLD, audience: 'CONSUMER', technology: ['LIVE'] };
    expect(bearingOf(rule, contextOf({ scope })) === 'APPLIES').toBe(asked);
  });
});
