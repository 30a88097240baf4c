import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../../lib/domain/policy/policy.ts';
import type { RuleContext } from '../../../../lib/domain/policy/rules/context.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { CLEAN_REGISTRY, contextOf, NEW_YORK } from '../../../support/contexts.ts';
import { consent, DAY_MS, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';

const COMMON = {
  id: 'the-rule',
  jurisdiction: { except: [] },
  channels: ['VOICE', 'SMS', 'EMAIL'],
  purposes: ['MARKETING'],
  citation: 'the statute',
  mark: 'P',
  effectiveFrom: '1970-01-01',
  contested: false,
} satisfies Partial<Rule>;

const holdRule: Rule = { ...COMMON, kind: 'hold' };
const optOut: Rule = {
  ...COMMON,
  kind: 'suppression',
  reasons: ['CUSTOMER_REQUEST', 'OBJECTION'],
  exemptions: [{ kind: 'consent' }],
};
const internal: Rule = {
  ...COMMON,
  kind: 'suppression',
  reasons: ['INTERNAL_POLICY'],
};
const revocation: Rule = { ...COMMON, kind: 'revocation' };
const byConsent = { exemptions: [{ kind: 'consent' as const }] };
const strictRegistry: Rule = { ...COMMON, kind: 'registry', registry: 'us-national' };
const registry: Rule = { ...strictRegistry, ...byConsent };
const age: Rule = { ...COMMON, kind: 'registryAge', registry: 'us-national', maxAgeDays: 31, ...byConsent };
const coverage: Rule = { ...COMMON, kind: 'registryCoverage', registry: 'us-national', ...byConsent };
const consentRequired: Rule = { ...COMMON, kind: 'consentRequired' };

const older = consent({ effectiveAt: NOON - 1 });
const newer = consent({ effectiveAt: NOON + 1, eventId: 'event-2' });
const withdrawn = consent({ status: 'WITHDRAWN' });
const midnight = Math.floor(NOON / DAY_MS) * DAY_MS;
const listed = [{ ...CLEAN_REGISTRY, listed: true }];
const other = [{ ...CLEAN_REGISTRY, registry: 'gb-tps' }];
const some = (...areaCodes: string[]) => [{ ...CLEAN_REGISTRY, areaCodes }];
const aged = (days: number) => [{ ...CLEAN_REGISTRY, versionAt: midnight - days * DAY_MS }];
const known = (...facts: readonly Fact[]) => ({ state: stateOf(...facts), now: NOON + 2 });
const atEndOfDay = { now: midnight + DAY_MS - 1 };

type Row = { title: string; rule: Rule; given?: Partial<RuleContext>; codes: readonly string[] };
const rows: Row[] = [
  { title: 'hold: none', rule: holdRule, codes: [] },
  { title: 'hold: placed', rule: holdRule, given: known(hold()), codes: ['LITIGATION_HOLD'] },
  { title: 'suppression: none', rule: optOut, codes: [] },
  { title: 'suppression: a request', rule: optOut, given: known(suppression()), codes: ['SUPPRESSED'] },
  {
    title: 'suppression: a reason that the rule does not name',
    rule: internal,
    given: known(suppression()),
    codes: [],
  },
  {
    title: 'suppression: older consent',
    rule: optOut,
    given: known(suppression(), older),
    codes: ['SUPPRESSED'],
  },
  {
    title: 'suppression: consent of the same moment',
    rule: optOut,
    given: known(suppression(), consent()),
    codes: ['SUPPRESSED'],
  },
  { title: 'suppression: newer consent', rule: optOut, given: known(suppression(), newer), codes: [] },
  {
    title: 'suppression: newer consent withdrawn again',
    rule: optOut,
    given: known(suppression(), newer, consent({ status: 'WITHDRAWN', effectiveAt: NOON + 2 })),
    codes: ['SUPPRESSED'],
  },
  {
    title: 'suppression: two, one of them newer than the consent',
    rule: optOut,
    given: known(suppression(), newer, suppression({ source: 'IVR', effectiveAt: NOON + 2 })),
    codes: ['SUPPRESSED'],
  },
  {
    title: "suppression: the operator's own, newer consent",
    rule: internal,
    given: known(suppression({ reason: 'INTERNAL_POLICY' }), newer),
    codes: ['SUPPRESSED'],
  },
  { title: 'revocation: never withdrawn', rule: revocation, given: known(consent()), codes: [] },
  { title: 'revocation: withdrawn', rule: revocation, given: known(withdrawn), codes: ['CONSENT_WITHDRAWN'] },
  {
    title: 'revocation: objected',
    rule: revocation,
    given: known(consent({ status: 'OBJECTED' })),
    codes: ['CONSENT_WITHDRAWN'],
  },
  { title: 'revocation: granted again', rule: revocation, given: known(withdrawn, newer), codes: [] },
  {
    title: 'revocation: granted again, lapsed since',
    rule: revocation,
    given: known(withdrawn, { ...newer, expiresAt: NOON + 2 }),
    codes: ['CONSENT_WITHDRAWN'],
  },
  { title: 'registry: not listed', rule: registry, codes: [] },
  { title: 'registry: listed', rule: registry, given: { registries: listed }, codes: ['REGISTRY_LISTED'] },
  {
    title: 'TB14: registry: listed, but the person consented',
    rule: registry,
    given: { registries: listed, ...known(consent()) },
    codes: [],
  },
  {
    title: 'registry: listed, consented, but the rule is strict',
    rule: strictRegistry,
    given: { registries: listed, ...known(consent()) },
    codes: ['REGISTRY_LISTED'],
  },
  {
    title: 'registry: not loaded',
    rule: registry,
    given: { registries: [] },
    codes: ['REGISTRY_UNAVAILABLE'],
  },
  {
    title: 'registry: only another loaded',
    rule: registry,
    given: { registries: other },
    codes: ['REGISTRY_UNAVAILABLE'],
  },
  {
    title: 'TB13: age: 31 days, at the end of the day',
    rule: age,
    given: { registries: aged(31), ...atEndOfDay },
    codes: [],
  },
  {
    title: 'TB13: age: 32 days, at the start of the day',
    rule: age,
    given: { registries: aged(32), now: midnight },
    codes: ['REGISTRY_STALE'],
  },
  {
    title: 'age: 32 days, but the person consented',
    rule: age,
    given: { registries: aged(32), ...known(consent()) },
    codes: [],
  },
  { title: 'age: not loaded, which the registry rule says', rule: age, given: { registries: [] }, codes: [] },
  { title: 'TB13: coverage: every area code', rule: coverage, codes: [] },
  {
    title: 'TB13: coverage: this area code',
    rule: coverage,
    given: { registries: some('718', '212') },
    codes: [],
  },
  {
    title: 'TB13: coverage: other area codes',
    rule: coverage,
    given: { registries: some('718') },
    codes: ['REGISTRY_NOT_COVERED'],
  },
  {
    title: 'coverage: a number without area code',
    rule: coverage,
    given: {
      registries: some('718'),
      subject: { country: 'US', regions: [], timeZones: NEW_YORK.timeZones },
    },
    codes: ['REGISTRY_NOT_COVERED'],
  },
  {
    title: 'coverage: not covered, but the person consented',
    rule: coverage,
    given: { registries: some('718'), ...known(consent()) },
    codes: [],
  },
  {
    title: 'coverage: not loaded, which the registry rule says',
    rule: coverage,
    given: { registries: [] },
    codes: [],
  },
  { title: 'consent: never given', rule: consentRequired, codes: ['CONSENT_MISSING'] },
  {
    title: 'consent: pending',
    rule: consentRequired,
    given: known(consent({ status: 'PENDING' })),
    codes: ['CONSENT_PENDING'],
  },
  {
    title: 'consent: lapsed',
    rule: consentRequired,
    given: known(consent({ expiresAt: NOON + 2 })),
    codes: ['CONSENT_EXPIRED'],
  },
  {
    title: 'consent: withdrawn',
    rule: consentRequired,
    given: known(withdrawn),
    codes: ['CONSENT_WITHDRAWN'],
  },
  {
    title: 'consent: objected',
    rule: consentRequired,
    given: known(consent({ status: 'OBJECTED' })),
    codes: ['CONSENT_WITHDRAWN'],
  },
  { title: 'consent: granted', rule: consentRequired, given: known(consent()), codes: [] },
];

describe('each rule, where it is kept and where it is not', () => {
  it.each(rows)('$title: $codes', ({ rule, given, codes }) => {
    const findings = evaluate(rule, contextOf(given));
    expect(findings.map(({ reason }) => reason)).toEqual(
      codes.map((code) => ({ code, ruleId: 'the-rule', citation: 'the statute' })),
    );
    expect(findings.every(({ opensAt }) => opensAt === undefined)).toBe(true);
  });
});
