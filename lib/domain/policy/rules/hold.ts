import { standingHolds } from '../../state/position.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/** A standing litigation hold blocks every contact, whatever else is known. */
export function evaluateHold(rule: RuleOf<'hold'>, { state }: RuleContext): readonly Finding[] {
  return standingHolds(state).length > 0 ? [finding(rule, 'LITIGATION_HOLD')] : [];
}
