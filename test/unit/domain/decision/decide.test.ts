import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, registriesAsked } from '../../../../lib/domain/decision/decide.ts';
import { REASONS, type ReasonCode } from '../../../../lib/domain/decision/reasons.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import type { RuleContext } from '../../../../lib/domain/policy/rules/context.ts';
import {
  BERLIN,
  CALLED_TOO_OFTEN,
  CHANNELS,
  CLEAN_REGISTRY,
  contextOf,
  NEW_YORK,
  PURPOSES,
} from '../../../support/contexts.ts';
import { anyFact, consent, DAY_MS, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';
import { onlyRule } from '../../../support/only-rule.ts';

const PITTSBURGH = { ...NEW_YORK, regions: ['US-PA'], areaCode: '412' };
const BY_STATE = {
  DAY_NOT_PERMITTED: { subject: PITTSBURGH, now: NOON + 2 * DAY_MS },
  PUBLIC_HOLIDAY: { subject: PITTSBURGH, now: NOON + 6 * DAY_MS },
  LOCATION_UNKNOWN: { subject: { ...NEW_YORK, regions: [] } },
};
const HOUR_MS = 3_600_000;
const NIGHT = NOON + 12 * HOUR_MS;
const codes = (context: RuleContext, stage: 'DIAL' | 'SCRUB' = 'DIAL') => [
  ...new Set(decide(context, DEFAULT_POLICY, stage).reasons.map(({ code }) => code)),
];
const listed = [{ ...CLEAN_REGISTRY, listed: true }];

describe('a decision under the policy that ships', () => {
  const rows: { title: string; context: RuleContext; expected: readonly ReasonCode[] }[] = [
    { title: 'nothing stands in the way', context: contextOf(), expected: [] },
    { title: 'hold', context: contextOf({ state: stateOf(hold()) }), expected: ['LITIGATION_HOLD'] },
    { title: 'opt-out', context: contextOf({ state: stateOf(suppression()) }), expected: ['SUPPRESSED'] },
    {
      title: 'withdrawal',
      context: contextOf({ state: stateOf(consent({ status: 'WITHDRAWN' })) }),
      expected: ['CONSENT_WITHDRAWN'],
    },
    { title: 'listed', context: contextOf({ registries: listed }), expected: ['REGISTRY_LISTED'] },
    { title: 'no registry', context: contextOf({ registries: [] }), expected: ['REGISTRY_UNAVAILABLE'] },
    { title: 'old registry', context: contextOf({ now: NOON + 32 * DAY_MS }), expected: ['REGISTRY_STALE'] },
    {
      title: 'area code not bought',
      context: contextOf({ registries: [{ ...CLEAN_REGISTRY, areaCodes: [] }] }),
      expected: ['REGISTRY_NOT_COVERED'],
    },
    {
      title: 'Europe without consent',
      context: contextOf({ subject: BERLIN }),
      expected: ['CONSENT_MISSING'],
    },
    {
      title: 'Europe, pending',
      context: contextOf({ subject: BERLIN, state: stateOf(consent({ status: 'PENDING' })) }),
      expected: ['CONSENT_PENDING'],
    },
    {
      title: 'Europe, lapsed',
      context: contextOf({ subject: BERLIN, state: stateOf(consent({ expiresAt: NOON })) }),
      expected: ['CONSENT_EXPIRED'],
    },
    {
      title: 'Europe with consent',
      context: contextOf({ subject: BERLIN, state: stateOf(consent()) }),
      expected: [],
    },
    {
      title: 'unknown local time',
      context: contextOf({ subject: { ...NEW_YORK, timeZones: [] } }),
      expected: ['LOCATION_UNKNOWN'],
    },
    ...(['DAY_NOT_PERMITTED', 'PUBLIC_HOLIDAY', 'LOCATION_UNKNOWN'] as const).map((code) => ({
      title: `a law of Pennsylvania, or of any state: ${code}`,
      context: contextOf(BY_STATE[code]),
      expected: [code],
    })),
    {
      title: 'a number that can be in any state, for a purpose of which no state says anything',
      context: contextOf({ ...BY_STATE.LOCATION_UNKNOWN, scope: { purpose: 'COLLECTION' } }),
      expected: [],
    },
    { title: 'night', context: contextOf({ now: NIGHT }), expected: ['OUTSIDE_CALLING_HOURS'] },
    {
      title: 'a service call at night',
      context: contextOf({ now: NIGHT, scope: { purpose: 'SERVICE' } }),
      expected: [],
    },
    {
      title: 'a service call against an opt-out',
      context: contextOf({ state: stateOf(suppression()), scope: { purpose: 'SERVICE' } }),
      expected: ['SUPPRESSED'],
    },
    {
      title: 'a breach notice against an opt-out of everything: by letter',
      context: contextOf({
        state: stateOf(suppression({ channel: 'ALL' })),
        scope: { purpose: 'BREACH_NOTICE' },
      }),
      expected: ['SUPPRESSED'],
    },
    {
      title: 'a breach notice against an opt-out of marketing',
      context: contextOf({
        state: stateOf(
          suppression({ channel: 'ALL', asked: { channel: 'ALL', seller: '*', purpose: 'MARKETING' } }),
        ),
        scope: { purpose: 'BREACH_NOTICE' },
      }),
      expected: [],
    },
    {
      title: 'an e-mail at night',
      context: contextOf({
        now: NIGHT,
        scope: { channel: 'EMAIL' },
        subject: { country: 'US', regions: [], timeZones: [] },
      }),
      expected: [],
    },
    {
      title: 'France, nobody says what is offered',
      context: contextOf({
        subject: { country: 'FR', regions: [], timeZones: ['Europe/Paris'] },
        state: stateOf(consent()),
      }),
      expected: ['PRODUCT_BANNED'],
    },
    {
      title: 'a collection call too many',
      context: contextOf({ state: CALLED_TOO_OFTEN, scope: { purpose: 'COLLECTION' } }),
      expected: ['NUMBER_REASSIGNED', 'FREQUENCY_CAP', 'RECENT_CONVERSATION'],
    },
  ];
  it.each(rows)('$title: $expected', ({ context, expected }) => {
    expect(codes(context)).toEqual(expected);
    expect(decide(context, DEFAULT_POLICY, 'DIAL').effect).toBe(expected.length === 0 ? 'ALLOW' : 'BLOCK');
  });

  it.each(CHANNELS.flatMap((channel) => PURPOSES.map((purpose) => ({ channel, purpose }))))(
    'I7: a hold blocks $channel for $purpose, with proved consent of every kind',
    (scope) => {
      const state = stateOf(hold(), consent({ channel: 'ALL', purpose: 'ALL', effectiveAt: NOON + 1 }));
      expect(codes(contextOf({ state, scope, now: NOON + 2 }))).toContain('LITIGATION_HOLD');
    },
  );

  it('names every ground, dominant first, each with its rule and citation', () => {
    const state = stateOf(hold(), suppression(), consent({ status: 'WITHDRAWN' }));
    const context = contextOf({ state, registries: listed, now: NIGHT });
    expect(codes(context)).toEqual([
      'LITIGATION_HOLD',
      'SUPPRESSED',
      'CONSENT_WITHDRAWN',
      'REGISTRY_LISTED',
      'OUTSIDE_CALLING_HOURS',
    ]);
    for (const { ruleId, citation } of decide(context, DEFAULT_POLICY, 'DIAL').reasons) {
      expect(DEFAULT_POLICY.rules).toContainEqual(expect.objectContaining({ id: ruleId, citation }));
    }
  });

  it('reaches every reason that a rule can give', () => {
    const system: ReasonCode[] = [
      ...(['UNREADABLE_INPUT', 'INVALID_REQUEST', 'WRONG_REGION', 'NO_RULE'] as const),
      ...(['UNAVAILABLE', 'AUDIT_UNAVAILABLE', 'AUDIT_BACKLOG'] as const),
      // The operator enters the periods of emergencies.
      'DECLARED_EMERGENCY',
    ];
    const reached = new Set(rows.flatMap(({ expected }) => expected));
    expect([...reached, ...system].toSorted()).toEqual(Object.keys(REASONS).toSorted());
  });

  it('TB15: at the scrub lets the hour go, and nothing else', () => {
    expect(codes(contextOf({ now: NIGHT }), 'SCRUB')).toEqual([]);
    expect(codes(contextOf({ now: NIGHT, registries: listed }), 'SCRUB')).toEqual(['REGISTRY_LISTED']);
    expect(codes(contextOf({ subject: { ...NEW_YORK, timeZones: [] } }), 'SCRUB')).toEqual([]);
  });
});

describe('default deny (I6)', () => {
  it('never allows marketing to an unknown country without consent, whatever is known', () => {
    const contexts = fc.record({
      country: fc.string().filter((code) => !['US', 'PR', 'GU', 'VI', 'AS', 'MP'].includes(code)),
      channel: fc.constantFrom(...CHANNELS),
      facts: fc.array(anyFact, { maxLength: 5 }),
      hour: fc.nat(48),
    });
    fc.assert(
      fc.property(contexts, ({ country, channel, facts, hour }) => {
        const state = stateOf(
          ...facts.filter((fact) => fact.kind !== 'consent' || fact.status !== 'GRANTED'),
        );
        const subject = { country, regions: [], timeZones: ['Europe/Berlin'] };
        const context = contextOf({ subject, state, scope: { channel }, now: NOON + hour * HOUR_MS });
        expect(decide(context, DEFAULT_POLICY, 'DIAL').effect).toBe('BLOCK');
      }),
      { numRuns: 1000 },
    );
  });

  it('does not permit a contact about which the policy says nothing', () => {
    const policy = onlyRule({ jurisdiction: { countries: ['US'] } });
    expect(decide(contextOf({ subject: BERLIN }), policy, 'DIAL').reasons).toEqual([
      { code: 'NO_RULE', ruleId: '', citation: '' },
    ]);
    expect(decide(contextOf(), policy, 'DIAL').effect).toBe('ALLOW');
  });

  it('is total and repeatable: any facts give the same answer twice, with a ground for every BLOCK', () => {
    const contexts = fc.record({
      facts: fc.array(anyFact, { maxLength: 6 }),
      channel: fc.constantFrom(...CHANNELS),
      purpose: fc.constantFrom(...PURPOSES),
      seller: fc.constantFrom(undefined, 'acme', 'bravo'),
      country: fc.constantFrom('US', 'GB', 'ZZ'),
      now: fc.integer({ min: NOON - DAY_MS, max: NOON + 40 * DAY_MS }),
    });
    fc.assert(
      fc.property(contexts, ({ facts, country, now, ...scope }) => {
        const context = contextOf({
          state: stateOf(...facts),
          subject: { ...NEW_YORK, country },
          now,
          scope,
        });
        const decision = decide(context, DEFAULT_POLICY, 'DIAL');
        expect(decide(context, DEFAULT_POLICY, 'DIAL')).toEqual(decision);
        expect(decision.reasons.length > 0).toBe(decision.effect === 'BLOCK');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('which rules are asked', () => {
  it.each([
    { day: '2026-11-19T23:59:59.999Z', effect: 'BLOCK' },
    { day: '2026-11-20T00:00:00.000Z', effect: 'ALLOW' },
    { day: '2026-11-21T23:59:59.999Z', effect: 'ALLOW' },
    { day: '2026-11-22T00:00:00.000Z', effect: 'BLOCK' },
  ])('those in force from their first day to the last: at $day $effect', ({ day, effect }) => {
    const policy = onlyRule({ effectiveFrom: '2026-11-20', effectiveTo: '2026-11-22' });
    expect(decide(contextOf({ now: Date.parse(day) }), policy, 'DIAL').effect).toBe(effect);
  });

  it('asks each registry that bears on the contact once, and none for others', () => {
    expect(registriesAsked(DEFAULT_POLICY, contextOf())).toEqual(['us-national']);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ subject: BERLIN }))).toEqual([]);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ scope: { purpose: 'SERVICE' } }))).toEqual([]);
    expect(registriesAsked(DEFAULT_POLICY, contextOf({ scope: { channel: 'EMAIL' } }))).toEqual([]);
  });
});
