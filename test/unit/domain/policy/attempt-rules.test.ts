import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { contextOf, NEW_YORK } from '../../../support/contexts.ts';
import {
  attempted,
  consent,
  conversation,
  DAY_MS,
  NOON,
  reassignment,
  relationship,
  stateOf,
} from '../../../support/facts.ts';

const PARIS = { ...NEW_YORK, country: 'FR', areaCode: undefined, timeZones: ['Europe/Paris'] };
const collection = { purpose: 'COLLECTION' as const };
const consents = stateOf(consent()).consents;
const rulesAgainst = (given: Parameters<typeof contextOf>[0]) =>
  decide(contextOf(given), DEFAULT_POLICY, 'DIAL').reasons.map(({ ruleId }) => ruleId);

describe('fr-attempts: four calls in thirty days', () => {
  it.each([
    { calls: 3, now: NOON, rules: [] },
    { calls: 4, now: NOON, rules: ['fr-attempts'] },
    { calls: 4, now: NOON + 26 * DAY_MS, rules: ['fr-attempts'] },
    { calls: 4, now: NOON + 27 * DAY_MS, rules: [] },
  ])('after $calls, at $now: $rules', ({ calls, now, rules }) => {
    const state = { ...attempted(calls), consents };
    expect(rulesAgainst({ subject: PARIS, state, now }).filter((id) => id === 'fr-attempts')).toEqual(rules);
  });

  it('is about marketing calls alone', () => {
    expect(rulesAgainst({ subject: PARIS, state: attempted(4), scope: { purpose: 'SERVICE' } })).toEqual([]);
  });
});

describe('us-collection-frequency: seven calls in seven days, and seven days after a conversation', () => {
  it.each([
    { calls: 6, rules: [] },
    { calls: 7, rules: ['us-collection-frequency'] },
  ])('after $calls: $rules', ({ calls, rules }) => {
    expect(rulesAgainst({ state: attempted(calls, 'COLLECTION'), scope: collection })).toEqual(rules);
  });

  it.each([
    { days: 6, rules: ['us-collection-frequency'] },
    { days: 7, rules: [] },
  ])('$days days after a conversation: $rules', ({ days, rules }) => {
    const state = stateOf(conversation());
    expect(rulesAgainst({ state, scope: collection, now: NOON + days * DAY_MS })).toEqual(rules);
  });

  it('is about collection alone', () => {
    expect(rulesAgainst({ state: { ...attempted(7, 'COLLECTION'), ...stateOf(conversation()) } })).toEqual(
      [],
    );
  });
});

describe('us-reassigned-number', () => {
  it.each([
    { answer: 'YES' as const, rules: ['us-reassigned-number'] },
    { answer: 'NO_DATA' as const, rules: [] },
  ])('after $answer: $rules', ({ answer, rules }) => {
    for (const purpose of ['MARKETING', 'SERVICE', 'COLLECTION'] as const) {
      expect(rulesAgainst({ state: stateOf(reassignment({ answer })), scope: { purpose } })).toEqual(rules);
    }
  });
});

describe.each(['us-fl-attempts', 'us-md-attempts', 'us-ok-attempts', 'us-or-attempts'])(
  '%s: three calls in 24 hours',
  (id) => {
    const state = id.slice(3, 5).toUpperCase();
    const subject = { ...NEW_YORK, regions: [`US-${state}`] };
    const called = (calls: number) => ({
      ...EMPTY_STATE,
      attempts: attempted(calls).attempts.map((one, nth) => ({ ...one, at: NOON - nth * 60_000 })),
    });
    const found = (given: Parameters<typeof contextOf>[0]) =>
      rulesAgainst({ subject, ...given }).filter((ruleId) => ruleId === id);

    it.each([
      { title: 'the third', calls: 2, now: NOON, blocked: false },
      { title: 'the fourth', calls: 3, now: NOON, blocked: true },
      {
        title: 'the fourth, before the first is 24 hours old',
        calls: 3,
        now: NOON - 120_000 + DAY_MS - 1,
        blocked: true,
      },
      {
        title: 'the fourth, as the first is 24 hours old',
        calls: 3,
        now: NOON - 120_000 + DAY_MS,
        blocked: false,
      },
    ])('$title: $blocked', ({ calls, now, blocked }) => {
      expect(found({ state: called(calls), now })).toEqual(blocked ? [id] : []);
    });

    it('counts texts as it counts calls', () => {
      expect(found({ state: called(3), scope: { channel: 'SMS' } })).toEqual([id]);
    });

    it('only Oregon excepts customers', () => {
      const customer = { ...stateOf(relationship()), attempts: called(3).attempts };
      const asker = { ...stateOf(relationship({ event: 'INQUIRY' })), attempts: called(3).attempts };
      expect(found({ state: customer })).toEqual(state === 'OR' ? [] : [id]);
      expect(found({ state: asker })).toEqual([id]);
    });
  },
);

describe('us-me-automated-attempts: one machine’s call in eight hours', () => {
  const id = 'us-me-automated-attempts';
  const subject = { ...NEW_YORK, regions: ['US-ME'] };
  const said = (now: number, technology?: 'LIVE' | 'AUTOMATED' | 'PRERECORDED', calls = 1) =>
    rulesAgainst({ subject, state: attempted(calls), now, scope: { technology } }).includes(id);

  it.each([
    { after: 'none', calls: 0, ms: 0, blocked: false },
    { after: 'one at once', calls: 1, ms: 0, blocked: true },
    { after: 'one a moment short of eight hours ago', calls: 1, ms: 28_800_000 - 1, blocked: true },
    { after: 'one of eight hours ago', calls: 1, ms: 28_800_000, blocked: false },
  ])('after $after: $blocked', ({ calls, ms, blocked }) => {
    for (const technology of ['AUTOMATED', 'PRERECORDED', undefined] as const) {
      expect(said(NOON + ms, technology, calls)).toBe(blocked);
    }
    expect(said(NOON + ms, 'LIVE', calls)).toBe(false);
  });
});
