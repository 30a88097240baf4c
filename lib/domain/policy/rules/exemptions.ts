import { consentPosition, lastEventAt, standingSuppressions } from '../../state/position.ts';
import { addMonths } from '../calendar-months.ts';
import type { Exemption } from '../policy.ts';
import type { RuleContext } from './context.ts';

/** What ends a business relationship and a soft opt-in: a request of the person, not the operator's own policy. */
export const REQUESTS: ReadonlySet<string> = new Set(['CUSTOMER_REQUEST', 'OBJECTION']);

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
    case 'softOptIn':
      return softOptInSince(exemption, context);
  }
}

/** The latest request or withdrawal that bears on a contact, epoch milliseconds; -1 if there is none. */
function lastRefusal({ state, scope, now }: RuleContext): number {
  const requests = standingSuppressions(state, scope, now).filter(({ reason }) => REQUESTS.has(reason));
  return Math.max(
    consentPosition(state, scope, now).withdrawnAt ?? -1,
    ...requests.map(({ record }) => record.effectiveAt),
  );
}

/** 47 CFR 64.1200(f)(5): so many months from a transaction or an inquiry, unless a request has ended it since. */
function relatedSince(
  months: Extract<Exemption, { kind: 'businessRelationship' }>,
  context: RuleContext,
): number | undefined {
  const { state, scope, now } = context;
  const endedAt = lastRefusal(context);
  const holding = [
    { kind: 'TRANSACTION' as const, length: months.transactionMonths },
    { kind: 'INQUIRY' as const, length: months.inquiryMonths },
  ].flatMap(({ kind, length }) => {
    const at = lastEventAt(state, kind, { seller: scope.seller, binding: false });
    return at !== undefined && at > endedAt && now < addMonths(at, length) ? [at] : [];
  });
  return holding.length === 0 ? undefined : Math.max(...holding);
}

/** Directive 2002/58/EC Art 13(2): every condition is on record, those of the message in the check itself. */
function softOptInSince(
  { channels, obtainedIn, maxAgeMonths }: Extract<Exemption, { kind: 'softOptIn' }>,
  context: RuleContext,
): number | undefined {
  const { state, scope, now } = context;
  const { softOptIn: record } = consentPosition(state, scope, now);
  const terms = record?.proof?.softOptIn;
  if (record === undefined || terms === undefined) return undefined;
  const kept =
    scope.softOptIn === true &&
    channels.some((channel) => channel === scope.channel) &&
    terms.optOutOffered &&
    obtainedIn.includes(terms.obtainedIn) &&
    record.effectiveAt > lastRefusal(context) &&
    (maxAgeMonths === undefined || now < addMonths(record.effectiveAt, maxAgeMonths));
  return kept ? record.effectiveAt : undefined;
}
