import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { addMonths } from '../../../../lib/domain/policy/calendar-months.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { Rule } from '../../../../lib/domain/policy/policy.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { Channel } from '../../../../lib/domain/vocabulary.ts';
import { CLEAN_REGISTRY, contextOf, NEW_YORK } from '../../../support/contexts.ts';
import {
  consent,
  NOON,
  relationship,
  softOptIn,
  stateOf,
  suppression,
  writtenConsent,
} from '../../../support/facts.ts';

const at = (time: string) => Date.parse(time);
const iso = (time: number) => new Date(time).toISOString();
const listed = [{ ...CLEAN_REGISTRY, listed: true }];
const COMMON = {
  id: 'the-rule',
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: 'the statute',
  mark: 'O',
  effectiveFrom: '1970-01-01',
  contested: false,
};

describe('calendar months', () => {
  it.each([
    { from: '2025-05-22T10:30:00.000Z', months: 18, to: '2026-11-22T10:30:00.000Z' },
    { from: '2026-01-31T00:00:00.000Z', months: 1, to: '2026-02-28T00:00:00.000Z' },
    { from: '2024-01-31T23:59:59.999Z', months: 1, to: '2024-02-29T23:59:59.999Z' },
    { from: '2024-02-29T12:00:00.000Z', months: 24, to: '2026-02-28T12:00:00.000Z' },
    { from: '2026-08-31T12:00:00.000Z', months: 3, to: '2026-11-30T12:00:00.000Z' },
    { from: '2026-12-01T00:00:00.000Z', months: 1, to: '2027-01-01T00:00:00.000Z' },
  ])('$months from $from: $to', ({ from, months, to }) => {
    expect(iso(addMonths(at(from), months))).toBe(to);
  });
});

describe('R1, R11: what lifts the national registry', () => {
  const bought = at('2025-05-22T15:00:00Z');
  const asked = at('2026-08-31T15:00:00Z');
  const request = suppression({ effectiveAt: NOON - 1, receivedAt: NOON - 1 });
  const codes = (facts: readonly Fact[], now = NOON, seller: string | undefined = 'acme') => {
    const registries = [{ ...CLEAN_REGISTRY, listed: true, versionAt: now - 86_400_000 }];
    const context = contextOf({ state: stateOf(...facts), registries, now, scope: { seller } });
    return decide(context, DEFAULT_POLICY, 'DIAL').reasons.map(({ code }) => code);
  };
  const transaction = (given = {}) => relationship({ effectiveAt: bought, ...given });
  const inquiry = (given = {}) => relationship({ event: 'INQUIRY', effectiveAt: asked, ...given });

  it.each([
    { title: 'nothing', facts: [], now: NOON, lifted: false },
    { title: 'consent that is not in writing', facts: [consent()], now: NOON, lifted: false },
    { title: 'a signed writing', facts: [writtenConsent()], now: NOON, lifted: true },
    {
      title: 'a signed writing, spoken consent since',
      facts: [writtenConsent(), consent({ effectiveAt: NOON + 1, eventId: 'event-2' })],
      now: NOON + 2,
      lifted: true,
    },
    {
      title: 'a writing that names no number',
      facts: [writtenConsent({}, { namesNumber: false })],
      now: NOON,
      lifted: false,
    },
    {
      title: 'a writing to another seller',
      facts: [writtenConsent({}, { seller: 'bravo' })],
      now: NOON,
      lifted: false,
    },
    {
      title: 'a purchase, in the last millisecond of 18 months',
      facts: [transaction()],
      now: at('2026-11-22T15:00:00Z') - 1,
      lifted: true,
    },
    {
      title: 'a purchase 18 months ago',
      facts: [transaction()],
      now: at('2026-11-22T15:00:00Z'),
      lifted: false,
    },
    {
      title: 'an inquiry, in the last millisecond of 3 months that end on the last day of November',
      facts: [inquiry()],
      now: at('2026-11-30T15:00:00Z') - 1,
      lifted: true,
    },
    { title: 'an inquiry 3 months ago', facts: [inquiry()], now: at('2026-11-30T15:00:00Z'), lifted: false },
    {
      title: 'an old purchase and a fresh inquiry',
      facts: [transaction(), inquiry()],
      now: at('2026-11-25T15:00:00Z'),
      lifted: true,
    },
    {
      title: "another seller's customer",
      facts: [transaction({ seller: 'bravo' })],
      now: NOON,
      lifted: false,
    },
  ])('$title: $lifted', ({ facts, now, lifted }) => {
    expect(codes(facts, now)).toEqual(lifted ? [] : ['REGISTRY_LISTED']);
  });

  it('a relationship helps nobody who is not named', () => {
    const context = { ...contextOf({ state: stateOf(transaction()), registries: listed }) };
    const unnamed = { ...context, scope: { ...context.scope, seller: undefined } };
    expect(decide(unnamed, DEFAULT_POLICY, 'DIAL').effect).toBe('BLOCK');
  });

  it('a request ends the relationship, and nothing but consent lifts the request', () => {
    expect(codes([transaction(), request])).toEqual(['SUPPRESSED', 'REGISTRY_LISTED']);
    expect(codes([transaction({ effectiveAt: NOON }), request], NOON + 1)).toEqual(['SUPPRESSED']);
    const agreed = writtenConsent({ effectiveAt: NOON });
    expect(codes([transaction(), request, agreed], NOON + 1)).toEqual([]);
  });

  it("the operator's own policy ends no relationship", () => {
    const own = suppression({ reason: 'INTERNAL_POLICY' });
    expect(codes([transaction(), own], NOON)).toEqual(['SUPPRESSED']);
  });

  it('a withdrawal ends it like a request', () => {
    const withdrawn = consent({ status: 'WITHDRAWN', effectiveAt: NOON - 1 });
    expect(codes([transaction(), withdrawn])).toEqual(['CONSENT_WITHDRAWN', 'REGISTRY_LISTED']);
  });

  it('lifts the age and the coverage of the registry with it', () => {
    const old = [{ ...CLEAN_REGISTRY, areaCodes: [], versionAt: NOON - 40 * 86_400_000 }];
    const context = contextOf({ state: stateOf(transaction()), registries: old });
    expect(decide(context, DEFAULT_POLICY, 'DIAL').effect).toBe('ALLOW');
  });
});

