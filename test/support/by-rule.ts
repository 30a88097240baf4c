import { decide } from '../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { RuleContext } from '../../lib/domain/policy/rules/context.ts';

/** The codes with which one rule of the policy that ships stands against a contact. */
export function saidBy(ruleId: string, context: RuleContext): readonly string[] {
  const { reasons } = decide(context, DEFAULT_POLICY, 'DIAL');
  return reasons.filter((reason) => reason.ruleId === ruleId).map(({ code }) => code);
}
