import { createHmac } from 'node:crypto';
import type { Pepper, Token } from '../contact-point/token.ts';
import type { AskedPurpose, SuppressionFact } from '../state/facts.ts';
import { facetKey } from '../state/merge.ts';
import type { ContactPointState } from '../state/state.ts';

/** A message as far as it may be kept: who wrote it, and what, is not in it. */
export type KeptMessage = {
  readonly channel: 'SMS' | 'EMAIL';
  readonly id: string;
  /** The words of our own list that were found. */
  readonly keyword: string;
  readonly seller: string;
  /** What the message that it answers was about, where that is known. */
  readonly purpose?: AskedPurpose | undefined;
  /** Who handed it in. */
  readonly by: string;
  /** Epoch milliseconds: when it was said, and when we heard of it. */
  readonly effectiveAt: number;
  readonly receivedAt: number;
};

/** Reviews that one contact point can have, over all time: its item, and every entry with its state, stays small. */
export const MOST_REVIEWS = 20;

/** One message to one contact point, the same each time; it cannot be traced back to a number in a message's id. */
export function messageRef(
  { pepper }: Pepper,
  {
    token,
    channel,
    messageId,
  }: { readonly token: Token; readonly channel: string; readonly messageId: string },
): string {
  const named = JSON.stringify(['message', token, channel, messageId]);
  return createHmac('sha256', pepper).update(named).digest('hex').slice(0, 32);
}

/**
 * The opt-out that a message is. It is taken for every channel and every seller (47 CFR 64.1200(a)(10)); what it
 * answered is kept beside it, since the law on how far a revocation reaches changes (DA 26-12, FCC 26-67).
 */
export function messageOptOut(message: KeptMessage): SuppressionFact {
  const { channel, id, keyword, seller, purpose, by, effectiveAt, receivedAt } = message;
  return {
    kind: 'suppression',
    channel: 'ALL',
    reason: 'CUSTOMER_REQUEST',
    seller: '*',
    source: channel === 'SMS' ? 'SMS_KEYWORD' : 'EMAIL_REPLY',
    by,
    eventId: id,
    effectiveAt,
    receivedAt,
    evidence: { reference: `keyword:${keyword}` },
    asked: { channel, seller, ...(purpose === undefined ? {} : { purpose }) },
  };
}

/**
 * What a message that could be an opt-out does: it blocks until somebody has read it. Where a contact point has had as
 * many reviews as it can, it is an opt-out: whoever says so that often means it.
 */
export function messageDoubt(state: ContactPointState, message: KeptMessage): SuppressionFact {
  const optOut = messageOptOut(message);
  const doubt: SuppressionFact = { ...optOut, reason: 'PROVISIONAL', reviewId: message.id };
  const reviewed = Object.keys(state.suppressions).filter((key) => key.includes('#PROVISIONAL#'));
  const isNew = !reviewed.includes(facetKey(doubt));
  return isNew && reviewed.length >= MOST_REVIEWS ? optOut : doubt;
}

/** Whether this very fact is known: a message is delivered more than once, with a new time of arrival each time. */
export function isKnown(state: ContactPointState, fact: SuppressionFact): boolean {
  return state.suppressions[facetKey(fact)]?.eventId === fact.eventId;
}

/** Whether the person wants no contact of any kind any more, and has consented to none since. */
export function hasRevokedAll(state: ContactPointState): boolean {
  const granted = Object.values(state.consents).map(({ GRANTED }) => GRANTED?.effectiveAt ?? -1);
  const latest = Math.max(-1, ...granted);
  return Object.entries(state.suppressions).some(
    ([key, { effectiveAt, expiresAt }]) =>
      /^ALL#(?:CUSTOMER_REQUEST|OBJECTION)#\*#/.test(key) && expiresAt === undefined && effectiveAt >= latest,
  );
}
