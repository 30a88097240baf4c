import { describe, expect, it } from 'vitest';
import { Answer } from '../../../../lib/domain/decision/answer.ts';
import { answerOf, blocked, combine } from '../../../../lib/domain/decision/combine.ts';
import type { Decision } from '../../../../lib/domain/decision/decide.ts';
import { dominance, REASONS, systemReason } from '../../../../lib/domain/decision/reasons.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { NOON } from '../../../support/facts.ts';

const ALLOW: Decision = { effect: 'ALLOW', reasons: [] };
const hours = { code: 'OUTSIDE_CALLING_HOURS', ruleId: 'us-calling-hours', citation: 'c' } as const;
const suppressed = { code: 'SUPPRESSED', ruleId: 'company-do-not-contact', citation: 'd' } as const;

describe('several contact points', () => {
  it('are allowed only if each one is', () => {
    expect(combine([ALLOW, ALLOW])).toEqual(ALLOW);
    expect(combine([ALLOW, blocked(hours), ALLOW])).toEqual(blocked(hours));
  });

  it('give every ground once, dominant first', () => {
    const decision = combine([blocked(hours), blocked(suppressed, hours)]);
    expect(decision.reasons).toEqual([suppressed, hours]);
  });

  it('keep grounds apart that differ in their rule', () => {
    const other = { ...suppressed, ruleId: 'operator-suppression' };
    expect(combine([blocked(suppressed), blocked(other)]).reasons).toEqual([suppressed, other]);
  });
});

describe('the answer', () => {
  const at = { policy: DEFAULT_POLICY, now: NOON };

  it('has every field of its schema, for ALLOW and for BLOCK', () => {
    const answers = [ALLOW, blocked(hours), { ...blocked(hours), nextAllowedAt: NOON + 1 }].map((decision) =>
      Answer.parse(answerOf(decision, 'd-1', at)),
    );
    expect(answers.map(({ reason, nextAllowedAt }) => [reason, nextAllowedAt])).toEqual([
      ['PERMITTED', null],
      ['OUTSIDE_CALLING_HOURS', null],
      ['OUTSIDE_CALLING_HOURS', '2026-11-20T15:00:00.001Z'],
    ]);
    expect(answers.every(({ policyVersion }) => policyVersion === DEFAULT_POLICY.name)).toBe(true);
  });
});

describe('the order of dominance', () => {
  it('is unreadable input, hold, suppression, registry, consent, time, and last the system', () => {
    const order = [
      ...(['UNREADABLE_INPUT', 'LITIGATION_HOLD', 'SUPPRESSED', 'REGISTRY_LISTED'] as const),
      ...(['CONSENT_MISSING', 'OUTSIDE_CALLING_HOURS', 'UNAVAILABLE'] as const),
    ].map(dominance);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
  });

  it('EB3: a system reason says nothing about the person', () => {
    expect(systemReason('UNAVAILABLE')).toEqual({ code: 'UNAVAILABLE', ruleId: '', citation: '' });
    expect(REASONS.UNAVAILABLE).toContain('nothing is said about the person');
  });
});
