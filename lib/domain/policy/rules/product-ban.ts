import type { RuleOf } from '../policy.ts';
import { type Finding, finding } from './context.ts';

/** An offer of the named products is blocked, and one of which nobody says what it offers. */
export function evaluateProductBan(rule: RuleOf<'productBan'>): readonly Finding[] {
  return [finding(rule, 'PRODUCT_BANNED')];
}
