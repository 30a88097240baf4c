import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { NAMED_COUNTRIES } from '../../../../lib/domain/policy/default/europe.ts';
import { FRANCE } from '../../../../lib/domain/policy/default/europe-special.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { Rule } from '../../../../lib/domain/policy/policy.ts';
import { evaluate, liftedBy } from '../../../../lib/domain/policy/rules/evaluate.ts';
import type { ConsentFact, Fact, SoftOptIn } from '../../../../lib/domain/state/facts.ts';
import { consentPosition } from '../../../../lib/domain/state/position.ts';
import { contextOf } from '../../../support/contexts.ts';
import { consent, DAY_MS, NOON, PROOF, softOptIn, stateOf, suppression } from '../../../support/facts.ts';

type Message = Partial<Parameters<typeof contextOf>[0] & object> & {
  readonly country?: string;
  readonly facts: readonly Fact[];
};

function messageTo({ country = 'GB', facts, scope = {}, now = NOON + DAY_MS }: Message) {
  return contextOf({
    subject: { country, regions: [], timeZones: [] },
    state: stateOf(...facts),
    registries: [],
    now,
    scope: { channel: 'EMAIL', technology: undefined, product: 'OTHER', softOptIn: true, ...scope },
  });
}
const codes = (message: Message) =>
  decide(messageTo(message), DEFAULT_POLICY, 'SCRUB').reasons.map(({ code }) => code);

describe('P2, gb-messages: a message to an own customer without consent', () => {
  const at = (time: string) => Date.parse(time);
  const bought = softOptIn();

  it('is permitted where every condition is on record, and needs consent where one is not', () => {
    expect(codes({ facts: [bought] })).toEqual([]);
    expect(codes({ facts: [] })).toEqual(['CONSENT_MISSING']);
  });

  it.each<[string, Partial<ConsentFact>, Partial<SoftOptIn>]>([
    ['no opt-out was offered at collection', {}, { optOutOffered: false }],
    ['the address is for texts', { channel: 'SMS' }, {}],
    ['another seller sold', { seller: 'bravo' }, {}],
    ['it is about another purpose', { purpose: 'SERVICE' }, {}],
    ['it has lapsed', { expiresAt: NOON + DAY_MS }, {}],
  ])('is not, where %s', (_, given, terms) => {
    expect(codes({ facts: [softOptIn(given, terms)] })).toEqual(['CONSENT_MISSING']);
  });

  it.each([
    ['the check does not say that the message keeps to the terms', undefined],
    ['it says that the message does not', false],
  ])('is not, where %s', (_, kept) => {
    expect(codes({ facts: [bought], scope: { softOptIn: kept } })).toEqual(['CONSENT_MISSING']);
  });

  it('helps nobody who is not named', () => {
    expect(codes({ facts: [bought], scope: { seller: undefined } })).toEqual(['CONSENT_MISSING']);
    const forAll = { ...bought, seller: '*' };
    expect(stateOf(forAll).consents).toEqual({});
  });

  it.each<[string, Fact, string]>([
    ['an opt-out by e-mail', suppression({ channel: 'EMAIL', effectiveAt: NOON + 1 }), 'SUPPRESSED'],
    ['an opt-out of everything', suppression({ channel: 'ALL', effectiveAt: NOON }), 'SUPPRESSED'],
    [
      'an objection',
      consent({ channel: 'EMAIL', status: 'OBJECTED', effectiveAt: NOON }),
      'CONSENT_WITHDRAWN',
    ],
    [
      'a withdrawal of consent that was given once',
      consent({ channel: 'EMAIL', status: 'WITHDRAWN', effectiveAt: NOON + 1 }),
      'CONSENT_WITHDRAWN',
    ],
  ])('ends at once by %s, and no later sale brings it back', (_, refusal, code) => {
    expect(codes({ facts: [bought, refusal] })).toContain(code);
    const again = softOptIn({ effectiveAt: NOON + 2, eventId: 'event-2' });
    expect(codes({ facts: [bought, refusal, again] })).toContain(code);
    expect(codes({ facts: [bought, refusal, consent({ channel: 'EMAIL', effectiveAt: NOON + 2 })] })).toEqual(
      [],
    );
  });

  it('an opt-out of calls leaves e-mails as they are', () => {
    expect(codes({ facts: [bought, suppression({ effectiveAt: NOON + 1 })] })).toEqual([]);
  });

  it('is no consent', () => {
    const scope = { channel: 'EMAIL', purpose: 'MARKETING', seller: 'acme' } as const;
    expect(consentPosition(stateOf(bought), scope, NOON)).toMatchObject({ status: 'NEVER_GIVEN' });
    expect(consentPosition(stateOf(bought), scope, NOON)).not.toHaveProperty('grant');
    const request = suppression({ channel: 'EMAIL', effectiveAt: NOON - 1 });
    expect(codes({ facts: [request, bought] })).toEqual(['SUPPRESSED']);
  });

  it.each([
    {
      rule: 'gb-messages-before-charities',
      obtainedIn: 'NEGOTIATIONS',
      now: '2026-02-04T12:00:00Z',
      permitted: true,
    },
    { rule: 'gb-messages', obtainedIn: 'NEGOTIATIONS', now: '2026-02-05T00:00:00Z', permitted: true },
    {
      rule: 'gb-messages-before-charities',
      obtainedIn: 'CHARITY',
      now: '2026-02-04T23:59:59.999Z',
      permitted: false,
    },
    { rule: 'gb-messages', obtainedIn: 'CHARITY', now: '2026-02-05T00:00:00Z', permitted: true },
  ] as const)('$rule: $obtainedIn at $now: $permitted', ({ rule, obtainedIn, now, permitted }) => {
    const effectiveAt = at('2026-01-05T12:00:00Z');
    const facts = [softOptIn({ effectiveAt, receivedAt: effectiveAt }, { obtainedIn })];
    const { reasons } = decide(messageTo({ facts, now: at(now) }), DEFAULT_POLICY, 'SCRUB');
    expect(reasons.map(({ ruleId }) => ruleId)).toEqual(permitted ? [] : [rule]);
  });
});

