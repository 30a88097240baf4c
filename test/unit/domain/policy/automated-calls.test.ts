import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import type { Technology } from '../../../../lib/domain/vocabulary.ts';
import { saidBy } from '../../../support/by-rule.ts';
import { BERLIN, contextOf } from '../../../support/contexts.ts';
import {
  consent,
  NOON,
  relationship,
  softOptIn,
  stateOf,
  suppression,
  writtenConsent,
} from '../../../support/facts.ts';

type Call = NonNullable<Parameters<typeof contextOf>[0]> & { readonly facts?: readonly Fact[] };
const said = (ruleId: string, { facts = [], ...call }: Call) =>
  saidBy(ruleId, contextOf({ state: stateOf(...facts), now: NOON + 1, ...call }));

describe('R12, us-automated-written-consent', () => {
  const rule = 'us-automated-written-consent';
  const automated = { technology: 'AUTOMATED' } as const;

  it.each<[Technology | undefined, readonly string[]]>([
    ['LIVE', []],
    ['AUTOMATED', ['CONSENT_MISSING']],
    ['PRERECORDED', ['CONSENT_MISSING']],
    // Nobody said: it may be a machine.
    [undefined, ['CONSENT_MISSING']],
  ])('a marketing call made by %s: %s', (technology, codes) => {
    expect(said(rule, { scope: { technology } })).toEqual(codes);
    expect(said(rule, { scope: { technology, channel: 'SMS' } })).toEqual(codes);
  });

  it.each<[string, Fact, readonly string[]]>([
    ['a signed writing with every field', writtenConsent(), []],
    ['spoken consent', consent(), ['CONSENT_MISSING']],
    ['a purchase yesterday', relationship(), ['CONSENT_MISSING']],
    ['a soft opt-in', softOptIn(), ['CONSENT_MISSING']],
    ['a writing that names no number', writtenConsent({}, { namesNumber: false }), ['CONSENT_MISSING']],
    ['one silent on machines', writtenConsent({}, { disclosesAutodialling: false }), ['CONSENT_MISSING']],
    ['one that is a condition', writtenConsent({}, { disclosesNoCondition: false }), ['CONSENT_MISSING']],
    ['one to another seller', writtenConsent({}, { seller: 'bravo' }), ['CONSENT_MISSING']],
    ['one that has lapsed', writtenConsent({ expiresAt: NOON + 1 }), ['CONSENT_EXPIRED']],
  ])('%s: %s', (_, fact, codes) => {
    expect(said(rule, { facts: [fact], scope: automated })).toEqual(codes);
  });

  it('is about marketing in the United States, from 16 October 2013 on', () => {
    expect(said(rule, { scope: { ...automated, purpose: 'SERVICE' } })).toEqual([]);
    expect(said(rule, { scope: { ...automated, purpose: 'COLLECTION' } })).toEqual([]);
    expect(said(rule, { scope: automated, subject: BERLIN })).toEqual([]);
    const before = Date.parse('2013-10-15T23:59:59.999Z');
    expect(said(rule, { scope: automated, now: before })).toEqual([]);
    expect(said(rule, { scope: automated, now: before + 1 })).toEqual(['CONSENT_MISSING']);
  });
});