describe('D5: an objection to marketing', () => {
  const objection = suppression({ reason: 'OBJECTION' });
  const blocked = (...facts: readonly Fact[]) =>
    decide(
      contextOf({ state: stateOf(...facts), now: NOON + 100 * 366 * 86_400_000 }),
      DEFAULT_POLICY,
      'SCRUB',
    ).reasons.some(({ code }) => code === 'SUPPRESSED');

  it('has no end, and no relationship and no older consent lifts it', () => {
    expect(blocked(objection)).toBe(true);
    expect(
      blocked(objection, relationship({ effectiveAt: NOON + 1 }), consent({ effectiveAt: NOON - 1 })),
    ).toBe(true);
    expect(blocked(objection, consent({ effectiveAt: NOON + 1 }))).toBe(false);
  });
});

describe('P2, D5: an objection is absolute in every country', () => {
  const countries = DEFAULT_POLICY.rules.flatMap(({ jurisdiction }) =>
    'countries' in jurisdiction
      ? jurisdiction.countries
      : 'except' in jurisdiction
        ? jurisdiction.except
        : [],
  );
  const objections = [
    suppression({ reason: 'OBJECTION', channel: 'ALL' }),
    consent({ status: 'OBJECTED', channel: 'ALL' }),
  ];

  it.each([...new Set([...countries, 'BR', 'JP', 'ZZ'])])(
    'company-do-not-contact, consent-withdrawn in %s',
    (country) => {
      for (const objection of objections) {
        for (const channel of Channel.options) {
          const older = [
            consent({ channel, effectiveAt: NOON - 1 }),
            writtenConsent({ channel, effectiveAt: NOON - 1 }),
          ];
          const since = [
            relationship({ effectiveAt: NOON + 1 }),
            softOptIn({ channel, effectiveAt: NOON + 1 }),
          ];
          const context = contextOf({
            state: stateOf(objection, ...older, ...since),
            subject: { country, regions: [], timeZones: ['Europe/Berlin'] },
            scope: { channel, softOptIn: true },
            now: NOON + 2,
          });
          const ids = (now: number) =>
            decide({ ...context, now }, DEFAULT_POLICY, 'SCRUB').reasons.map(({ ruleId }) => ruleId);
          const rule = objection.kind === 'suppression' ? 'company-do-not-contact' : 'consent-withdrawn';
          expect(ids(NOON + 2)).toContain(rule);
          expect(ids(NOON + 100 * 366 * 86_400_000)).toContain(rule);
        }
      }
    },
  );
});

