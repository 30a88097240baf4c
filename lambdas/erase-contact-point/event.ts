import * as z from 'zod';
import { bodyOf, ContactPointFields, namesOne } from '../../lib/adapters/http/contact-point-input.ts';
import { isToken } from '../../lib/domain/contact-point/token.ts';
import { ErasureReason, OpaqueId } from '../../lib/domain/vocabulary.ts';

/** POST /v1/erasures */
export const ErasureRequest = bodyOf({
  ...ContactPointFields,
  /** As the log names the contact point: after a restore nobody knows the number any more. */
  token: z.string().refine(isToken, 'expected a token of a contact point').optional(),
  reason: ErasureReason,
  by: OpaqueId,
  caseId: OpaqueId.optional(),
}).refine(({ phoneNumber, email, token }) => namesOne(phoneNumber, email, token), {
  error: 'expected exactly one of phoneNumber, email, token',
});
export type ErasureRequest = z.infer<typeof ErasureRequest>;
