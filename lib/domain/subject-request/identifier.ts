import * as z from 'zod';

/** By what a person can be looked for: the search types of Genesys Cloud's GET /api/v2/gdpr/subjects. */
export const IdentifierKind = z.enum([
  'NAME',
  'ADDRESS',
  'PHONE',
  'EMAIL',
  'TWITTER',
  'INSTAGRAM',
  'FACEBOOK',
  'APPLE_MESSAGES',
  'WHATSAPP',
  'EXTERNAL_ID',
]);
export type IdentifierKind = z.infer<typeof IdentifierKind>;

/** One thing that a person said of themselves. Personal data in clear: kept under the request's own key alone. */
export const Identifier = z.object({ kind: IdentifierKind, value: z.string().trim().min(1).max(512) });
export type Identifier = z.infer<typeof Identifier>;

/** What stands in for an identifier from now on (GDPR Art 16); Genesys Cloud replaces no WhatsApp number. */
export const Replacement = z.object({
  kind: IdentifierKind.exclude(['WHATSAPP']),
  existing: z.string().trim().min(1).max(512),
  updated: z.string().trim().min(1).max(512),
});
export type Replacement = z.infer<typeof Replacement>;