describe('written consent required', () => {
  const rule = Rule.parse({ ...COMMON, kind: 'writtenConsentRequired' });
  it.each([
    { title: 'none', facts: [], code: 'CONSENT_MISSING' },
    { title: 'spoken', facts: [consent()], code: 'CONSENT_MISSING' },
    { title: 'withdrawn', facts: [consent({ status: 'WITHDRAWN' })], code: 'CONSENT_WITHDRAWN' },
    { title: 'signed and complete', facts: [writtenConsent()], code: undefined },
    {
      title: 'signed, withdrawn since',
      facts: [writtenConsent(), consent({ status: 'WITHDRAWN', effectiveAt: NOON + 1 })],
      code: 'CONSENT_WITHDRAWN',
    },
    { title: 'signed, lapsed', facts: [writtenConsent({ expiresAt: NOON + 2 })], code: 'CONSENT_EXPIRED' },
    ...(['namesNumber', 'disclosesAutodialling', 'disclosesNoCondition'] as const).map((part) => ({
      title: `signed, without ${part}`,
      facts: [writtenConsent({}, { [part]: false })],
      code: 'CONSENT_MISSING',
    })),
    {
      title: 'for another seller',
      facts: [writtenConsent({}, { seller: 'bravo' })],
      code: 'CONSENT_MISSING',
    },
  ])('$title: $code', ({ facts, code }) => {
    const findings = evaluate(rule, contextOf({ state: stateOf(...facts), now: NOON + 2 }));
    expect(findings.map(({ reason }) => reason.code)).toEqual(code === undefined ? [] : [code]);
  });
});

describe('P9: consent that lapses in Spain after two years', () => {
  const MADRID = {
    ...NEW_YORK,
    country: 'ES',
    areaCode: undefined,
    regions: [],
    timeZones: ['Europe/Madrid'],
  };
  const granted = consent({ effectiveAt: at('2024-11-22T11:00:00Z') });
  const renewed = consent({ effectiveAt: at('2026-01-10T11:00:00Z'), eventId: 'event-2' });

  it.each([
    { title: 'in the last millisecond', facts: [granted], now: at('2026-11-22T11:00:00Z') - 1, codes: [] },
    { title: 'to the moment', facts: [granted], now: at('2026-11-22T11:00:00Z'), codes: ['CONSENT_EXPIRED'] },
    { title: 'renewed since', facts: [granted, renewed], now: at('2026-11-22T11:00:00Z'), codes: [] },
  ])('$title: $codes', ({ facts, now, codes }) => {
    const context = contextOf({ subject: MADRID, state: stateOf(...facts), now });
    expect(decide(context, DEFAULT_POLICY, 'SCRUB').reasons.map(({ code }) => code)).toEqual(codes);
  });
});

describe('the document of an exemption', () => {
  const relationshipOf = (months: object) => ({ kind: 'businessRelationship', ...months });
  const registry = { ...COMMON, kind: 'registry', registry: 'us-national' };
  const own = { ...COMMON, kind: 'suppression', reasons: ['CUSTOMER_REQUEST'] };
  const months = { transactionMonths: 18, inquiryMonths: 0 };
  it.each([
    {
      title: 'a registry and a relationship',
      rule: { ...registry, exemptions: [relationshipOf(months)] },
      ok: true,
    },
    {
      title: 'a relationship without months',
      rule: { ...registry, exemptions: [relationshipOf({})] },
      ok: false,
    },
    { title: 'no exemption in the list', rule: { ...registry, exemptions: [] }, ok: false },
    { title: 'a request and consent', rule: { ...own, exemptions: [{ kind: 'consent' }] }, ok: true },
    {
      title: 'a request and a relationship',
      rule: { ...own, exemptions: [relationshipOf(months)] },
      ok: false,
    },
    {
      title: 'a hold and consent',
      rule: { ...COMMON, kind: 'hold', exemptions: [{ kind: 'consent' }] },
      ok: false,
    },
  ])('$title: $ok', ({ rule, ok }) => {
    expect(Rule.safeParse(rule).success).toBe(ok);
  });

  it('0 months: such an event makes no relationship', () => {
    const rule = Rule.parse({ ...registry, exemptions: [relationshipOf(months)] });
    const state = stateOf(relationship({ event: 'INQUIRY' }));
    expect(evaluate(rule, contextOf({ state, registries: listed }))).toHaveLength(1);
  });
});
