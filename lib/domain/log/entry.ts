import * as z from 'zod';
import { Fact } from '../state/facts.ts';
import { ContactPointState } from '../state/state.ts';
import {
  Audience,
  Channel,
  EpochMs,
  ErasureReason,
  OpaqueId,
  Product,
  Purpose,
  Seller,
  Sha256Hex,
  Technology,
} from '../vocabulary.ts';
import { EntryBase } from './entry-base.ts';
import { NoticeEntry } from './notice-entry.ts';

const Effect = z.enum(['ALLOW', 'BLOCK']);
const EntryReason = z.object({ code: z.string(), ruleId: z.string() });
const PolicyName = z.object({ name: z.string(), hash: Sha256Hex });
const RegistryFactRecord = z.object({
  registry: z.string(),
  listed: z.boolean(),
  versionAt: z.number(),
  areaCodes: z.union([z.literal('ALL'), z.array(z.string())]),
});

/** What was asked, in ids that mean nothing outside the operator's systems. */
export const ContactDetails = z.object({
  channel: Channel.optional(),
  purpose: Purpose.optional(),
  seller: Seller.optional(),
  product: Product.optional(),
  audience: Audience.optional(),
  technology: Technology.optional(),
  softOptIn: z.boolean().optional(),
  state: z.string().optional(),
  /** The region of the postal code that was given: the code itself is not kept. */
  postalRegion: z.string().optional(),
  campaignId: z.string().optional(),
  contactListId: z.string().optional(),
  contactId: z.string().optional(),
  conversationId: z.string().optional(),
});
export type ContactDetails = z.infer<typeof ContactDetails>;

/** The facts of one contact point at the moment of a decision: enough to decide again. */
export const SubjectFacts = z.object({
  token: z.string(),
  country: z.string(),
  regions: z.array(z.string()),
  areaCode: z.string().optional(),
  timeZones: z.array(z.string()),
  registries: z.array(RegistryFactRecord),
  state: ContactPointState,
  effect: Effect,
  reasons: z.array(EntryReason),
});
export type SubjectFacts = z.infer<typeof SubjectFacts>;

export const DecisionEntry = EntryBase.extend({
  kind: z.literal('decision'),
  decisionId: z.string(),
  effect: Effect,
  reasons: z.array(EntryReason),
  nextAllowedAt: z.iso.datetime().optional(),
  /** Of effect, reasons and nextAllowedAt: what deciding again must give. Entries of early versions have none. */
  resultHash: Sha256Hex.optional(),
  contact: ContactDetails,
  policy: PolicyName,
  facts: z.array(SubjectFacts),
  /** Whether Legal was told of an attempt against a hold before the answer. */
  legalAlert: z.enum(['SENT', 'FAILED']).optional(),
});
export type DecisionEntry = z.infer<typeof DecisionEntry>;

/** A suppression, a consent or a hold that changed a contact point. */
export const FactEntry = EntryBase.extend({ kind: z.literal('fact'), fact: Fact });
export type FactEntry = z.infer<typeof FactEntry>;

/** An opt-out event that could not be read whole: what was suppressed none the less is in entries of its own. */
export const ParkedEntry = EntryBase.extend({
  kind: z.literal('parked'),
  eventId: OpaqueId.optional(),
  cause: z.string(),
  suppressed: z.number().int().nonnegative(),
});
export type ParkedEntry = z.infer<typeof ParkedEntry>;

/** One scrub of a contact list; its rows are proved by the evidence object. */
export const ScrubEntry = EntryBase.extend({
  kind: z.literal('scrub'),
  jobId: z.string(),
  profile: z.string(),
  contact: ContactDetails,
  /** Absent where the list was refused unread: too large, gone, or without a profile. */
  inputSha256: Sha256Hex.optional(),
  outcome: z.enum(['SCRUBBED', 'REJECTED']),
  cause: z.string().optional(),
  counts: z.record(z.string(), z.number().int().nonnegative()),
  policy: PolicyName,
  registries: z.array(RegistryFactRecord.omit({ listed: true })),
  watermark: z.iso.datetime(),
  evidence: z
    .object({ key: z.string(), sha256: Sha256Hex, merkleRoot: Sha256Hex, rows: z.number().int() })
    .optional(),
});
export type ScrubEntry = z.infer<typeof ScrubEntry>;

/** A registry version that was put into use. */
export const RegistryEntry = EntryBase.extend({
  kind: z.literal('registry'),
  registry: z.string(),
  versionAt: z.number(),
  accessedAt: z.number(),
  subscriptionId: z.string().optional(),
  areaCodes: z.union([z.literal('ALL'), z.array(z.string())]),
  /** Area codes whose list is of another date. */
  areaVersions: z.record(z.string(), z.number()).optional(),
  numbers: z.number().int().nonnegative(),
  /** Numbers that were not, or no longer, on the version before. */
  entered: z.number().int().nonnegative().optional(),
  left: z.number().int().nonnegative().optional(),
  snapshotKey: z.string(),
  snapshotSha256: Sha256Hex,
  importId: z.string().optional(),
});
export type RegistryEntry = z.infer<typeof RegistryEntry>;

