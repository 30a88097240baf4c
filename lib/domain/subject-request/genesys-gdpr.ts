import * as z from 'zod';
import { FoundSubject, type SubjectTarget } from './correlate.ts';
import type { Identifier, Replacement } from './identifier.ts';

/** Statuses of Genesys Cloud's GDPR requests; only the last two are ends. */
export const GdprStatus = z.enum([
  'INITIATED',
  'SEARCHING',
  'UPDATING',
  'DELETING',
  'FINALIZING',
  'COMPLETED',
  'ERROR',
]);
export type GdprStatus = z.infer<typeof GdprStatus>;

export const GdprRequestType = z.enum(['GDPR_EXPORT', 'GDPR_UPDATE', 'GDPR_DELETE']);
export type GdprRequestType = z.infer<typeof GdprRequestType>;

const Id = z.string().min(1);

/** A request as Genesys Cloud holds it. https://developer.genesys.cloud/privacy/gdpr/ */
export const GdprRequest = z.object({
  id: Id,
  requestType: GdprRequestType,
  status: GdprStatus,
  createdDate: z.iso.datetime({ offset: true }),
  subject: FoundSubject,
  resultsUrl: z.string().optional(),
  resultsUrls: z.array(z.string()).optional(),
  /** The requests for the other contacts of a merge set: the vendor's article names them, its SDK does not. */
  relatedRequests: z.array(z.object({ id: Id })).optional(),
});
export type GdprRequest = z.infer<typeof GdprRequest>;

export type GdprAsk = {
  readonly requestType: GdprRequestType;
  readonly target: SubjectTarget;
  /** External contacts that are known to be of the target's merge set, itself among them. */
  readonly mergeSet: readonly string[];
  readonly replacements: readonly Replacement[];
};

/** Genesys Cloud's GDPR API. Rejects as GenesysApi does. */
export interface GenesysGdpr {
  /** Everybody whom one identifier finds. */
  findSubjects(identifier: Identifier): Promise<readonly FoundSubject[]>;
  /** The canonical contact of an external contact's merge set: its own id where it was never merged. */
  canonicalContact(externalContactId: string): Promise<string>;
  submit(ask: GdprAsk): Promise<GdprRequest>;
  read(requestId: string): Promise<GdprRequest>;
  /** What was asked at `since` (epoch milliseconds) or later, whoever asked it. */
  submittedSince(since: number): Promise<readonly GdprRequest[]>;
  /** What an export found. */
  results(request: GdprRequest): Promise<readonly Uint8Array[]>;
}

/** Whether a request has ended, well or not. */
export function hasEnded({ status }: Pick<GdprRequest, 'status'>): boolean {
  return status === 'COMPLETED' || status === 'ERROR';
}
