import * as z from 'zod';
import { Channel, EpochMs, OpaqueId, Sha256Hex } from '../vocabulary.ts';

/** kebab-case: what several languages and channels of one notice have in common. */
export const TemplateName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected kebab-case');

/** BCP 47, in the form that languages are compared in: `de`, `pt-BR`, `zh-Hant`. */
export const Language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/, 'expected a language such as de or pt-BR');
export type Language = z.infer<typeof Language>;

/** Of whom, when, and of which bytes: another text under the same version would not match it. */
export const Approval = z.object({ by: OpaqueId, at: EpochMs, sha256: Sha256Hex });
export type Approval = z.infer<typeof Approval>;

/** One version of a text, as its object in the bucket holds it; it never changes. */
export const TemplateText = z.strictObject({
  name: TemplateName,
  language: Language,
  channel: Channel,
  version: z.number().int().positive(),
  author: OpaqueId,
  /** Of an e-mail; nothing else has one. */
  subject: z.string().min(1).max(150).optional(),
  text: z.string().min(1).max(20_000),
});
export type TemplateText = z.infer<typeof TemplateText>;

/** One version of a text with what Legal said of it. */
export type NoticeTemplate = TemplateText & { readonly approval?: Approval };

/** Where people's notices take their texts from. */
export interface Templates {
  /**
   * The newest approved version of the first of `languages` (BCP 47, the dearest first) that has one: `pt-BR` is
   * served by `pt` too. Then the declared fallback's; undefined where that has none either.
   */
  approved(
    name: string,
    channel: Channel,
    languages: readonly string[],
  ): Promise<
    { readonly template: NoticeTemplate; readonly language: string; readonly fallback: boolean } | undefined
  >;
}
