import * as z from 'zod';
import { isToken } from '../contact-point/token.ts';
import { AskedPurpose, type ReviewFact, ReviewOutcome, type SuppressionFact } from '../state/facts.ts';
import { EpochMs, OpaqueId, SellerScope } from '../vocabulary.ts';
import { businessDaysAfter } from './business-days.ts';
import { type KeptMessage, messageOptOut } from './message-facts.ts';

/** "Within a reasonable time not to exceed ten business days" (47 CFR 64.1200(a)(10), (d)(3)). */
const BUSINESS_DAYS = 10;

export const ReviewDecision = z.object({ outcome: ReviewOutcome, by: OpaqueId, at: EpochMs });
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/** A message that a person must read; its contact point is blocked meanwhile, so that the clock is no grace. */
export const Review = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  kind: z.literal('DOUBTFUL_MESSAGE'),
  token: z.string().refine(isToken),
  channel: z.enum(['SMS', 'EMAIL']),
  seller: SellerScope,
  purpose: AskedPurpose.optional(),
  keyword: OpaqueId,
  by: OpaqueId,
  effectiveAt: EpochMs,
  receivedAt: EpochMs,
  dueAt: EpochMs,
  /** The message under the contact point's data key; absent once it has been read and decided. */
  text: z.instanceof(Uint8Array).optional(),
  decision: ReviewDecision.optional(),
});
export type Review = z.infer<typeof Review>;

export interface Reviews {
  /** Puts a review into the queue; one that is there already stays as it is. */
  open(review: Review): Promise<void>;
  /** Fixes how a review ends. The first word counts: the answer says what it was. Undefined: no such review. */
  decide(id: string, decision: ReviewDecision): Promise<Review | undefined>;
  /** Takes a decided review, and the message with it, out of the queue. */
  close(review: Review): Promise<void>;
  /** Every review in the queue, the one due first in front. */
  waiting(): Promise<readonly Review[]>;
}

/** The review of a message. */
export function reviewOf(
  message: KeptMessage,
  { token, text }: { readonly token: string; readonly text: Uint8Array },
): Review {
  const { id, channel, seller, purpose, keyword, by, effectiveAt, receivedAt } = message;
  // A message cannot be said later than it was heard; the clock starts with the earlier of the two.
  const dueAt = businessDaysAfter(effectiveAt, BUSINESS_DAYS);
  const asked = { channel, seller, ...(purpose === undefined ? {} : { purpose }) };
  const said = { ...asked, keyword, by, effectiveAt, receivedAt, dueAt, text };
  return Review.parse({ id, kind: 'DOUBTFUL_MESSAGE', token, ...said });
}

/** What a decided review says of its contact point, in the order in which it is to be recorded. */
export function factsOf(
  review: Review,
  { outcome, by, at }: ReviewDecision,
): readonly (SuppressionFact | ReviewFact)[] {
  const ended: ReviewFact = { kind: 'review', reviewId: review.id, outcome, by, at };
  // The block passes from one fact to the other: at no moment is there none.
  return outcome === 'OPT_OUT' ? [messageOptOut(review), ended] : [ended];
}
