import { consentPosition, standingSuppressions } from '../../state/position.ts';
import type { SuppressionRecord } from '../../state/state.ts';
import type { Purpose } from '../../vocabulary.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';
import { isExempt, REQUESTS } from './exemptions.ts';

/** A standing suppression blocks, unless the rule lets something newer lift it. */
export function evaluateSuppression(rule: RuleOf<'suppression'>, context: RuleContext): readonly Finding[] {
  const { state, scope, now } = context;
  const stands = standingSuppressions(state, scope, now).some(
    ({ reason, record }) =>
      rule.reasons.some((named) => named === reason) &&
      (rule.reach === undefined || isAbout(record, [rule.judgedAs ?? scope.purpose])) &&
      !isExempt(rule.exemptions, context, record.effectiveAt),
  );
  return stands ? [finding(rule, 'SUPPRESSED')] : [];
}

/** Withdrawn consent and an objection block until newer proved consent, also where no consent was needed at first. */
export function evaluateRevocation(rule: RuleOf<'revocation'>, context: RuleContext): readonly Finding[] {
  const { state, now } = context;
  const scope = { ...context.scope, purpose: rule.judgedAs ?? context.scope.purpose };
  const { grant, withdrawnAt } = consentPosition(state, scope, now);
  return withdrawnAt !== undefined && grant === undefined ? [finding(rule, 'CONSENT_WITHDRAWN')] : [];
}

/** A refusal on one channel, or of one purpose, ends contact on every channel and for every purpose of the rule. */
export function evaluateRevokeAll(rule: RuleOf<'revokeAll'>, context: RuleContext): readonly Finding[] {
  const { state, scope, now } = context;
  const requests = rule.channels.flatMap((channel) =>
    standingSuppressions(state, { ...scope, channel }, now)
      .filter(({ reason, record }) => REQUESTS.has(reason) && isAbout(record, rule.purposes))
      .map(({ record }) => record.effectiveAt),
  );
  const withdrawals = rule.channels.flatMap((channel) =>
    rule.purposes.map(
      (purpose) => consentPosition(state, { ...scope, channel, purpose }, now).withdrawnAt ?? -1,
    ),
  );
  const refusedAt = Math.max(-1, ...requests, ...withdrawals);
  const consentedAt = consentPosition(state, scope, now).grant?.effectiveAt ?? -1;
  return refusedAt >= 0 && consentedAt <= refusedAt ? [finding(rule, 'CONSENT_WITHDRAWN')] : [];
}

/** A request that does not say what it answers is about everything. */
function isAbout({ asked }: SuppressionRecord, purposes: readonly Purpose[]): boolean {
  return asked?.purpose === undefined || purposes.includes(asked.purpose);
}
