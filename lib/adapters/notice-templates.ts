import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { canonicalJson, sha256Hex } from '../domain/canonical-json.ts';
import { ComplianceError } from '../domain/errors.ts';
import { languageFor } from '../domain/incident/languages.ts';
import {
  Approval,
  type NoticeTemplate,
  type TemplateAct,
  type TemplateDrafts,
  type TemplateRef,
  type TemplateSummary,
  type Templates,
  TemplateText,
} from '../domain/incident/templates.ts';
import { parsedJson } from '../domain/json.ts';
import type { NoticeTemplateEntry } from '../domain/log/entry.ts';
import { type Channel, EpochMs, Sha256Hex } from '../domain/vocabulary.ts';
import { LoggedCases, type LoggedCasesDeps } from './dynamodb/logged-cases.ts';
import { readText } from './s3/object.ts';
import { writeOnce } from './s3/write-once.ts';

const Stored = z.object({
  /** Of the item, for its condition: 1 as it was written, 2 once it is approved. */
  version: z.number(),
  template: TemplateText.omit({ subject: true, text: true }).extend({ sha256: Sha256Hex, putAt: EpochMs }),
  approval: Approval.optional(),
});
type Stored = z.infer<typeof Stored>;

/** A draft that others write versions beside is tried again; so many writers at once there are not. */
const ATTEMPTS = 10;

export type NoticeTemplatesDeps = LoggedCasesDeps & {
  readonly s3: S3Client;
  /** The privacy bucket. */
  readonly bucket: string;
  /** The language that serves whoever reads none of the others. */
  readonly fallback: string;
};

/** The partition of the table of cases that says which versions there are. */
export const TEMPLATE_CASES = 'notice-template';

/** Texts in the privacy bucket, `templates/<name>/<language>/<channel>/<version>.json`; what was said of them in the table of cases. */
export class NoticeTemplates implements Templates, TemplateDrafts {
  readonly #deps: NoticeTemplatesDeps;
  readonly #cases: LoggedCases;

  constructor(deps: NoticeTemplatesDeps) {
    this.#deps = deps;
    this.#cases = new LoggedCases(TEMPLATE_CASES, deps);
  }

