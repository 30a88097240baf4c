import { describe, expect, it } from 'vitest';
import { isToken } from '../../../../lib/domain/contact-point/token.ts';
import { explainContactPoint } from '../../../../lib/domain/log/explain.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { disclose, tablesOf } from '../../../../lib/domain/subject-request/disclosure.ts';
import { decisionEntry, factEntry, token } from '../../../support/entries.ts';
import { consent, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';

const CLEAR = 'tel:+13175550142';
const FACTS = [suppression({ seller: 'acme' }), consent({ seller: 'acme', effectiveAt: NOON - 1 }), hold()];
const ENTRIES = [
  ...FACTS.map((fact, n) => ({ entry: factEntry({ n: n + 10, subjects: [token(1)], fact }), index: n })),
  {
    entry: decisionEntry({
      n: 1,
      at: NOON + 5,
      reasons: [
        { code: 'LITIGATION_HOLD', ruleId: 'litigation-hold' },
        { code: 'SUPPRESSED', ruleId: 'company-do-not-contact' },
      ],
    }),
    index: 3,
  },
];

function disclosed() {
  const of = token(1);
  if (!isToken(of)) throw new Error('expected a token');
  const contactPoint = { token: of, version: 3, state: stateOf(...FACTS), pendingCount: 0 };
  const explanation = explainContactPoint(contactPoint, ENTRIES, {
    policies: [DEFAULT_POLICY],
    now: NOON + 10,
  });
  return disclose(explanation, CLEAR);
}

describe('what a person is told', () => {
  it('is every statement and every decision about their contact point', () => {
    const { disclosure } = disclosed();
    expect(disclosure).toMatchObject({
      contactPoint: CLEAR,
      token: token(1),
      statements: { suppressions: [{ seller: 'acme' }], consents: [{ seller: 'acme' }], events: [] },
      decisions: [{ effect: 'BLOCK', channel: 'VOICE', campaignId: 'spring', reasons: ['SUPPRESSED'] }],
    });
    expect(disclosure.history.map(({ what }) => what)).toEqual(['suppression', 'consent']);
  });

  it('says nothing of a litigation hold, and the officer is told how much that is', () => {
    const { disclosure, withheld } = disclosed();
    expect(JSON.stringify(disclosure)).not.toMatch(/hold|case/i);
    expect(withheld).toBe(2);
  });

  it('comes as tables as well', () => {
    const [statements, decisions] = tablesOf([disclosed().disclosure]);
    expect(statements?.rows.map(({ kind, contactPoint, seller }) => [kind, contactPoint, seller])).toEqual([
      ['suppression', CLEAR, 'acme'],
      ['consent', CLEAR, 'acme'],
    ]);
    expect(new Set(statements?.rows.map((row) => Object.keys(row).join())).size).toBe(1);
    expect(decisions?.rows).toMatchObject([
      { effect: 'BLOCK', reasons: 'SUPPRESSED', at: '2026-11-20T15:00:00.005Z' },
    ]);
  });
});
