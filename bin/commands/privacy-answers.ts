import * as z from 'zod';
import { CorrelatedSubject } from '../../lib/domain/subject-request/correlate.ts';
import { IdentifierKind } from '../../lib/domain/subject-request/identifier.ts';
import { RequestState, RequestType, StepState } from '../../lib/domain/subject-request/request.ts';

/** A request as the API lists it. */
export const Summary = z.object({
  id: z.string(),
  type: RequestType,
  state: RequestState,
  receivedAt: z.string(),
  receivedBy: z.string(),
  nominalOn: z.string(),
  dueOn: z.string(),
  extended: z.boolean(),
  refusedFor: z.string().optional(),
  endedAt: z.string().optional(),
  steps: z.array(
    z.object({
      id: z.string(),
      system: z.enum(['DIALGUARD', 'GENESYS_CLOUD', 'MULTICLOUD']),
      state: StepState,
      attempts: z.number(),
      cause: z.string().optional(),
    }),
  ),
});
export type Summary = z.infer<typeof Summary>;

export const Listed = z.object({ requests: z.array(Summary) });

/** A request as the API shows it whole; the rest is left out of other answers. */
export const Shown = Summary.extend({
  identifiers: z.array(z.object({ kind: IdentifierKind, value: z.string() })).default([]),
  replacements: z
    .array(z.object({ kind: z.string(), existing: z.string(), updated: z.string() }))
    .default([]),
  subjects: z.array(CorrelatedSubject.extend({ mayBeApproved: z.boolean() })).default([]),
  approvedSubjects: z.array(z.string()).optional(),
  dataDestroyed: z.boolean().default(false),
  results: z.array(z.string()).default([]),
});
export type Shown = z.infer<typeof Shown>;