describe('R10, us-revoke-all', () => {
  const rule = 'us-revoke-all';
  const before = Date.parse('2027-01-30T23:59:59.999Z');
  const stop = suppression({ channel: 'SMS', seller: 'acme' });
  const text = { channel: 'SMS', technology: 'AUTOMATED' } as const;
  const call = { channel: 'VOICE', technology: 'AUTOMATED' } as const;

  it('the day before, a STOP to texts leaves calls as they are; from 31 January 2027 it ends them', () => {
    expect(said(rule, { facts: [stop], scope: call, now: before })).toEqual([]);
    expect(said(rule, { facts: [stop], scope: call, now: before + 1 })).toEqual(['CONSENT_WITHDRAWN']);
  });

  it('either day the STOP ends texts', () => {
    const own = 'company-do-not-contact';
    expect(said(own, { facts: [stop], scope: text, now: before })).toEqual(['SUPPRESSED']);
    expect(said(own, { facts: [stop], scope: text, now: before + 1 })).toEqual(['SUPPRESSED']);
  });

  it.each(['MARKETING', 'SERVICE', 'COLLECTION'] as const)(
    'ends %s, and a breach notice never',
    (purpose) => {
      const now = before + 1;
      expect(said(rule, { facts: [stop], scope: { ...call, purpose }, now })).toEqual(['CONSENT_WITHDRAWN']);
      const notice = { ...call, purpose: 'BREACH_NOTICE' } as const;
      expect(said(rule, { facts: [stop], scope: notice, now })).toEqual([]);
    },
  );

  it.each<[string, Fact, readonly string[]]>([
    [
      'consent withdrawn for service texts',
      consent({ channel: 'SMS', purpose: 'SERVICE', status: 'WITHDRAWN' }),
      ['CONSENT_WITHDRAWN'],
    ],
    ['an objection by text', suppression({ channel: 'SMS', reason: 'OBJECTION' }), ['CONSENT_WITHDRAWN']],
    ['a request to another seller', suppression({ channel: 'SMS', seller: 'bravo' }), []],
    ["the operator's own policy", suppression({ channel: 'SMS', reason: 'INTERNAL_POLICY' }), []],
    ['an e-mail opt-out', suppression({ channel: 'EMAIL' }), []],
  ])('%s: %s', (_, fact, codes) => {
    expect(said(rule, { facts: [fact], scope: call, now: before + 1 })).toEqual(codes);
  });

  it('newer consent lifts it, older and simultaneous does not', () => {
    const granted = (effectiveAt: number) => [stop, writtenConsent({ effectiveAt })];
    const asked = (at: number) => said(rule, { facts: granted(at), scope: call, now: before + 1 });
    expect(asked(NOON + 1)).toEqual([]);
    expect(asked(NOON)).toEqual(['CONSENT_WITHDRAWN']);
  });

  it('a person may still call by hand, and where the call is made nobody knows it may not', () => {
    const now = before + 1;
    expect(said(rule, { facts: [stop], scope: { technology: 'LIVE' }, now })).toEqual([]);
    expect(said(rule, { facts: [stop], scope: { technology: undefined }, now })).toEqual([
      'CONSENT_WITHDRAWN',
    ]);
  });
});

describe('R11: states in which a relationship lifts the registry for less time', () => {
  const listed = [{ registry: 'us-national', listed: true, versionAt: NOON, areaCodes: 'ALL' as const }];
  const bought = Date.parse('2025-05-20T15:00:00Z');
  const asked = Date.parse('2026-09-20T15:00:00Z');

  it.each([
    { state: 'PA', event: 'TRANSACTION', last: '2026-05-20T15:00:00Z' },
    { state: 'WA', event: 'TRANSACTION', last: '2026-05-20T15:00:00Z' },
    { state: 'OR', event: 'TRANSACTION', last: '2026-11-20T15:00:00Z' },
    { state: 'PA', event: 'INQUIRY', last: '2027-09-20T15:00:00Z' },
    { state: 'WA', event: 'INQUIRY', last: undefined },
    { state: 'OR', event: 'INQUIRY', last: undefined },
  ] as const)('us-$state-relationship: $event counts until $last', ({ state, event, last }) => {
    const effectiveAt = event === 'TRANSACTION' ? bought : asked;
    const facts = [relationship({ event, effectiveAt, receivedAt: effectiveAt })];
    const subject = { country: 'US', regions: [`US-${state}`], timeZones: ['America/New_York'] };
    const at = (now: number) =>
      said(`us-${state.toLowerCase()}-relationship`, { facts, subject, registries: listed, now });
    const end = last === undefined ? effectiveAt + 1 : Date.parse(last);
    expect(at(end)).toEqual(['REGISTRY_LISTED']);
    expect(at(end - 1)).toEqual(last === undefined ? ['REGISTRY_LISTED'] : []);
  });

  it('a signed writing lifts it there too', () => {
    const subject = { country: 'US', regions: ['US-WA'], timeZones: ['America/Los_Angeles'] };
    const call = { facts: [writtenConsent()], subject, registries: listed };
    expect(said('us-wa-relationship', call)).toEqual([]);
  });
});
