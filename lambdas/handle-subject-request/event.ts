import * as z from 'zod';
import { bodyOf } from '../../lib/adapters/http/contact-point-input.ts';
import { Identifier, Replacement } from '../../lib/domain/subject-request/identifier.ts';
import { IdentityMethod, RefusalReason, RequestType } from '../../lib/domain/subject-request/request.ts';
import { OpaqueId } from '../../lib/domain/vocabulary.ts';

/** POST /v1/subject-requests */
export const NewRequest = bodyOf({
  /** The caller's own id: sent again with it, the same request is not taken in twice. */
  id: z.uuid().optional(),
  type: RequestType,
  identifiers: z.array(Identifier).min(1, 'expected at least one identifier').max(50),
  replacements: z.array(Replacement).max(50).default([]),
  by: OpaqueId,
}).refine(({ type, replacements }) => (type === 'RECTIFICATION') === replacements.length > 0, {
  error: 'expected replacements in a rectification, and in nothing else',
  path: ['replacements'],
});
export type NewRequest = z.infer<typeof NewRequest>;

const By = { by: OpaqueId };

/** POST /v1/subject-requests/{id}/{action}: what each body says happened. */
export const ACTIONS = {
  identity: bodyOf({ ...By, method: IdentityMethod }).transform((said) => ({
    kind: 'IDENTITY_CHECKED' as const,
    ...said,
  })),
  approve: bodyOf({ ...By, subjects: z.array(z.string()).max(1000) }).transform((said) => ({
    kind: 'APPROVED' as const,
    ...said,
  })),
  refuse: bodyOf({ ...By, reason: RefusalReason }).transform((said) => ({
    kind: 'REFUSED' as const,
    ...said,
  })),
  extend: bodyOf({ ...By, reason: OpaqueId }).transform((said) => ({ kind: 'EXTENDED' as const, ...said })),
  retry: bodyOf(By).transform((said) => ({ kind: 'RETRIED' as const, ...said })),
};

export const Action = z.enum(['identity', 'approve', 'refuse', 'extend', 'retry']);
