import * as z from 'zod';

/** How a person is reached. */
export const Channel = z.enum(['VOICE', 'SMS', 'EMAIL']);
export type Channel = z.infer<typeof Channel>;

/** What an opt-out or a consent is about: one channel, or every channel. */
export const ChannelScope = z.enum([...Channel.options, 'ALL']);
export type ChannelScope = z.infer<typeof ChannelScope>;

/** Why a person is contacted. The law differs by it, so a check without one is blocked. */
export const Purpose = z.enum(['MARKETING', 'SERVICE', 'COLLECTION', 'BREACH_NOTICE']);
export type Purpose = z.infer<typeof Purpose>;

/** Who is called: some laws protect consumers alone, some businesses too. */
export const Audience = z.enum(['CONSUMER', 'BUSINESS']);
export type Audience = z.infer<typeof Audience>;

/** How a call is made: by a person, by a machine that a person then speaks through, or with a recorded voice. */
export const Technology = z.enum(['LIVE', 'AUTOMATED', 'PRERECORDED']);
export type Technology = z.infer<typeof Technology>;

/** What is offered, so far as some law treats its offer apart. */
export const Product = z.enum([
  'CLAIMS_MANAGEMENT',
  'PENSIONS',
  'ENERGY',
  'ENERGY_RENOVATION',
  'HOME_ADAPTATION',
  'OTHER',
]);
export type Product = z.infer<typeof Product>;

export const PurposeScope = z.enum([...Purpose.options, 'ALL']);
export type PurposeScope = z.infer<typeof PurposeScope>;

/** The brand on whose behalf a contact is made: the operator's own short id. */
export const Seller = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected 1-64 of A-Z a-z 0-9 . _ -')
  .refine((id) => isOpaque(id), 'expected no run of 7 digits');

/** One seller, or `*` for every seller. */
export const SellerScope = z.union([z.literal('*'), Seller]);

/** UUIDs and hex digests: nothing about a person can be read off them, whatever digits they hold. */
const MACHINE_ID =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
const ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
/** Seven digits, in whatever grouping, can be a subscriber number. */
const LIKE_A_NUMBER = /(?:\d[.:_-]*){7}/;

/** Whether an id can be written to the log in clear: no address, no blank, nothing that could be a phone number. */
export function isOpaque(id: string): boolean {
  return MACHINE_ID.test(id) || (ID.test(id) && !LIKE_A_NUMBER.test(id));
}

/** An id that means something to the caller's systems and nothing to anybody else. */
export const OpaqueId = z
  .string()
  .refine(isOpaque, 'expected an opaque id: 1-128 of A-Z a-z 0-9 . _ : -, with no run of 7 digits');

/** Where a statement about a person came from. */
export const Source = z.enum([
  'GENESYS_AGENT_DISPOSITION',
  'WEBSITE_FORM',
  'SMS_KEYWORD',
  'EMAIL_REPLY',
  'VOICEMAIL',
  'LETTER',
  'IVR',
  'AGENT',
  'BULK_UPLOAD',
  'GENESYS_DNC_LIST',
  'NICE_CXONE',
  'PBX',
  'PRIVACY_REQUEST',
  'LEGAL',
]);
export type Source = z.infer<typeof Source>;

/** Why a contact point is suppressed. Registry membership and litigation holds are kept apart from these. */
export const SuppressionReason = z.enum(['CUSTOMER_REQUEST', 'OBJECTION', 'INTERNAL_POLICY', 'PROVISIONAL']);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

/**
 * Why a person is erased: GDPR Art 17(1)(a)-(f), whatever another law lets a person ask, or once more because a restored
 * table had brought the person back.
 */
export const ErasureReason = z.enum([
  'NO_LONGER_NEEDED',
  'CONSENT_WITHDRAWN',
  'OBJECTION',
  'UNLAWFUL',
  'LEGAL_OBLIGATION',
  'CHILD_CONSENT',
  'SUBJECT_REQUEST',
  'AFTER_RESTORE',
]);
export type ErasureReason = z.infer<typeof ErasureReason>;

/** Lower-case hex SHA-256. */
export const Sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');

/** Milliseconds since 1970-01-01T00:00Z. */
export const EpochMs = z.number().int().nonnegative();
