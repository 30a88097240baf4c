import { consentPosition, lastEventAt } from '../../state/position.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/** The database said that the number was given up: only consent that is newer can be its new holder's. */
export function evaluateReassignedNumber(
  rule: RuleOf<'reassignedNumber'>,
  { state, scope, now }: RuleContext,
): readonly Finding[] {
  const reassignedAt = lastEventAt(state, 'REASSIGNED_YES', { binding: true });
  if (reassignedAt === undefined) return [];
  const consentedAt = consentPosition(state, scope, now).grant?.effectiveAt;
  return consentedAt !== undefined && consentedAt > reassignedAt ? [] : [finding(rule, 'NUMBER_REASSIGNED')];
}
