import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../../lib/domain/decision/decide.ts';
import { addMonths } from '../../../../../lib/domain/policy/calendar-months.ts';
import { DEFAULT_POLICY } from '../../../../../lib/domain/policy/default-policy.ts';
import { isHoliday } from '../../../../../lib/domain/policy/holidays.ts';
import { weekdayOf } from '../../../../../lib/domain/policy/local-time.ts';
import { policyOf, type Rule } from '../../../../../lib/domain/policy/policy.ts';
import type { RuleContext, Subject } from '../../../../../lib/domain/policy/rules/context.ts';
import { windowMs } from '../../../../../lib/domain/policy/windows.ts';
import { EMPTY_STATE } from '../../../../../lib/domain/state/state.ts';
import { CLEAN_REGISTRY, contextOf } from '../../../../support/contexts.ts';
import {
  consent,
  DAY_MS,
  hold,
  reassignment,
  stateOf,
  suppression,
  writtenConsent,
} from '../../../../support/facts.ts';

/** Two contacts a step apart: the rule has something against the first alone. */
type Boundary = { readonly against: RuleContext; readonly silent: RuleContext };

/** A weekday in the rule's time, no holiday of any list. */
const NOON_UTC = Date.parse('2026-11-18T12:00:00Z');

function inForce({ effectiveFrom, effectiveTo }: Rule): number {
  const ends = effectiveTo === undefined ? Number.POSITIVE_INFINITY : Date.parse(effectiveTo);
  const from = Math.max(NOON_UTC, Date.parse(effectiveFrom) + DAY_MS / 2);
  return from < ends ? from : ends - 40 * DAY_MS - DAY_MS / 2;
}

function subjectOf(rule: Rule): Subject {
  const { jurisdiction } = rule;
  const country =
    'countries' in jurisdiction
      ? (jurisdiction.countries[0] ?? 'US')
      : 'regions' in jurisdiction
        ? 'US'
        : 'JP';
  const regions = 'regions' in jurisdiction ? jurisdiction.regions.slice(0, 1) : [];
  return { country, regions, areaCode: '212', timeZones: ['UTC'] };
}

function contactOf(rule: Rule, given: Partial<Omit<RuleContext, 'scope'>> = {}): RuleContext {
  const [channel = 'VOICE'] = rule.channels;
  const [purpose = 'MARKETING'] = rule.purposes;
  const scope = {
    channel,
    purpose,
    audience: rule.audience,
    technology: rule.technology?.[0],
    product: rule.products?.[0],
  };
  return contextOf({ subject: subjectOf(rule), registries: [], now: inForce(rule), ...given, scope });
}

function listed(rule: Extract<Rule, { registry: string }>, isListed: boolean, ageDays = 0) {
  const versionAt = Math.floor(inForce(rule) / DAY_MS) * DAY_MS - ageDays * DAY_MS;
  return { registries: [{ ...CLEAN_REGISTRY, registry: rule.registry, listed: isListed, versionAt }] };
}

function attempts(rule: Rule, many: number, ago: number) {
  const { channel, purpose, seller } = contactOf(rule).scope;
  const at = inForce(rule) - ago;
  const one = { at, channel, purpose, ...(seller === undefined ? {} : { seller }) };
  return {
    ...EMPTY_STATE,
    attempts: Array.from({ length: many }, (_, nth) => ({ ...one, decisionId: `${nth}` })),
  };
}

/** Midnight of the first day from the rule's day on of which `fits` is true. */
function nextDay(rule: Rule, fits: (midnight: number) => boolean): number {
  const today = Math.floor(inForce(rule) / DAY_MS) * DAY_MS;
  const days = Array.from({ length: 366 }, (_, ahead) => today + ahead * DAY_MS);
  const found = days.find(fits);
  if (found === undefined) throw new RangeError(`expected such a day within a year, ${rule.id} has none`);
  return found;
}

