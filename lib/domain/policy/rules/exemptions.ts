import { consentPosition, lastEventAt, standingSuppressions } from '../../state/position.ts';
import { addMonths } from '../calendar-months.ts';
import type { Exemption } from '../policy.ts';
import type { RuleContext } from './context.ts';

/** What ends a business relationship: a request of the person, not the operator's own policy. */
const REQUESTS: ReadonlySet<string> = new Set(['CUSTOMER_REQUEST', 'OBJECTION']);

/** Whether one of a rule's exemptions holds, by something newer than `after` (epoch milliseconds) where that is given. */
export function isExempt(
  exemptions: readonly Exemption[] | undefined,
  context: RuleContext,
  after = Number.NEGATIVE_INFINITY,
): boolean {
  return (exemptions ?? []).some((exemption) => {
    const since = heldSince(exemption, context);
    return since !== undefined && since > after;
  });
}

/** The moment from which an exemption holds; undefined if it does not. */
function heldSince(exemption: Exemption, context: RuleContext): number | undefined {
  const { state, scope, now } = context;
  switch (exemption.kind) {
    case 'consent':
      return consentPosition(state, scope, now).grant?.effectiveAt;
    case 'writtenConsent': {
      const { writing } = consentPosition(state, scope, now);
      const { seller, namesNumber } = writing?.proof?.written ?? {};
      return namesNumber && seller === scope.seller ? writing?.effectiveAt : undefined;
    }
    case 'businessRelationship':
      return relatedSince(exemption, context);
  }
}

/** 47 CFR 64.1200(f)(5): so many months from a transaction or an inquiry, unless a request has ended it since. */
function relatedSince(
  months: Extract<Exemption, { kind: 'businessRelationship' }>,
  { state, scope, now }: RuleContext,
): number | undefined {
  const requests = standingSuppressions(state, scope, now).filter(({ reason }) => REQUESTS.has(reason));
  const endedAt = Math.max(
    consentPosition(state, scope, now).withdrawnAt ?? -1,
    ...requests.map(({ record }) => record.effectiveAt),
  );
  const holding = [
    { kind: 'TRANSACTION' as const, length: months.transactionMonths },
    { kind: 'INQUIRY' as const, length: months.inquiryMonths },
  ].flatMap(({ kind, length }) => {
    const at = lastEventAt(state, kind, { seller: scope.seller, binding: false });
    return at !== undefined && at > endedAt && now < addMonths(at, length) ? [at] : [];
  });
  return holding.length === 0 ? undefined : Math.max(...holding);
}
