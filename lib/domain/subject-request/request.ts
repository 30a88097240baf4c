import * as z from 'zod';
import { isToken } from '../contact-point/token.ts';
import { EpochMs, OpaqueId } from '../vocabulary.ts';
import { CorrelatedSubject } from './correlate.ts';
import { Identifier, Replacement } from './identifier.ts';

/** What a person asks for: GDPR Art 15 with 20, 16, 17, 18 and 21. */
export const RequestType = z.enum(['ACCESS', 'RECTIFICATION', 'ERASURE', 'RESTRICTION', 'OBJECTION']);
export type RequestType = z.infer<typeof RequestType>;

export const RequestState = z.enum([
  'RECEIVED',
  'IDENTITY_CHECKED',
  'SUBJECTS_FOUND',
  'AWAITING_REVIEW',
  'APPROVED',
  'RUNNING',
  'COMPLETED',
  'PARTIAL',
  'REFUSED',
]);
export type RequestState = z.infer<typeof RequestState>;

/** Why a request is refused; the person is told it, and of the right to complain (GDPR Art 12(4)). */
export const RefusalReason = z.enum([
  /** Art 12(6): nothing showed who asks. */
  'IDENTITY_NOT_SHOWN',
  /** Art 12(5)(b). */
  'MANIFESTLY_UNFOUNDED',
  'EXCESSIVE',
  /** Art 17(3)(b) and (e). */
  'LEGAL_OBLIGATION',
  'LEGAL_CLAIMS',
  /** The platform needs the data of a current user; https://help.mypurecloud.com/articles/genesys-cloud-and-gdpr-compliance/ */
  'CURRENT_EMPLOYEE',
  /** Nothing that was found is certainly about the person. */
  'NOT_IDENTIFIED',
  'WITHDRAWN',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** How it was shown who asks. */
export const IdentityMethod = z.enum(['ACCOUNT_LOGIN', 'CALL_BACK', 'CODE_SENT', 'DOCUMENT', 'IN_PERSON']);
export type IdentityMethod = z.infer<typeof IdentityMethod>;

export const StepState = z.enum(['WAITING', 'SENT', 'DONE', 'FAILED', 'HELD']);
export type StepState = z.infer<typeof StepState>;

/** One thing to be done for a request in one system. Each is done once, however often it is tried. */
export const Step = z.object({
  /** Says what is to be done, so that planning again gives the same: `dialguard:<token>`, `genesys:subject-1`, ... */
  id: OpaqueId,
  system: z.enum(['DIALGUARD', 'GENESYS_CLOUD', 'MULTICLOUD']),
  state: StepState,
  attempts: z.number().int().nonnegative(),
  /** When the other system was about to be asked: whether it was is looked up, never guessed. */
  sentAt: EpochMs.optional(),
  /** The other system's ids of what was asked of it; one request can become several there. */
  references: z.array(z.string().min(1).max(128)).optional(),
  /** References of earlier attempts, which say nothing of this one. */
  former: z.array(z.string().min(1).max(128)).optional(),
  /** Why it failed, or was not done. */
  cause: OpaqueId.optional(),
});
export type Step = z.infer<typeof Step>;

const Act = z.object({ by: OpaqueId, at: EpochMs });

/** A request by one person, without anything by which they could be recognised but tokens. */
export const SubjectRequest = z.object({
  id: z.uuid(),
  version: z.number().int().nonnegative(),
  type: RequestType,
  state: RequestState,
  /** Who took it in. */
  received: Act,
  /** ISO 8601 date on the operator's clock. */
  receivedOn: z.iso.date(),
  /** Contact points that the person named. */
  tokens: z.array(z.string().refine(isToken)),
  identity: Act.extend({ method: IdentityMethod }).optional(),
  /** The person was told in time that it takes longer (Art 12(3)). */
  extension: Act.extend({ reason: OpaqueId }).optional(),
  approval: Act.extend({ subjects: z.array(z.string()) }).optional(),
  refusal: Act.extend({ reason: RefusalReason }).optional(),
  steps: z.array(Step),
  endedAt: EpochMs.optional(),
  /** When the answer to an access request was let go of. */
  dataDestroyedAt: EpochMs.optional(),
});
export type SubjectRequest = z.infer<typeof SubjectRequest>;

/** What is kept of a request under a key of its own, which is destroyed when it is no longer needed. */
export const SubjectData = z.object({
  identifiers: z.array(Identifier).min(1),
  replacements: z.array(Replacement).default([]),
  found: z.array(CorrelatedSubject).default([]),
});
export type SubjectData = z.infer<typeof SubjectData>;