  async approved(name: string, channel: Channel, languages: readonly string[]) {
    const approved = (await this.#versions(`${name}#${channel}#`)).filter(
      ({ approval }) => approval !== undefined,
    );
    const available = approved.map(({ template }) => template.language);
    const own = languageFor(languages, available);
    const language = own ?? languageFor([this.#deps.fallback], available);
    const newest = approved.findLast(({ template }) => template.language === language);
    if (language === undefined || newest?.approval === undefined) return undefined;
    const text = await this.#words(newest);
    const template: NoticeTemplate = { ...text, approval: newest.approval };
    return { template, language, fallback: own === undefined };
  }

  async put(draft: Omit<TemplateText, 'version'>, act: TemplateAct): Promise<TemplateSummary> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const newest = (await this.#versions(`${draft.name}#${draft.channel}#${draft.language}#`)).at(-1);
      if (newest !== undefined && saysTheSame(await this.#words(newest), draft)) return summaryOf(newest);
      const text = TemplateText.parse({ ...draft, version: (newest?.template.version ?? 0) + 1 });
      const written = await this.#write(text, act);
      if (written !== undefined) return written;
    }
    throw new ComplianceError({
      code: 'TEMPLATE_BUSY',
      message: 'expected a template that nobody else was writing; nothing was written, send it again',
    });
  }

  async read(ref: TemplateRef) {
    const item = await this.#cases.read(idOf(ref));
    if (item === undefined) return undefined;
    const stored = Stored.parse(item);
    return { template: await this.#words(stored), summary: summaryOf(stored) };
  }

  async approve(ref: TemplateRef, approval: Approval, act: TemplateAct): Promise<TemplateSummary> {
    const item = await this.#cases.read(idOf(ref));
    if (item === undefined) {
      throw new ComplianceError({ code: 'UNKNOWN_TEMPLATE', message: 'expected a version that was written' });
    }
    const stored = Stored.parse(item);
    const { template } = stored;
    if (template.author === approval.by) {
      throw new ComplianceError({
        code: 'SAME_PERSON',
        message: 'expected the approval of a second person, got it from the author; nothing was changed',
      });
    }
    if (template.sha256 !== approval.sha256) throw otherText();
    // The words are read once more: what is approved is what would be sent.
    await this.#words(stored);
    if (stored.approval !== undefined) return summaryOf(stored);
    const entry = entryOf(template, { ...act, event: 'APPROVED', by: approval.by });
    const change = { version: stored.version + 1, set: { approval }, entry };
    // Whoever was first to approve has done so.
    await this.#cases.update(idOf(ref), change);
    return summaryOf(Stored.parse(await this.#cases.read(idOf(ref))));
  }

  async list(): Promise<readonly TemplateSummary[]> {
    return (await this.#versions('')).map(summaryOf);
  }

  /** The object first: an item without its object would promise words that are nowhere. */
  async #write(text: TemplateText, act: TemplateAct): Promise<TemplateSummary | undefined> {
    const body = canonicalJson(text);
    const key = keyOf(text);
    const object = {
      bucket: this.#deps.bucket,
      key,
      body: Buffer.from(body),
      contentType: 'application/json',
    };
    // The same words are our own, of a process that died before the item was written.
    if ((await writeOnce(this.#deps.s3, object)) === 'EXISTS') {
      const there = await readText(this.#deps.s3, this.#deps.bucket, key);
      if (there !== body) return await this.#adopt(text, there, act);
    }
    return await this.#keep(text, sha256Hex(body), act);
  }

  /** A version that somebody wrote and did not live to keep: it stays, and this one comes after it. */
  async #adopt(ref: TemplateRef, body: string | undefined, act: TemplateAct): Promise<undefined> {
    const text = TemplateText.safeParse(parsedJson(body ?? ''));
    if (body === undefined || !text.success || keyOf(text.data) !== keyOf(ref)) throw otherText();
    await this.#keep(text.data, sha256Hex(body), act);
    return undefined;
  }

  async #keep(text: TemplateText, sha256: string, act: TemplateAct): Promise<TemplateSummary | undefined> {
    const { subject: _subject, text: _text, ...ref } = text;
    const template = { ...ref, sha256, putAt: act.at };
    const entry = entryOf(template, { ...act, event: 'WRITTEN', by: text.author });
    const isKept = await this.#cases.create(idOf(text), { version: 1, set: { template }, entry });
    return isKept ? template : undefined;
  }

  /** In the order of their versions. */
  async #versions(prefix: string): Promise<readonly Stored[]> {
    return (await this.#cases.all(prefix)).map((item) => Stored.parse(item));
  }

  /** @throws ComplianceError OTHER_TEXT: bytes that were exchanged are served to nobody. */
  async #words({ template }: Stored): Promise<TemplateText> {
    const body = await readText(this.#deps.s3, this.#deps.bucket, keyOf(template));
    if (body === undefined || sha256Hex(body) !== template.sha256) throw otherText();
    return TemplateText.parse(parsedJson(body));
  }
}

function saysTheSame(a: TemplateText, b: Omit<TemplateText, 'version'>): boolean {
  return a.subject === b.subject && a.text === b.text;
}

function keyOf({ name, language, channel, version }: TemplateRef): string {
  return `templates/${name}/${language}/${channel}/${version}.json`;
}

/** Padded, so that versions sort as numbers do. */
function idOf({ name, language, channel, version }: TemplateRef): string {
  return `${name}#${channel}#${language}#${String(version).padStart(6, '0')}`;
}

function summaryOf({ template, approval }: Stored): TemplateSummary {
  return { ...template, ...(approval === undefined ? {} : { approval }) };
}

function entryOf(
  { name, language, channel, version, sha256 }: Stored['template'],
  act: TemplateAct & Pick<NoticeTemplateEntry, 'event' | 'by'>,
): NoticeTemplateEntry {
  return {
    kind: 'notice-template',
    id: act.entryId,
    at: new Date(act.at).toISOString(),
    subjects: [],
    ...(act.client === undefined ? {} : { client: act.client }),
    ...{ template: name, language, channel, templateVersion: version, sha256 },
    ...{ event: act.event, by: act.by },
  };
}

function otherText(): ComplianceError {
  return new ComplianceError({
    code: 'OTHER_TEXT',
    message: 'expected the words that this version was written with, got others; nothing was used',
  });
}
