import type * as z from 'zod';
import { bodyOf, ContactPointFields, namesOne } from '../../lib/adapters/http/contact-point-input.ts';
import { OpaqueId } from '../../lib/domain/vocabulary.ts';

/** POST /v1/holds and POST /v1/hold-releases */
export const HoldRequest = bodyOf({
  ...ContactPointFields,
  caseId: OpaqueId,
  // One person must not count as two by writing the name in another case.
  by: OpaqueId.transform((id) => id.toLowerCase()),
}).refine(({ phoneNumber, email }) => namesOne(phoneNumber, email), {
  error: 'expected exactly one of phoneNumber, email',
});
export type HoldRequest = z.infer<typeof HoldRequest>;
