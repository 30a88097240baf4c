import { describe, expect, test } from 'vitest';
import { isToken } from '../../../../lib/domain/contact-point/token.ts';
import { REASONS } from '../../../../lib/domain/decision/reasons.ts';
import { explainContactPoint, explainDecision } from '../../../../lib/domain/log/explain.ts';
import { renderExplanation } from '../../../../lib/domain/log/render-explanation.ts';
import { timeOfUuid } from '../../../../lib/domain/log/uuid-time.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { decisionEntry, factEntry, token, uuid } from '../../../support/entries.ts';
import { consent, DAY_MS, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';

const POLICIES = [DEFAULT_POLICY];
const optOut = suppression({ eventId: 'conversation-1', source: 'SMS_KEYWORD', seller: 'acme' });
const [plainFacts] = decisionEntry({ n: 1 }).facts;
if (plainFacts === undefined) throw new Error('expected facts');
const blocked = decisionEntry({ n: 1, at: NOON, facts: [{ ...plainFacts, state: stateOf(optOut) }] });

function contactPoint(state = EMPTY_STATE, version = 3) {
  const of = token(1);
  if (!isToken(of)) throw new Error('expected a token');
  return { token: of, version, state, pendingCount: 1, pendingBytes: 900 };
}

describe('a decision', () => {
  const explanation = explainDecision({ entry: blocked, index: 41 }, POLICIES);

  test('says what was decided, when, for whom, under which policy and where it is logged', () => {
    expect(explanation).toMatchObject({
      decisionId: uuid(1),
      effect: 'BLOCK',
      at: '2026-11-20T15:00:00.000Z',
      client: 'dialler-1',
      index: 41,
      contact: {
        channel: 'VOICE',
        purpose: 'MARKETING',
        seller: 'acme',
        technology: 'LIVE',
        campaignId: 'spring',
      },
      policy: { name: DEFAULT_POLICY.name, hash: DEFAULT_POLICY.hash, atHand: true },
    });
  });

  test('gives each reason with its sentence, rule and citation', () => {
    expect(explanation.reasons).toEqual([
      {
        code: 'SUPPRESSED',
        sentence: REASONS.SUPPRESSED,
        ruleId: 'company-do-not-contact',
        citation: '47 CFR 64.1200(d)(3), (a)(10); GDPR Art 21(2)-(3)',
        note: expect.stringContaining('breach notice'),
      },
    ]);
    expect(explanation.subjects[0]?.reasons).toEqual(explanation.reasons);
  });

  test('asks every rule again with the facts of that moment', () => {
    const outcomes = Object.fromEntries(
      (explanation.subjects[0]?.rules ?? []).map(({ ruleId, outcome, codes }) => [
        ruleId,
        [outcome, ...codes],
      ]),
    );
    expect(Object.keys(outcomes)).toEqual(DEFAULT_POLICY.rules.map(({ id }) => id));
    expect(outcomes).toMatchObject({
      'company-do-not-contact': ['BLOCKS', 'SUPPRESSED'],
      'litigation-hold': ['PASSES'],
      'us-national-registry': ['PASSES'],
      'us-calling-hours': ['PASSES'],
      'marketing-consent': ['NOT_ASKED'],
    });
  });

  test('says what stood at that moment', () => {
    const late = explainDecision(
      {
        entry: decisionEntry({
          n: 1,
          facts: [{ ...plainFacts, state: stateOf(suppression({ expiresAt: NOON + 1 }), hold()) }],
        }),
      },
      POLICIES,
    );
    expect(late.subjects[0]?.standing.suppressions[0]).toMatchObject({ standing: true });
    expect(late.subjects[0]?.standing.holds[0]).toMatchObject({ caseId: 'case-1', standing: true });
    expect(late.index).toBeNull();
  });

  test('invents no citation where its policy is not at hand', () => {
    const without = explainDecision({ entry: blocked }, []);
    expect(without.policy.atHand).toBe(false);
    expect(without.reasons[0]).toEqual({
      code: 'SUPPRESSED',
      sentence: REASONS.SUPPRESSED,
      ruleId: 'company-do-not-contact',
    });
    expect(without.subjects[0]?.rules).toEqual([]);
    expect(renderExplanation(without)).toContain('not at hand');
  });

  test('asks no rule where channel or purpose were not stated, and knows no sentence for an unknown code', () => {
    const unknown = explainDecision(
      {
        entry: decisionEntry({
          n: 1,
          contact: { channel: 'VOICE' },
          facts: [plainFacts],
          reasons: [{ code: 'toString', ruleId: '' }],
        }),
      },
      POLICIES,
    );
    expect(unknown.subjects[0]?.rules).toEqual([]);
    expect(unknown.reasons).toEqual([{ code: 'toString', sentence: '', ruleId: '' }]);
  });

  test('reads well', () => {
    const text = renderExplanation(explanation);
    expect(text).toContain(`Decision ${uuid(1)}: BLOCK`);
    expect(text).toContain('VOICE MARKETING, seller acme, technology LIVE, campaignId spring');
    expect(text).toContain('log       entry 41');
    expect(text).toContain(`SUPPRESSED: ${REASONS.SUPPRESSED} [company-do-not-contact: 47 CFR 64.1200(d)(3)`);
    expect(text).toContain('country US, area code 212');
    expect(text).toContain('registry us-national, version of 2026-11-20: not listed');
    expect(text).toContain(
      'suppression CUSTOMER_REQUEST on VOICE, seller acme, from SMS_KEYWORD (conversation-1) STANDS',
    );
    expect(text).toContain(
      'us-calling-hours (47 CFR 64.1200(c)(1); 16 CFR 310.4(c); 12 CFR 1006.6(b)(1)(i)): nothing against it',
    );
    expect(text).not.toContain('undefined');
  });

  test('an ALLOW, and a BLOCK without a contact point, read well', () => {
    const allowed = decisionEntry({ n: 2, effect: 'ALLOW', reasons: [], facts: [] });
    expect(renderExplanation(explainDecision({ entry: allowed }, POLICIES))).toContain(
      'No rule stood against it.',
    );
    const later = { nextAllowedAt: '2026-11-21T13:00:00.000Z', legalAlert: 'FAILED' as const, contact: {} };
    const text = renderExplanation(
      explainDecision({ entry: decisionEntry({ n: 2, facts: [], ...later }) }, POLICIES),
    );
    expect(text).toContain('permitted again from 2026-11-21T13:00:00.000Z');
    expect(text).toContain('alert to Legal with the answer: FAILED');
    expect(text).toContain('unknown channel unknown purpose, no seller named');
    expect(text).toContain('waits for the log');
    expect(text).toContain('none may be stored here');
  });
});

describe('a contact point', () => {
  const released = [
    hold({ action: 'RELEASED', by: 'legal-2', at: NOON + 1 }),
    hold({ action: 'RELEASED', by: 'legal-3', at: NOON + 2 }),
  ];
  const state = stateOf(
    optOut,
    suppression({
      channel: 'ALL',
      reason: 'INTERNAL_POLICY',
      expiresAt: NOON + DAY_MS,
      effectiveAt: NOON - DAY_MS,
    }),
    suppression({ channel: 'ALL', reason: 'INTERNAL_POLICY', expiresAt: NOON + DAY_MS }),
    consent({ channel: 'EMAIL', effectiveAt: NOON - 5 }),
    consent({ channel: 'EMAIL', status: 'WITHDRAWN', effectiveAt: NOON }),
    consent({ channel: 'SMS', seller: 'bravo', purpose: 'ALL' }),
    hold({ caseId: 'case-2' }),
    hold(),
    ...released,
  );
  const now = NOON + DAY_MS;

  test('says what stands now, and what no longer does', () => {
    const { standing } = explainContactPoint(contactPoint(state), [], { policies: POLICIES, now });
    expect(standing.suppressions.map(({ channel, reason, standing }) => [channel, reason, standing])).toEqual(
      [
        ['ALL', 'INTERNAL_POLICY', false],
        ['VOICE', 'CUSTOMER_REQUEST', true],
      ],
    );
    expect(standing.suppressions[0]).toMatchObject({
      effectiveAt: '2026-11-20T15:00:00.000Z',
      firstEffectiveAt: '2026-11-19T15:00:00.000Z',
      expiresAt: '2026-11-21T15:00:00.000Z',
    });
    expect(standing.suppressions[1]).not.toHaveProperty('firstEffectiveAt');
    expect(standing.suppressions[1]).not.toHaveProperty('expiresAt');
    expect(standing.holds.map(({ caseId, standing }) => [caseId, standing])).toEqual([
      ['case-1', false],
      ['case-2', true],
    ]);
    expect(standing.holds[0]?.releases).toEqual([
      { by: 'legal-2', at: '2026-11-20T15:00:00.001Z' },
      { by: 'legal-3', at: '2026-11-20T15:00:00.002Z' },
    ]);
    expect(standing.consents.map(({ channel, said, proved }) => [channel, said, proved])).toEqual([
      ['EMAIL', 'GRANTED', true],
      ['EMAIL', 'WITHDRAWN', false],
      ['SMS', 'GRANTED', true],
    ]);
    expect(standing.consents[0]?.positions).toEqual([
      { channel: 'EMAIL', purpose: 'MARKETING', status: 'WITHDRAWN' },
    ]);
    expect(standing.consents[2]?.positions).toHaveLength(4);
    expect(standing.consents[2]?.positions[3]).toEqual({
      channel: 'SMS',
      purpose: 'BREACH_NOTICE',
      status: 'GRANTED',
    });
  });

  test('lists what was recorded by time, then by index, what waits last', () => {
    const entries = [
      { entry: factEntry({ n: 4, at: NOON + 1 }) },
      { entry: factEntry({ n: 3, at: NOON + 1 }), index: 9 },
      { entry: blocked, index: 7 },
      { entry: factEntry({ n: 2, at: NOON }), index: 5 },
    ];
    const { timeline } = explainContactPoint(contactPoint(state), entries, { policies: POLICIES, now });
    expect(timeline.map(({ index, entry }) => [index, entry.id])).toEqual([
      [5, uuid(2)],
      [7, uuid(1)],
      [9, uuid(3, NOON + 1)],
      [null, uuid(4, NOON + 1)],
    ]);
    expect(timeline[1]?.reasons[0]?.citation).toContain('64.1200(d)(3)');
    expect(timeline[0]?.reasons).toEqual([]);
  });

  test('reads well', () => {
    const entries = [
      { entry: factEntry({ n: 1, fact: optOut }), index: 0 },
      { entry: factEntry({ n: 2, fact: consent({ seller: 'acme', expiresAt: NOON + 1 }) }), index: 1 },
      { entry: factEntry({ n: 3, fact: hold() }), index: 2 },
      { entry: blocked },
    ];
    const text = renderExplanation(
      explainContactPoint(contactPoint(state), entries, { policies: POLICIES, now }),
    );
    expect(text).toContain(`Contact point ${token(1)}`);
    expect(text).toContain('Stands now (version 3; 1 waiting for the log)');
    expect(text).toContain('litigation hold case-2 STANDS: placed by legal-1 at 2026-11-20T15:00:00.000Z');
    expect(text).toContain('litigation hold case-1 ended: placed by legal-1');
    expect(text).toContain('on ALL, every seller, from WEBSITE_FORM (event-1) has ended');
    expect(text).toContain('consent WITHDRAWN on EMAIL for MARKETING, every seller');
    expect(text).toContain('the person stands at WITHDRAWN');
    expect(text).toContain(
      'opt-out CUSTOMER_REQUEST on VOICE, acme, from SMS_KEYWORD (conversation-1): effective 2026',
    );
    expect(text).toContain('until 2026-11-20T15:00:00.001Z  [entry 1]');
    expect(text).toContain('litigation hold case-1 PLACED by legal-1');
    expect(text).toContain(`decision ${uuid(1)}: BLOCK for VOICE MARKETING, seller acme`);
    expect(text).not.toContain('undefined');
  });

  test('that nothing is known of is said to be so', () => {
    const explanation = explainContactPoint(contactPoint(EMPTY_STATE, 0), [], { policies: POLICIES, now });
    expect(explanation.known).toBe(false);
    const text = renderExplanation(explanation);
    expect(text).toContain('Nothing is stored of it');
    expect(text).toContain('Nothing is recorded of it.');
    expect(text).not.toContain('no hold, suppression or consent');
  });

  test('that only attempts are known of is said to be so', () => {
    const attempt = { at: NOON, decisionId: uuid(1), channel: 'VOICE' as const, purpose: 'SERVICE' as const };
    const once = explainContactPoint(contactPoint({ ...EMPTY_STATE, attempts: [attempt] }), [], {
      policies: [],
      now,
    });
    expect(renderExplanation(once)).toContain('no hold, suppression or consent\n  1 allowed attempt counted');
    const twice = { ...EMPTY_STATE, attempts: [attempt, attempt] };
    expect(renderExplanation(explainContactPoint(contactPoint(twice), [], { policies: [], now }))).toContain(
      '2 allowed attempts counted',
    );
  });
});

test('a decision that is not recorded is said to be so, with its id', () => {
  const text = renderExplanation({ kind: 'nothing', decisionId: uuid(5) });
  expect(text).toContain(`Nothing is recorded of decision ${uuid(5)}`);
});

test.each([
  [uuid(1, NOON), NOON],
  [uuid(1, NOON).toUpperCase(), NOON],
  ['4c0f6d9e-6f4e-4b3e-9d7a-0c1d2e3f4a5b', undefined],
  ['decision-1', undefined],
  ['', undefined],
])('the time of id %s', (id, expected) => {
  expect(timeOfUuid(id)).toBe(expected);
});
