import * as z from 'zod';
import { EpochMs, OpaqueId, Sha256Hex } from '../vocabulary.ts';
import { TemplateName } from './templates.ts';

export const IncidentState = z.enum(['REPORTED', 'ASSESSED', 'READY', 'NOTIFYING', 'NOTIFIED', 'CLOSED']);
export type IncidentState = z.infer<typeof IncidentState>;

/** For whom the operator held the data: a processor tells its controller, who tells the authority (GDPR Art 33(2)). */
export const IncidentRole = z.enum(['CONTROLLER', 'PROCESSOR']);
export type IncidentRole = z.infer<typeof IncidentRole>;

/** The risk to people: none is likely, some (GDPR Art 33(1)), or high (Art 34(1)). */
export const Risk = z.enum(['UNLIKELY', 'RISK', 'HIGH']);
export type Risk = z.infer<typeof Risk>;

/** Which kinds of data were exposed; what they said is nowhere. */
export const DataElement = z.enum([
  'NAME',
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'POSTAL_ADDRESS',
  'DATE_OF_BIRTH',
  'NATIONAL_ID',
  'TAX_ID',
  'DRIVING_LICENCE',
  'PASSPORT',
  'PAYMENT_CARD',
  'BANK_ACCOUNT',
  'PASSWORD',
  'SECURITY_QUESTION',
  'HEALTH',
  'HEALTH_INSURANCE',
  'BIOMETRIC',
  'GENETIC',
  'LOCATION',
  'CALL_RECORDING',
  'MESSAGE_CONTENT',
  'SPECIAL_CATEGORY',
  'OTHER',
]);
export type DataElement = z.infer<typeof DataElement>;

/** A country by ISO 3166-1, or a state of the United States by ISO 3166-2; `EU` and `US` as long as nobody knows more. */
export const Jurisdiction = z
  .string()
  .regex(/^[A-Z]{2}$|^US-[A-Z]{2}$/, 'expected a country such as DE, or a US state such as US-CA');

/** Why people need not be told one by one: GDPR Art 34(3)(a), (b), (c). */
export const ExemptionGround = z.enum(['UNINTELLIGIBLE_DATA', 'RISK_REMOVED', 'DISPROPORTIONATE_EFFORT']);
export type ExemptionGround = z.infer<typeof ExemptionGround>;

/** A document of the operator's own: its id and the hash of its bytes, so that the register proves which text was meant. */
export const IncidentDocument = z.object({
  /** GDPR Art 33(5): facts, effects, remedial action; or what was told to an authority, or why late. */
  about: z.enum(['FACTS', 'EFFECTS', 'REMEDIAL_ACTION', 'NOTICE', 'DELAY', 'EXEMPTION']),
  id: OpaqueId,
  sha256: Sha256Hex,
});
export type IncidentDocument = z.infer<typeof IncidentDocument>;

/** One notice to whom a clock names: an authority, an attorney general, the controller, a card brand. */
export const AuthorityNotice = z.object({
  /** The clock that it answers, by id. */
  clock: OpaqueId,
  /** The operator's own name for who was told. */
  authority: OpaqueId,
  /** When it was told; epoch milliseconds. */
  at: EpochMs,
  by: OpaqueId,
  /** Information may be given in phases (GDPR Art 33(4)): the first notice keeps the time, the others follow. */
  phase: z.enum(['INITIAL', 'FURTHER']),
  /** Id of the operator's document that gives the reasons of a late notice (Art 33(1)). */
  delayReason: OpaqueId.optional(),
});
export type AuthorityNotice = z.infer<typeof AuthorityNotice>;

const https = z.url({ protocol: /^https$/ }).max(200);

/** What templates may fill in, all of it the operator's own: no placeholder can hold anything about a person. */
export const NoticeContact = z.object({
  url: https,
  /** E.164, of the operator's own line. */
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number in E.164, such as +18005550100'),
  /** The one address that a text may name. */
  email: z.email().optional(),
  /** Where people change how they are reached. */
  preferencesUrl: https,
});
export type NoticeContact = z.infer<typeof NoticeContact>;

const Act = z.object({ by: OpaqueId, at: EpochMs });

/** A personal data breach: what is known of it, what was decided, and who was told. Nothing about a person. */
export const Incident = z.object({
  id: z.uuid(),
  version: z.number().int().positive(),
  kind: z.literal('PERSONAL_DATA_BREACH'),
  state: IncidentState,
  /** The operator's own, such as the key of a ticket. */
  reference: OpaqueId,
  receivedAt: EpochMs,
  receivedBy: OpaqueId,
  source: z.enum(['API', 'JIRA', 'PAGERDUTY']),
  /** When the operator became aware of the breach: what every clock runs from. */
  knownAt: EpochMs,
  occurredFrom: EpochMs.optional(),
  occurredTo: EpochMs.optional(),
  role: IncidentRole,
  /** Absent until somebody has judged it. */
  risk: Risk.optional(),
  dataElements: z.array(DataElement),
  jurisdictions: z.array(Jurisdiction),
  /** How many people are concerned, so far as is known. */
  persons: z.number().int().nonnegative().optional(),
  documents: z.array(IncidentDocument),
  contact: NoticeContact.optional(),
  template: z
    .object({
      name: TemplateName,
      purpose: z.literal('BREACH_NOTICE'),
    })
    .optional(),
  /** The list of who is to be told: one version of one object in the privacy bucket. */
  affected: z
    .object({
      bucketKey: z.string().min(1),
      versionId: z.string().min(1),
      sha256: Sha256Hex,
      rows: z.number().int().positive(),
    })
    .optional(),
  /** Whoever prepared the notices does not release them. */
  prepared: Act.optional(),
  release: Act.optional(),
  /** When the last notice had been sent or had ended otherwise. */
  notifiedAt: EpochMs.optional(),
  authorityNotices: z.array(AuthorityNotice),
  exemption: Act.extend({ ground: ExemptionGround, document: OpaqueId }).optional(),
  /** Clocks that do not bind the operator after all, each with the document that says why. */
  waivers: z.array(Act.extend({ clock: OpaqueId, document: OpaqueId })).optional(),
  closedAt: EpochMs.optional(),
});
export type Incident = z.infer<typeof Incident>;
