import { consentPosition, standingSuppressions } from '../../state/position.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';
import { isExempt } from './exemptions.ts';

/** A standing suppression blocks, unless the rule lets something newer lift it. */
export function evaluateSuppression(rule: RuleOf<'suppression'>, context: RuleContext): readonly Finding[] {
  const { state, scope, now } = context;
  const stands = standingSuppressions(state, scope, now).some(
    ({ reason, record }) =>
      rule.reasons.some((named) => named === reason) &&
      !isExempt(rule.exemptions, context, record.effectiveAt),
  );
  return stands ? [finding(rule, 'SUPPRESSED')] : [];
}

/** Withdrawn consent and an objection block until newer proved consent, also where no consent was needed at first. */
export function evaluateRevocation(rule: RuleOf<'revocation'>, context: RuleContext): readonly Finding[] {
  const { grant, withdrawnAt } = consentPosition(context.state, context.scope, context.now);
  return withdrawnAt !== undefined && grant === undefined ? [finding(rule, 'CONSENT_WITHDRAWN')] : [];
}