const Count = z.number().int().nonnegative();

/** A contact point was erased: which statements went with its data key, and what stays. */
export const ErasureEntry = EntryBase.extend({
  kind: z.literal('erasure'),
  reason: ErasureReason,
  by: OpaqueId,
  caseId: OpaqueId.optional(),
  /** From when on nothing older is taken; epoch milliseconds. */
  erasedAt: EpochMs,
  destroyed: z.object({
    dataKey: z.boolean(),
    suppressions: Count,
    consents: Count,
    events: Count,
    reviews: Count,
    attempts: Count,
  }),
  kept: z.object({ suppressions: Count, endedHolds: Count }),
});
export type ErasureEntry = z.infer<typeof ErasureEntry>;

/** Something happened to a data subject request; who asks is told by tokens alone. */
export const SubjectRequestEntry = EntryBase.extend({
  kind: z.literal('subject-request'),
  requestId: z.uuid(),
  type: z.string(),
  event: z.string(),
  /** The state that it is in since. */
  state: z.string(),
  by: OpaqueId,
  reason: OpaqueId.optional(),
  /** How many subjects of other systems were found or approved. */
  subjectsFound: Count.optional(),
  /** What is to be done, and how far it is. */
  steps: z.array(z.object({ id: OpaqueId, state: z.string(), cause: OpaqueId.optional() })).optional(),
});
export type SubjectRequestEntry = z.infer<typeof SubjectRequestEntry>;

/** Something happened to a personal data breach: ids, states and counts, nothing about anybody. */
export const IncidentEntry = EntryBase.extend({
  kind: z.literal('incident'),
  incidentId: z.uuid(),
  reference: OpaqueId,
  event: z.string(),
  /** The state that it is in since. */
  state: z.string(),
  by: OpaqueId,
  /** From when on the clocks run. */
  knownAt: z.iso.datetime(),
  risk: z.string().optional(),
  /** Of the list of who is to be told. */
  affectedSha256: Sha256Hex.optional(),
  template: z.string().optional(),
  /** Which clock a notice answers, who was told, and the document that says why it was late. */
  clock: OpaqueId.optional(),
  authority: OpaqueId.optional(),
  notifiedAt: z.iso.datetime().optional(),
  delayReason: OpaqueId.optional(),
  ground: z.string().optional(),
  /** How many notices are in which state. */
  counts: z.record(z.string(), Count).optional(),
});
export type IncidentEntry = z.infer<typeof IncidentEntry>;

/** A text of notices was written or approved: which, by its hash, and by whom; its words are elsewhere. */
export const NoticeTemplateEntry = EntryBase.extend({
  kind: z.literal('notice-template'),
  template: z.string(),
  language: z.string(),
  channel: Channel,
  templateVersion: Count,
  sha256: Sha256Hex,
  event: z.enum(['WRITTEN', 'APPROVED']),
  by: OpaqueId,
});
export type NoticeTemplateEntry = z.infer<typeof NoticeTemplateEntry>;

/** Outbound contacts of an hour, as the platform recorded them, were held against the decisions on record. */
export const CoverageEntry = EntryBase.extend({
  kind: z.literal('coverage'),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** How long before a contact its decision may lie. */
  windowMs: Count,
  /** Contacts by outcome, and the same by channel. */
  counts: z.record(z.string(), Count),
  channels: z.record(z.string(), z.record(z.string(), Count)),
  /** Legs that were no contacts, by why. */
  leftOut: z.record(z.string(), Count),
  /** Those with the most gaps; not all where they are many. */
  campaigns: z.array(
    z.object({ campaignId: z.string().optional(), contacts: Count, covered: Count, gaps: Count }),
  ),
  /** The first of the contacts that no decision covers. */
  gaps: z.array(
    z.object({
      gapId: z.string(),
      conversationId: z.string(),
      campaignId: z.string().optional(),
      token: z.string().optional(),
      channel: Channel,
      at: z.iso.datetime(),
      outcome: z.string(),
    }),
  ),
});
export type CoverageEntry = z.infer<typeof CoverageEntry>;

/** Somebody has said what an outbound contact without a decision was. */
export const CoverageJudgementEntry = EntryBase.extend({
  kind: z.literal('coverage-judgement'),
  gapId: z.string(),
  conversationId: z.string(),
  outcome: z.string(),
  by: OpaqueId,
  reason: OpaqueId,
});
export type CoverageJudgementEntry = z.infer<typeof CoverageJudgementEntry>;

/** One line of the audit log before it has an index. */
export const Entry = z.discriminatedUnion('kind', [
  DecisionEntry,
  FactEntry,
  ParkedEntry,
  ScrubEntry,
  RegistryEntry,
  ErasureEntry,
  SubjectRequestEntry,
  IncidentEntry,
  NoticeTemplateEntry,
  CoverageEntry,
  CoverageJudgementEntry,
  NoticeEntry,
]);
export type Entry = z.infer<typeof Entry>;

/** The same, as logged: `index` counts from 0 without a gap. */
export const LoggedEntry = z.intersection(Entry, z.object({ index: z.number().int().nonnegative() }));
export type LoggedEntry = z.infer<typeof LoggedEntry>;
