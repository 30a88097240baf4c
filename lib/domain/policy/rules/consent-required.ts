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

/** Contact needs proved consent that has neither lapsed nor been withdrawn. */
export function evaluateConsentRequired(
  rule: RuleOf<'consentRequired'>,
  context: RuleContext,
): readonly Finding[] {
  const { status } = consentPosition(context.state, context.scope, context.now);
  return status === 'GRANTED' ? [] : [finding(rule, GROUNDS[status])];
}
