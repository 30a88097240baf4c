import type { ReasonCode } from '../../decision/reasons.ts';
import { type ConsentStatus, consentPosition } from '../../state/position.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

const GROUNDS: Record<Exclude<ConsentStatus, 'GRANTED'>, ReasonCode> = {
  NEVER_GIVEN: 'CONSENT_MISSING',
  PENDING: 'CONSENT_PENDING',
  EXPIRED: 'CONSENT_EXPIRED',
  WITHDRAWN: 'CONSENT_WITHDRAWN',
  OBJECTED: 'CONSENT_WITHDRAWN',
};

/** Contact needs proved consent that has neither lapsed, nor grown too old for the rule, nor been withdrawn. */
export function evaluateConsentRequired(
  rule: RuleOf<'consentRequired'>,
  context: RuleContext,
): readonly Finding[] {
  const { status, grant } = consentPosition(context.state, context.scope, context.now);
  if (status !== 'GRANTED') return [finding(rule, GROUNDS[status])];
  const isOld =
    grant !== undefined &&
    rule.maxAgeMonths !== undefined &&
    context.now >= monthsAfter(grant.effectiveAt, rule.maxAgeMonths);
  return isOld ? [finding(rule, 'CONSENT_EXPIRED')] : [];
}

/** The same time of day so many months later; on the month's last day where it has no such day (Reg. 1182/71 Art 3(2)). */
function monthsAfter(at: number, months: number): number {
  const date = new Date(at);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  return date.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + months, day);
}
