import type { ReasonCode } from '../../decision/reasons.ts';
import { type ConsentStatus, consentPosition } from '../../state/position.ts';
import { addMonths } from '../calendar-months.ts';
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
  const { maxAgeMonths } = rule;
  const lapsed =
    grant !== undefined &&
    maxAgeMonths !== undefined &&
    addMonths(grant.effectiveAt, maxAgeMonths) <= context.now;
  return lapsed ? [finding(rule, 'CONSENT_EXPIRED')] : [];
}

/** Contact needs a signed writing that names the seller and the number and makes both disclosures. */
export function evaluateWrittenConsentRequired(
  rule: RuleOf<'writtenConsentRequired'>,
  { state, scope, now }: RuleContext,
): readonly Finding[] {
  const { status, writing } = consentPosition(state, scope, now);
  const written = writing?.proof?.written;
  const complete =
    written !== undefined &&
    written.seller === scope.seller &&
    written.namesNumber &&
    written.disclosesAutodialling &&
    written.disclosesNoCondition;
  if (complete) return [];
  return [finding(rule, status === 'GRANTED' ? 'CONSENT_MISSING' : GROUNDS[status])];
}
