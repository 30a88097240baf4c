import * as z from 'zod';
import { Channel, EpochMs, isOpaque, OpaqueId, Sha256Hex } from '../vocabulary.ts';

/** kebab-case: what several languages and channels of one notice have in common. */
export const TemplateName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected kebab-case')
  .refine(isOpaque, 'expected no run of 7 digits');

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

/** Which version of which text. */
export type TemplateRef = Pick<TemplateText, 'name' | 'language' | 'channel' | 'version'>;

/** A version as lists show it: without its words. */
export type TemplateSummary = TemplateRef &
  Pick<TemplateText, 'author'> & {
    /** Of the text's canonical JSON: what an approval is given for. */
    readonly sha256: string;
    readonly putAt: number;
    readonly approval?: Approval | undefined;
  };

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

/** Where texts are written and approved. No version is ever changed: other words are another version. */
export interface TemplateDrafts {
  /** Keeps a text as the next version; one that says what the newest says is that version. */
  put(draft: Omit<TemplateText, 'version'>, act: TemplateAct): Promise<TemplateSummary>;
  /** The words of a version; undefined if there is none. */
  read(
    ref: TemplateRef,
  ): Promise<{ readonly template: TemplateText; readonly summary: TemplateSummary } | undefined>;
  /**
   * Approves the words whose hash somebody has read.
   *
   * @throws ComplianceError SAME_PERSON where the author approves, OTHER_TEXT where the hash is of other words, UNKNOWN_TEMPLATE.
   */
  approve(ref: TemplateRef, approval: Approval, act: TemplateAct): Promise<TemplateSummary>;
  /** Every version, by name, channel, language and version. */
  list(): Promise<readonly TemplateSummary[]>;
}

/** How the log names an act: ids of the entry and of the client that asked, and when. */
export type TemplateAct = { readonly entryId: string; readonly at: number; readonly client?: string };