describe('P2: which countries have one, and on which channel', () => {
  const BOTH = ['AT', 'CH', 'DK', 'ES', 'GB', 'IE', 'LU', 'PT', 'SE'];
  const BY_EMAIL = ['DE', 'FR', 'GR', 'IT', 'RE'];
  const lifted = (country: string, channel: 'SMS' | 'EMAIL') =>
    codes({ country, facts: [softOptIn({ channel })], scope: { channel, technology: 'LIVE' } }).every(
      (code) => !code.startsWith('CONSENT'),
    );

  it.each([...NAMED_COUNTRIES, ...FRANCE, 'BR', 'JP', 'ZZ'])('%s-messages', (country) => {
    const inFrance = FRANCE.includes(country);
    expect([lifted(country, 'EMAIL'), lifted(country, 'SMS')]).toEqual([
      BOTH.includes(country) || BY_EMAIL.includes(country) || inFrance,
      BOTH.includes(country),
    ]);
  });

  it.each(['AT', 'DE', 'ES', 'IE', 'SE'])('%s: a negotiation is no sale', (country) => {
    expect(codes({ country, facts: [softOptIn({}, { obtainedIn: 'NEGOTIATIONS' })] })).toEqual([
      'CONSENT_MISSING',
    ]);
  });

  it.each([
    { now: '2026-11-20T14:59:59.999Z', expected: [] },
    { now: '2026-11-20T15:00:00.000Z', expected: ['CONSENT_MISSING'] },
  ])('ie-messages: twelve months after the sale, at $now: $expected', ({ now, expected }) => {
    const effectiveAt = Date.parse('2025-11-20T15:00:00Z');
    const facts = [softOptIn({ effectiveAt, receivedAt: effectiveAt })];
    expect(codes({ country: 'IE', facts, now: Date.parse(now) })).toEqual(expected);
    expect(codes({ country: 'GB', facts, now: Date.parse(now) })).toEqual([]);
  });

  it('never lifts a registry or the need for a signed writing', () => {
    const lifting = DEFAULT_POLICY.rules.filter(
      (rule) => 'exemptions' in rule && rule.exemptions?.some(({ kind }) => kind === 'softOptIn'),
    );
    expect(new Set(lifting.map(({ kind }) => kind))).toEqual(new Set(['consentRequired']));
    expect(lifting.every(({ channels }) => !channels.includes('VOICE'))).toBe(true);
  });
});

describe('the exemption in a document', () => {
  const rule = {
    id: 'the-rule',
    kind: 'consentRequired',
    jurisdiction: { except: [] },
    channels: ['SMS', 'EMAIL'],
    purposes: ['MARKETING'],
    citation: 'the statute',
    mark: 'O',
    effectiveFrom: '1970-01-01',
    contested: false,
  };
  const exemption = { kind: 'softOptIn', channels: ['EMAIL'], obtainedIn: ['SALE'] };

  it.each([
    { title: 'complete', exemptions: [exemption], ok: true },
    { title: 'for calls', exemptions: [{ ...exemption, channels: ['VOICE'] }], ok: false },
    { title: 'without an occasion', exemptions: [{ ...exemption, obtainedIn: [] }], ok: false },
    { title: 'of a lottery', exemptions: [{ ...exemption, obtainedIn: ['LOTTERY'] }], ok: false },
  ])('$title: $ok', ({ exemptions, ok }) => {
    expect(Rule.safeParse({ ...rule, exemptions }).success).toBe(ok);
  });

  it('says by what a rule is lifted, and by nothing where nothing stood against it', () => {
    const parsed = Rule.parse({ ...rule, exemptions: [exemption] });
    const context = messageTo({ facts: [softOptIn()] });
    expect(evaluate(parsed, context)).toEqual([]);
    expect(liftedBy(parsed, context)).toEqual(['softOptIn']);
    expect(liftedBy(parsed, messageTo({ facts: [softOptIn(), consent({ channel: 'EMAIL' })] }))).toEqual([]);
    expect(liftedBy(parsed, messageTo({ facts: [] }))).toEqual([]);
    expect(liftedBy(Rule.parse(rule), messageTo({ facts: [] }))).toEqual([]);
  });

  it('ends by itself with a refusal since, whatever else a policy says', () => {
    const parsed = Rule.parse({ ...rule, exemptions: [exemption] });
    const since = (effectiveAt: number) => suppression({ channel: 'EMAIL', effectiveAt });
    const found = (refusal: Fact) => evaluate(parsed, messageTo({ facts: [softOptIn(), refusal] })).length;
    expect([found(since(NOON + 1)), found(since(NOON)), found(since(NOON - 1))]).toEqual([1, 1, 0]);
    expect(found(suppression({ channel: 'EMAIL', reason: 'INTERNAL_POLICY', effectiveAt: NOON + 1 }))).toBe(
      0,
    );
  });

  it('an occasion without its terms is none', () => {
    const bare = consent({ channel: 'EMAIL', seller: 'acme', status: 'SOFT_OPT_IN', proof: PROOF });
    expect(stateOf(bare).consents).toEqual({});
  });
});
