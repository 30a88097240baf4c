import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { withFcc2667 } from '../../../../lib/domain/policy/default/fcc-26-67.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { PolicyDocument, policyOf } from '../../../../lib/domain/policy/policy.ts';
import type { AskedPurpose, SuppressionFact } from '../../../../lib/domain/state/facts.ts';
import type { ContactScope } from '../../../../lib/domain/state/position.ts';
import { BERLIN, contextOf } from '../../../support/contexts.ts';
import { NOON, stateOf, suppression, writtenConsent } from '../../../support/facts.ts';

const { version, rules } = DEFAULT_POLICY;
const FROM = '2026-12-15';
const VARIANT = withFcc2667({ version, rules }, FROM);
const EVE = Date.parse('2026-12-14T23:59:59.999Z');

/** A STOP that answers a text: recorded for everything, with what it answered beside it. */
function stop(purpose?: AskedPurpose, given: Partial<SuppressionFact> = {}): SuppressionFact {
  const asked = { channel: 'SMS' as const, seller: 'acme', ...(purpose === undefined ? {} : { purpose }) };
  return suppression({ channel: 'ALL', source: 'SMS_KEYWORD', asked, ...given });
}

function refusedBy(facts: readonly SuppressionFact[], scope: Partial<ContactScope>, now = EVE + 1) {
  const context = contextOf({ state: stateOf(...facts), now, scope });
  return decide(context, policyOf(VARIANT), 'SCRUB')
    .reasons.filter(({ code }) => code === 'SUPPRESSED' || code === 'CONSENT_WITHDRAWN')
    .map(({ ruleId }) => ruleId);
}

describe('FCC 26-67, switched on by a day', () => {
  it('is a policy with a name of its own, and each rule once', () => {
    expect(PolicyDocument.safeParse(VARIANT).success).toBe(true);
    expect(VARIANT.version).toBe(`${version}-fcc-26-67`);
    const ids = VARIANT.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    { answered: 'SERVICE', purpose: 'SERVICE' },
    { answered: 'SERVICE', purpose: 'MARKETING' },
    { answered: 'MARKETING', purpose: 'SERVICE' },
  ] as const)('the day before, a STOP to $answered ends $purpose', ({ answered, purpose }) => {
    expect(refusedBy([stop(answered)], { purpose }, EVE)).toEqual(['company-do-not-contact']);
  });

  it.each([
    { answered: 'SERVICE', purpose: 'SERVICE', ended: true },
    { answered: 'SERVICE', purpose: 'COLLECTION', ended: false },
    { answered: 'SERVICE', purpose: 'MARKETING', ended: false },
    { answered: 'MARKETING', purpose: 'MARKETING', ended: true },
    { answered: 'MARKETING', purpose: 'SERVICE', ended: false },
    { answered: undefined, purpose: 'SERVICE', ended: true },
    { answered: undefined, purpose: 'MARKETING', ended: true },
  ] as const)(
    'from the day on, a STOP to $answered ends $purpose: $ended',
    ({ answered, purpose, ended }) => {
      for (const channel of ['VOICE', 'SMS'] as const) {
        const found = refusedBy([stop(answered)], { channel, purpose });
        expect(found).toEqual(ended ? ['us-do-not-contact-as-asked'] : []);
      }
    },
  );

  it('one STOP does not displace another', () => {
    const facts = [stop('MARKETING'), stop('SERVICE', { effectiveAt: NOON + 1, eventId: 'event-2' })];
    for (const order of [facts, facts.toReversed()]) {
      expect(refusedBy(order, { purpose: 'MARKETING' })).toEqual(['us-do-not-contact-as-asked']);
      expect(refusedBy(order, { purpose: 'SERVICE' })).toEqual(['us-do-not-contact-as-asked']);
    }
  });

  it('a refusal of marketing on one channel ends it on the other where a machine begins the contact', () => {
    const texts = stop('MARKETING', { channel: 'SMS' });
    const call = { technology: 'AUTOMATED' as const };
    expect(refusedBy([texts], call)).toEqual(['us-revoke-all-marketing']);
    expect(refusedBy([texts], { ...call, purpose: 'SERVICE' })).toEqual([]);
    expect(refusedBy([texts], call, EVE)).toEqual([]);
  });

  it('a STOP to service texts does not end marketing on the other channel, and newer consent lifts what ended', () => {
    const texts = stop('SERVICE', { channel: 'SMS' });
    expect(refusedBy([texts], { technology: 'AUTOMATED' })).toEqual([]);
    const context = contextOf({
      state: stateOf(stop('MARKETING'), writtenConsent({ effectiveAt: NOON + 1 })),
      now: EVE + 1,
    });
    const { reasons } = decide(context, policyOf(VARIANT), 'SCRUB');
    expect(reasons.map(({ code }) => code)).not.toContain('SUPPRESSED');
  });

  it('changes nothing for e-mail, nor abroad', () => {
    expect(refusedBy([stop('SERVICE')], { channel: 'EMAIL' })).toEqual(['company-do-not-contact-email']);
    const context = contextOf({ state: stateOf(stop('SERVICE')), now: EVE + 1, subject: BERLIN });
    const { reasons } = decide(context, policyOf(VARIANT), 'SCRUB');
    expect(reasons.map(({ ruleId }) => ruleId)).toContain('company-do-not-contact-abroad');
  });

  it('takes the place of revoke-all, which never comes into force where the day is earlier', () => {
    const revokeAll = (from: string) =>
      withFcc2667({ version, rules }, from).rules.find(({ id }) => id === 'us-revoke-all');
    expect(revokeAll(FROM)).toBeUndefined();
    expect(revokeAll('2027-01-31')).toBeUndefined();
    expect(revokeAll('2027-02-01')).toMatchObject({ effectiveFrom: '2027-01-31', effectiveTo: '2027-02-01' });
  });

  it('is refused for a policy without the rules that it changes', () => {
    const others = rules.filter(({ id }) => id !== 'us-revoke-all');
    expect(() => withFcc2667({ version, rules: others }, FROM)).toThrow('expected a rule us-revoke-all');
  });
});

describe('the policy that ships', () => {
  it.each(['SERVICE', 'MARKETING', undefined] as const)('a STOP to %s ends everything', (answered) => {
    for (const purpose of ['MARKETING', 'SERVICE', 'COLLECTION'] as const) {
      const context = contextOf({ state: stateOf(stop(answered)), now: EVE + 1, scope: { purpose } });
      const { reasons } = decide(context, DEFAULT_POLICY, 'SCRUB');
      expect(reasons.map(({ ruleId }) => ruleId)).toContain('company-do-not-contact');
    }
  });
});
