import * as z from 'zod';
import {
  ChannelScope,
  EpochMs,
  OpaqueId,
  Purpose,
  PurposeScope,
  Seller,
  SellerScope,
  Sha256Hex,
  Source,
  SuppressionReason,
} from '../vocabulary.ts';

/** What shows that a request was made: a hash of the recording or the form, and where the operator keeps it. */
export const Evidence = z.object({ sha256: Sha256Hex.optional(), reference: OpaqueId.optional() });
export type Evidence = z.infer<typeof Evidence>;

/** A signed agreement to be called, and what it says: 47 CFR 64.1200(c)(2)(ii), (f)(9). */
export const Writing = z.object({
  signature: z.enum(['INK', 'ELECTRONIC']),
  /** The seller that it names. */
  seller: Seller,
  /** Whether it names the number that may be called. */
  namesNumber: z.boolean(),
  /** Whether it says that calls may be autodialled, or of an artificial or recorded voice. */
  disclosesAutodialling: z.boolean(),
  /** Whether it says that it is no condition of a purchase. */
  disclosesNoCondition: z.boolean(),
});
export type Writing = z.infer<typeof Writing>;

/**
 * How an own customer's address was obtained, where the law then permits messages without consent: Directive 2002/58/EC
 * Art 13(2). Whether a message keeps to its terms is said by each check.
 */
export const SoftOptIn = z.object({
  /** What the person was about to do: buy, talk of buying (UK PECR reg 22(3)(a)), or support a charity (UK, 2026). */
  obtainedIn: z.enum(['SALE', 'NEGOTIATIONS', 'CHARITY']),
  /** Whether the person could object, easily and free of charge, when the address was collected. */
  optOutOffered: z.boolean(),
});
export type SoftOptIn = z.infer<typeof SoftOptIn>;

/** What shows that consent was given: GDPR Art 7(1), 47 CFR 64.1200(f)(9). */
export const Proof = z.object({
  textVersion: OpaqueId,
  capturedBy: z.enum([
    'WEB_FORM',
    'PAPER',
    'VOICE_RECORDING',
    'SMS_REPLY',
    'EMAIL_DOUBLE_OPT_IN',
    'AGENT',
    'CONTRACT',
  ]),
  evidenceSha256: Sha256Hex,
  reference: OpaqueId.optional(),
  written: Writing.optional(),
  /** SOFT_OPT_IN only. */
  softOptIn: SoftOptIn.optional(),
});
export type Proof = z.infer<typeof Proof>;

const Provenance = {
  source: Source,
  by: OpaqueId,
  /** The caller's id of the event, the same on every redelivery. */
  eventId: OpaqueId,
  effectiveAt: EpochMs,
  receivedAt: EpochMs,
};

export const ReviewOutcome = z.enum(['OPT_OUT', 'NOT_OPT_OUT']);
export type ReviewOutcome = z.infer<typeof ReviewOutcome>;

/** What a contact can be about whose recipient asks for no more of it. */
export const AskedPurpose = Purpose.exclude(['BREACH_NOTICE']);
export type AskedPurpose = z.infer<typeof AskedPurpose>;

/** The channel and the seller that a request named, or came in by, and what the contact was about that it answers. */
export const AskedScope = z.object({
  channel: ChannelScope,
  seller: SellerScope,
  purpose: AskedPurpose.optional(),
});
export type AskedScope = z.infer<typeof AskedScope>;

/** A person, or the operator, wants no contact. */
export const SuppressionFact = z.object({
  kind: z.literal('suppression'),
  channel: ChannelScope,
  reason: SuppressionReason,
  seller: SellerScope,
  ...Provenance,
  /** Absent: permanent. */
  expiresAt: EpochMs.optional(),
  evidence: Evidence.optional(),
  /** What the person asked for where more than that is suppressed. */
  asked: AskedScope.optional(),
  /** PROVISIONAL only: the review that ends it. */
  reviewId: OpaqueId.optional(),
});
export type SuppressionFact = z.infer<typeof SuppressionFact>;

export const ConsentEvent = z.enum(['GRANTED', 'PENDING', 'WITHDRAWN', 'OBJECTED', 'SOFT_OPT_IN']);
export type ConsentEvent = z.infer<typeof ConsentEvent>;

/** Where the latest of each kind is kept; a later oral consent must not displace one in writing, which permits more. */
export const ConsentRegister = z.enum([...ConsentEvent.options, 'GRANTED_IN_WRITING']);
export type ConsentRegister = z.infer<typeof ConsentRegister>;

/** A person gave, is about to confirm, withdrew or refused consent, or bought without refusing messages (soft opt-in). */
export const ConsentFact = z.object({
  kind: z.literal('consent'),
  status: ConsentEvent,
  channel: ChannelScope,
  purpose: PurposeScope,
  seller: SellerScope,
  ...Provenance,
  expiresAt: EpochMs.optional(),
  proof: Proof.optional(),
});
export type ConsentFact = z.infer<typeof ConsentFact>;

/** Legal places a litigation hold, or one of its members releases it. */
export const HoldFact = z.object({
  kind: z.literal('hold'),
  action: z.enum(['PLACED', 'RELEASED']),
  caseId: OpaqueId,
  by: OpaqueId,
  /** 0 stands for "never placed" where a release overtook its hold. */
  at: EpochMs.positive(),
});
export type HoldFact = z.infer<typeof HoldFact>;

/** How somebody read a message that could have been an opt-out: what was suppressed provisionally ends by it. */
export const ReviewFact = z.object({
  kind: z.literal('review'),
  reviewId: OpaqueId,
  outcome: ReviewOutcome,
  by: OpaqueId,
  at: EpochMs,
});
export type ReviewFact = z.infer<typeof ReviewFact>;

/** Somebody spoke with the person on a seller's behalf: 12 CFR 1006.14(b)(2)(i)(B). */
export const ConversationFact = z.object({
  kind: z.literal('conversation'),
  seller: SellerScope,
  ...Provenance,
});
export type ConversationFact = z.infer<typeof ConversationFact>;

/** The person bought from a seller, or asked about what it offers: 47 CFR 64.1200(f)(5). */
export const RelationshipFact = z.object({
  kind: z.literal('relationship'),
  event: z.enum(['TRANSACTION', 'INQUIRY']),
  seller: Seller,
  ...Provenance,
});
export type RelationshipFact = z.infer<typeof RelationshipFact>;

/** What the Reassigned Numbers Database answered when it was asked at `effectiveAt`: 47 CFR 64.1200(m). */
export const ReassignmentFact = z.object({
  kind: z.literal('reassignment'),
  answer: z.enum(['YES', 'NO', 'NO_DATA']),
  ...Provenance,
});
export type ReassignmentFact = z.infer<typeof ReassignmentFact>;

export const Fact = z.discriminatedUnion('kind', [
  SuppressionFact,
  ConsentFact,
  HoldFact,
  ReviewFact,
  ConversationFact,
  RelationshipFact,
  ReassignmentFact,
]);
export type Fact = z.infer<typeof Fact>;
