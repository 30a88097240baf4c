import * as z from 'zod';
import { Channel, EpochMs, OpaqueId, Purpose, Seller, Source } from '../vocabulary.ts';
import { AskedScope, ConsentRegister, Evidence, Proof, ReviewOutcome } from './facts.ts';

/** What one source said in one suppression facet, joined over every time it said so. */
export const SuppressionRecord = z.object({
  /** The latest request: what a later consent must be newer than. */
  effectiveAt: EpochMs,
  /** The first request: the legal clock, which no replay may reset (47 CFR 64.1200(d)(3)). */
  firstEffectiveAt: EpochMs,
  receivedAt: EpochMs,
  expiresAt: EpochMs.optional(),
  by: OpaqueId,
  eventId: OpaqueId,
  evidence: Evidence.optional(),
  asked: AskedScope.optional(),
});
export type SuppressionRecord = z.infer<typeof SuppressionRecord>;

export const ConsentRecord = z.object({
  effectiveAt: EpochMs,
  receivedAt: EpochMs,
  expiresAt: EpochMs.optional(),
  source: Source,
  by: OpaqueId,
  eventId: OpaqueId,
  proof: Proof.optional(),
});
export type ConsentRecord = z.infer<typeof ConsentRecord>;

/** One register for each thing a person can say about consent, so that none overwrites another. */
export const ConsentFacet = z.partialRecord(ConsentRegister, ConsentRecord);
export type ConsentFacet = z.infer<typeof ConsentFacet>;

export const HoldRecord = z.object({
  placedBy: OpaqueId,
  placedAt: EpochMs,
  /** Who released it, and when last. Two different people after `placedAt` end the hold. */
  releases: z.record(OpaqueId, EpochMs),
});
export type HoldRecord = z.infer<typeof HoldRecord>;

/** The first word on a review; whatever it was, the provisional suppression ends. */
export const ReviewRecord = z.object({ outcome: ReviewOutcome, by: OpaqueId, at: EpochMs });
export type ReviewRecord = z.infer<typeof ReviewRecord>;

/** The last time that something happened. */
export const EventRecord = z.object({
  effectiveAt: EpochMs,
  receivedAt: EpochMs,
  source: Source,
  by: OpaqueId,
  eventId: OpaqueId,
});
export type EventRecord = z.infer<typeof EventRecord>;

/** One allowed attempt. */
export const Attempt = z.object({
  at: EpochMs,
  decisionId: z.string(),
  channel: Channel,
  purpose: Purpose,
  seller: Seller.optional(),
  campaignId: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** Everything that is known of one contact point and can bear on a decision. */
export const ContactPointState = z.object({
  /** `CHANNEL#REASON#SELLER#SOURCE` -> record; the key ends in `#REVIEW` or in `#PURPOSE` where it is about one. */
  suppressions: z.record(z.string(), SuppressionRecord),
  /** `CHANNEL#PURPOSE#SELLER` -> registers. */
  consents: z.record(z.string(), ConsentFacet),
  /** case id -> hold. */
  holds: z.record(OpaqueId, HoldRecord),
  /** review id -> how it ended. Absent until one has. */
  reviews: z.record(OpaqueId, ReviewRecord).optional(),
  /** `KIND#SELLER` -> when it last happened: conversations, transactions, inquiries, answers on reassignment. */
  events: z.record(z.string(), EventRecord).optional(),
  attempts: z.array(Attempt),
  /** `CHANNEL#PURPOSE#SELLER` -> when a contact with consent was last allowed: its proof is kept for years from then. */
  uses: z.record(z.string(), EpochMs).optional(),
  /** When the person was last erased: no statement made until then is taken any more. */
  erasedAt: EpochMs.optional(),
});
export type ContactPointState = z.infer<typeof ContactPointState>;

export const EMPTY_STATE: ContactPointState = { suppressions: {}, consents: {}, holds: {}, attempts: [] };

/** Whether nothing but attempts is known: such an item may be let go once they are too old to count. */
export function holdsNoFacts(state: ContactPointState): boolean {
  return [state.suppressions, state.consents, state.holds, state.reviews ?? {}, state.events ?? {}].every(
    (facets) => Object.keys(facets).length === 0,
  );
}
