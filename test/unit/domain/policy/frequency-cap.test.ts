import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { Weekday } from '../../../../lib/domain/policy/local-time.ts';
import { FrequencyCapRule, policyOf, type RuleOf } from '../../../../lib/domain/policy/policy.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import { attemptsCountForMs } from '../../../../lib/domain/policy/windows.ts';
import { type Attempt, EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { contextOf } from '../../../support/contexts.ts';
import { DAY_MS, NOON } from '../../../support/facts.ts';

const HOUR_MS = 3_600_000;
const EVERY_DAY = [{ days: [...Weekday.options], from: '08:00', until: '21:00' }];
const COMMON = {
  id: 'the-cap',
  kind: 'frequencyCap',
  jurisdiction: { except: [] },
  channels: ['VOICE', 'SMS'],
  purposes: ['MARKETING'],
  citation: 'the statute',
  mark: 'P',
  effectiveFrom: '1970-01-01',
  contested: false,
  per: 'SELLER',
} satisfies Partial<RuleOf<'frequencyCap'>>;
const threeADay: RuleOf<'frequencyCap'> = { ...COMMON, limit: 3, window: { hours: 24 } };
const fourAMonth: RuleOf<'frequencyCap'> = { ...COMMON, limit: 4, window: { days: 30 } };

const attempt = (at: number, given: Partial<Attempt> = {}): Attempt => ({
  at,
  decisionId: `decision-${at}`,
  channel: 'VOICE',
  purpose: 'MARKETING',
  seller: 'acme',
  ...given,
});
const attempted = (attempts: readonly Attempt[], now = NOON) =>
  contextOf({ state: { ...EMPTY_STATE, attempts: [...attempts] }, now });
const today = [NOON - 23 * HOUR_MS, NOON - 2 * HOUR_MS, NOON - HOUR_MS];

type Row = {
  title: string;
  rule?: RuleOf<'frequencyCap'>;
  attempts: readonly Attempt[];
  seller?: string | undefined;
  opensAt: number | undefined;
};
const rows: Row[] = [
  { title: 'the third call', attempts: today.slice(1).map((at) => attempt(at)), opensAt: undefined },
  { title: 'the fourth call', attempts: today.map((at) => attempt(at)), opensAt: NOON + HOUR_MS },
  {
    title: 'the fourth call one millisecond before the first leaves the window',
    attempts: [NOON - DAY_MS + 1, NOON - 2, NOON - 1].map((at) => attempt(at)),
    opensAt: NOON + 1,
  },
  {
    title: 'the fourth call as the first leaves the window',
    attempts: [NOON - DAY_MS, NOON - 2, NOON - 1].map((at) => attempt(at)),
    opensAt: undefined,
  },
  {
    title: 'the sixth call, after a looser policy: only when three have left it',
    attempts: [...today.map((at) => attempt(at)), attempt(NOON - 3 * HOUR_MS), attempt(NOON - 4 * HOUR_MS)],
    opensAt: NOON + 21 * HOUR_MS,
  },
  {
    title: 'texts and calls together',
    attempts: today.map((at, nth) => attempt(at, { channel: nth === 0 ? 'SMS' : 'VOICE' })),
    opensAt: NOON + HOUR_MS,
  },
  {
    title: 'a channel that the rule does not name',
    attempts: today.map((at, nth) => attempt(at, { channel: nth === 0 ? 'EMAIL' : 'VOICE' })),
    opensAt: undefined,
  },
  {
    title: 'a purpose that the rule does not name',
    attempts: today.map((at, nth) => attempt(at, { purpose: nth === 0 ? 'SERVICE' : 'MARKETING' })),
    opensAt: undefined,
  },
  {
    title: "another seller's call",
    attempts: today.map((at, nth) => attempt(at, { seller: nth === 0 ? 'bravo' : 'acme' })),
    opensAt: undefined,
  },
  {
    title: "another seller's call, where everybody's count",
    rule: { ...threeADay, per: 'ANY_SELLER' },
    attempts: today.map((at, nth) => attempt(at, { seller: nth === 0 ? 'bravo' : 'acme' })),
    opensAt: NOON + HOUR_MS,
  },
  {
    title: 'a call on behalf of nobody named',
    attempts: today.map((at, nth) => {
      const { seller: _nobody, ...unnamed } = attempt(at);
      return nth === 0 ? unnamed : attempt(at);
    }),
    opensAt: NOON + HOUR_MS,
  },
  {
    title: 'nobody named in the request: every call counts',
    attempts: today.map((at, nth) => attempt(at, { seller: `seller-${nth}` })),
    seller: undefined,
    opensAt: NOON + HOUR_MS,
  },
  {
    title: 'the fifth call of the month, one millisecond before the first is 30 days old',
    rule: fourAMonth,
    attempts: [30, 20, 10, 1].map((days) => attempt(NOON + 1 - days * DAY_MS)),
    opensAt: NOON + 1,
  },
  {
    title: 'the fifth call of the month, as the first is 30 days old',
    rule: fourAMonth,
    attempts: [30, 20, 10, 1].map((days) => attempt(NOON - days * DAY_MS)),
    opensAt: undefined,
  },
  {
    title: 'an attempt that a faster clock dated ahead',
    attempts: [NOON + 1, ...today.slice(1)].map((at) => attempt(at)),
    opensAt: NOON + 22 * HOUR_MS,
  },
];

describe('a cap on attempts', () => {
  it.each(rows)('$title: opens at $opensAt', (row) => {
    const { rule = threeADay, attempts, opensAt } = row;
    const scope = 'seller' in row ? { seller: row.seller } : {};
    const findings = evaluate(rule, contextOf({ ...attempted(attempts), scope }));
    const reason = { code: 'FREQUENCY_CAP', ruleId: 'the-cap', citation: 'the statute' };
    expect(findings).toEqual(opensAt === undefined ? [] : [{ reason, opensAt }]);
  });

  const { per: _per, ...common } = COMMON;
  const policy = policyOf({
    version: '1',
    rules: [threeADay, { ...common, id: 'hours', kind: 'callingWindow', windows: EVERY_DAY }],
  });

  it('is permitted again at the first open hour after the oldest counted attempt left the window', () => {
    // The first of three leaves the window at 04:30 UTC, when New York sleeps.
    const first = NOON - DAY_MS + 13.5 * HOUR_MS;
    const decision = decide(
      attempted([attempt(first), attempt(NOON - 2), attempt(NOON - 1)]),
      policy,
      'DIAL',
    );
    const eightInNewYork = Date.UTC(2026, 10, 21, 13);
    expect(decision).toMatchObject({ effect: 'BLOCK', nextAllowedAt: eightInNewYork });
  });

  it('keeps nobody out of a list that is dialled later', () => {
    expect(decide(attempted(today.map((at) => attempt(at))), policy, 'SCRUB').effect).toBe('ALLOW');
    expect(decide(attempted(today.map((at) => attempt(at))), policy, 'DIAL').effect).toBe('BLOCK');
  });
});

describe('for how long attempts count', () => {
  it.each([
    { windows: [], expected: 0 },
    { windows: [{ hours: 24 }], expected: DAY_MS },
    { windows: [{ days: 7 }, { days: 30 }, { hours: 24 }], expected: 30 * DAY_MS },
  ])('under rules over $windows: $expected ms', ({ windows, expected }) => {
    const rules = windows.map((window) => ({ ...threeADay, window }));
    expect(attemptsCountForMs({ rules })).toBe(expected);
  });
});

describe('the document of a cap', () => {
  it.each([
    { change: {}, ok: true },
    { change: { limit: 100 }, ok: true },
    { change: { limit: 101 }, ok: false },
    { change: { limit: 0 }, ok: false },
    { change: { window: { days: 366 } }, ok: true },
    { change: { window: { days: 367 } }, ok: false },
    { change: { window: { hours: 24, days: 1 } }, ok: false },
    { change: { window: {} }, ok: false },
    { change: { per: 'CAMPAIGN' }, ok: false },
  ])('with $change: $ok', ({ change, ok }) => {
    expect(FrequencyCapRule.safeParse({ ...threeADay, ...change }).success).toBe(ok);
  });
});