function boundaryOf(rule: Rule): Boundary {
  const silent = contactOf(rule);
  const { channel, purpose, seller = '*' } = silent.scope;
  const granted = (effectiveAt: number) => stateOf(consent({ channel, purpose, seller, effectiveAt }));
  switch (rule.kind) {
    case 'hold':
      return { silent, against: contactOf(rule, { state: stateOf(hold()) }) };
    case 'suppression':
      return {
        silent,
        against: contactOf(rule, {
          state: stateOf(
            suppression({ channel, seller, reason: rule.reasons[0] ?? 'CUSTOMER_REQUEST', effectiveAt: 1 }),
          ),
        }),
      };
    case 'revocation':
      return {
        silent,
        against: contactOf(rule, {
          state: stateOf(
            consent({
              channel,
              purpose: rule.judgedAs ?? purpose,
              seller,
              status: 'WITHDRAWN',
              effectiveAt: 1,
            }),
          ),
        }),
      };
    case 'revokeAll': {
      const [, other = 'SMS'] = rule.channels;
      const state = stateOf(suppression({ channel: other, seller, effectiveAt: 1 }));
      return { silent, against: contactOf(rule, { state }) };
    }
    case 'registry':
      return { silent: contactOf(rule, listed(rule, false)), against: contactOf(rule, listed(rule, true)) };
    case 'registryAge':
      return {
        silent: contactOf(rule, listed(rule, false, rule.maxAgeDays)),
        against: contactOf(rule, listed(rule, false, rule.maxAgeDays + 1)),
      };
    case 'registryCoverage': {
      const covering = (areaCodes: string[]) => ({
        registries: [{ ...CLEAN_REGISTRY, registry: rule.registry, areaCodes }],
      });
      return { silent: contactOf(rule, covering(['212'])), against: contactOf(rule, covering(['213'])) };
    }
    case 'consentRequired': {
      const { maxAgeMonths } = rule;
      if (maxAgeMonths === undefined)
        return { against: silent, silent: contactOf(rule, { state: granted(1) }) };
      const at = Date.parse('2024-11-19T12:00:00Z');
      const lapses = addMonths(at, maxAgeMonths);
      const state = granted(at);
      return {
        silent: contactOf(rule, { state, now: lapses - 1 }),
        against: contactOf(rule, { state, now: lapses }),
      };
    }
    case 'writtenConsentRequired':
      return {
        against: contactOf(rule, { state: granted(1) }),
        silent: contactOf(rule, { state: stateOf(writtenConsent({ channel, purpose, effectiveAt: 1 })) }),
      };
    case 'callingWindow': {
      const window = rule.windows[0];
      const midnight = nextDay(rule, (day) => window?.days.includes(weekdayOf(day)) ?? false);
      const zoned = { ...silent, subject: { ...silent.subject, timeZones: [rule.zone ?? 'UTC'] } };
      const offset = rule.zone === undefined ? 0 : 6 * 3_600_000;
      const opensAt = midnight + offset + minutesOf(window?.from ?? '') * 60_000;
      return { silent: { ...zoned, now: opensAt }, against: { ...zoned, now: opensAt - 1 } };
    }
    case 'dayBan': {
      const midnight = nextDay(rule, (day) => rule.days.includes(weekdayOf(day)));
      return { silent: { ...silent, now: midnight - 1 }, against: { ...silent, now: midnight } };
    }
    case 'holidayBan': {
      const isOne = (day: number) => isHoliday(rule.calendar, new Date(day).toISOString().slice(0, 10));
      const midnight = nextDay(rule, (day) => isOne(day) && !isOne(day - DAY_MS));
      return { silent: { ...silent, now: midnight - 1 }, against: { ...silent, now: midnight } };
    }
    case 'frequencyCap': {
      const length = windowMs(rule.window);
      return {
        silent: contactOf(rule, { state: attempts(rule, rule.limit, length) }),
        against: contactOf(rule, { state: attempts(rule, rule.limit, length - 1) }),
      };
    }
    case 'contactCap':
      return {
        silent: contactOf(rule, { state: attempts(rule, rule.limit - 1, 1) }),
        against: contactOf(rule, { state: attempts(rule, rule.limit, 1) }),
      };
    case 'reassignedNumber':
      return { silent, against: contactOf(rule, { state: stateOf(reassignment({ answer: 'YES' })) }) };
    case 'productBan': {
      const other = { ...silent, scope: { ...silent.scope, product: 'OTHER' as const } };
      return { silent: other, against: silent };
    }
    case 'emergencyBan':
      return { silent, against: silent };
  }
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The rule alone, an emergency that the operator entered beside it. */
function said(rule: Rule, context: RuleContext): number {
  return decide(context, policyOf({ version: 'one', rules: [rule] }), 'DIAL').reasons.filter(
    ({ ruleId }) => ruleId === rule.id,
  ).length;
}

const rules = DEFAULT_POLICY.rules;

describe('both sides of each rule', () => {
  it.each(rules.filter(({ kind }) => kind !== 'emergencyBan'))('$id', (rule) => {
    const { against, silent } = boundaryOf(rule);
    expect([said(rule, silent), said(rule, against)]).toEqual([0, 1]);
  });

  it.each(rules.flatMap((rule) => (rule.kind === 'emergencyBan' ? [rule] : [])))('$id', (rule) => {
    const from = '2026-11-18T12:00:00Z';
    const declared = { ...rule, periods: [{ from }] };
    const at = (now: number) => contactOf(rule, { now });
    expect([said(declared, at(Date.parse(from) - 1)), said(declared, at(Date.parse(from)))]).toEqual([0, 1]);
  });

  it.each(rules.filter(({ effectiveFrom }) => effectiveFrom > '1970-01-01'))(
    '$id: from $effectiveFrom on',
    (rule) => {
      const asked = (now: number) =>
        decide(contactOf(rule, { now }), policyOf({ version: 'one', rules: [rule] }), 'DIAL').reasons.map(
          ({ code }) => code,
        );
      const from = Date.parse(rule.effectiveFrom);
      expect(asked(from - 1)).toEqual(['NO_RULE']);
      expect(asked(from)).not.toContain('NO_RULE');
      if (rule.effectiveTo === undefined) return;
      const to = Date.parse(rule.effectiveTo);
      expect(asked(to - 1)).not.toContain('NO_RULE');
      expect(asked(to)).toEqual(['NO_RULE']);
    },
  );
});

describe('the figures of a rule', () => {
  const folder = new URL('../', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('boundaries.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const FIGURES = ['callingWindow', 'dayBan', 'holidayBan', 'frequencyCap', 'contactCap', 'registryAge'];
  // Named by the table of a file rather than by id: hours of the federation and of the house, and its registry's age.
  const ELSEWHERE = ['us-calling-hours', 'house-calling-hours', 'us-national-registry-age'];

  it.each(rules.filter(({ kind, id }) => FIGURES.includes(kind) && !ELSEWHERE.includes(id)))(
    '$id: written by hand in a test that names it',
    ({ id }) => expect(sources).toMatch(new RegExp(`(?<![\\w-])${id}(?![\\w-])`)),
  );
});
