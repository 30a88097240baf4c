import { describe, expect, test } from 'vitest';
import { isToken } from '../../../../lib/domain/contact-point/token.ts';
import { explainContactPoint, explainDecision } from '../../../../lib/domain/log/explain.ts';
import { renderExplanation } from '../../../../lib/domain/log/render-explanation.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { decisionEntry, factEntry, token } from '../../../support/entries.ts';
import { consent, NOON, relationship, softOptIn, stateOf, writtenConsent } from '../../../support/facts.ts';

const POLICIES = [DEFAULT_POLICY];
const [facts] = decisionEntry({ n: 1 }).facts;
if (facts === undefined) throw new Error('expected facts');
const listed = [{ registry: 'us-national', listed: true, versionAt: NOON, areaCodes: 'ALL' as const }];

describe('what the law says of a decision and of a contact point', () => {
  test('names what lifted a rule, and how long a proof is kept', () => {
    const german = { country: 'DE', regions: [], state: stateOf(writtenConsent(), softOptIn()) };
    const customer = { state: stateOf(relationship()), registries: listed };
    const entry = decisionEntry({
      n: 1,
      effect: 'ALLOW',
      reasons: [],
      facts: [
        { ...facts, ...german },
        { ...facts, ...customer },
      ],
    });
    const text = renderExplanation(explainDecision({ entry }, POLICIES));
    expect(text).toContain('keep the proof until 2031-11-20T15:00:00.000Z (de-calls: UWG 7, 7a, 20)');
    expect(text).toContain(
      'soft opt-in on EMAIL for MARKETING, seller acme, from WEBSITE_FORM, with proof: ',
    );
    expect(text).toContain('; it STANDS');
    expect(text).toContain('16 CFR 310.4(b)(1)(iii)(B)): lifted by businessRelationship');
    expect(text).toContain(
      'us-calling-hours (47 CFR 64.1200(c)(1); 16 CFR 310.4(c); 12 CFR 1006.6(b)(1)(i)): nothing',
    );
  });

  test('a proof is kept by the law of the country of the last decision, of any country where there is none', () => {
    const of = token(1);
    if (!isToken(of)) throw new Error('expected a token');
    const state = stateOf(consent(), softOptIn({ expiresAt: NOON + 1 }));
    const granted = { token: of, version: 3, state, pendingCount: 1, pendingBytes: 900 };
    const now = NOON + 5;
    const kept = (country?: string, policies = POLICIES) => {
      const entry = decisionEntry({ n: 1, facts: [{ ...facts, country: country ?? '' }] });
      const entries = country === undefined ? [] : [{ entry }];
      const { standing } = explainContactPoint(granted, entries, { policies, now });
      return standing.consents.map(({ said, keepProof }) => [said, keepProof?.ruleId]);
    };
    const byGermanLaw = [
      ['SOFT_OPT_IN', undefined],
      ['GRANTED', 'de-calls'],
    ];
    expect(kept()).toEqual(byGermanLaw);
    expect(kept('DE')).toEqual(byGermanLaw);
    expect(kept('DE', [])).toEqual(byGermanLaw);
    expect(kept('US')).toEqual([
      ['SOFT_OPT_IN', undefined],
      ['GRANTED', undefined],
    ]);
    const entries = [{ entry: factEntry({ n: 2, fact: softOptIn() }) }];
    const text = renderExplanation(explainContactPoint(granted, entries, { policies: POLICIES, now }));
    expect(text).toContain('soft opt-in on EMAIL for MARKETING, acme, from WEBSITE_FORM (event-1)');
    expect(text).toContain('it has ended');
  });
});
