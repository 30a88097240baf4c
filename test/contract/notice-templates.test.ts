import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../lib/adapters/audit-log/entries.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { NoticeTemplates } from '../../lib/adapters/notice-templates.ts';
import { canonicalJson, sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { TemplateSummary } from '../../lib/domain/incident/templates.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { GOOD_TEXTS } from '../support/notice-texts.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const BUCKET = 'privacy';
let db: TestDynamoDb;
let store: Fixture;
let s3: S3Client;
let templates: NoticeTemplates;
let names = 0;
let entries = 0;
let name = '';

beforeAll(async () => {
  [db, store] = await Promise.all([startDynalite(), startLocalS3()]);
  s3 = store.client();
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  templates = new NoticeTemplates({
    client: db.client,
    table: TABLES.cases,
    contactPoints: new DynamoContactPoints(db.client, TABLES.contactPoints),
    keptBack: () => undefined,
    now: () => 1,
    s3,
    bucket: BUCKET,
    fallback: 'en',
  });
});
afterAll(async () => {
  await Promise.all([db.stop(), store.close()]);
});
beforeEach(() => {
  names += 1;
  name = `breach-${names}`;
});

function act() {
  entries += 1;
  return {
    entryId: `01990000-0000-7000-8000-${String(entries).padStart(12, '0')}`,
    at: 1000,
    client: 'client-1',
  };
}

function write(language: string, text: string = GOOD_TEXTS.SMS.text): Promise<TemplateSummary> {
  return templates.put({ name, language, channel: 'SMS', author: 'writer-1', text }, act());
}

async function approve(summary: TemplateSummary, by = 'legal-1'): Promise<TemplateSummary> {
  return await templates.approve(summary, { by, at: 2000, sha256: summary.sha256 }, act());
}

async function writeApproved(language: string, text?: string): Promise<TemplateSummary> {
  return await approve(await write(language, text));
}

describe('texts of notices', () => {
  it('are kept word by word, one immutable object a version', async () => {
    const first = await write('de');
    const second = await write('de', `${GOOD_TEXTS.SMS.text} Danke.`);
    expect([first.version, second.version]).toEqual([1, 2]);
    const Key = `templates/${name}/de/SMS/1.json`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    expect(sha256Hex((await Body?.transformToString()) ?? '')).toBe(first.sha256);
    expect(await templates.read(first)).toEqual({
      template: {
        name,
        language: 'de',
        channel: 'SMS',
        version: 1,
        author: 'writer-1',
        text: GOOD_TEXTS.SMS.text,
      },
      summary: first,
    });
    expect((await templates.list()).filter((each) => each.name === name)).toEqual([first, second]);
    expect(await templates.read({ ...first, version: 9 })).toBeUndefined();
  });

  it('are one version where they say what the newest says, whoever writes at once', async () => {
    const written = await Promise.all([1, 2, 3].map(() => write('de')));
    expect(written.map(({ version }) => version)).toEqual([1, 1, 1]);
    const others = await Promise.all(
      ['a', 'b', 'c'].map((more) => write('de', `${GOOD_TEXTS.SMS.text} ${more}`)),
    );
    expect(others.map(({ version }) => version).toSorted()).toEqual([2, 3, 4]);
  });

  it('are used once Legal has approved them, and other words are unapproved again', async () => {
    const first = await write('en');
    expect(await templates.approved(name, 'SMS', ['en'])).toBeUndefined();
    await approve(first);
    const used = await templates.approved(name, 'SMS', ['en']);
    expect(used).toMatchObject({
      language: 'en',
      fallback: false,
      template: { version: 1, approval: { by: 'legal-1', at: 2000, sha256: first.sha256 } },
    });
    const second = await write('en', `${GOOD_TEXTS.SMS.text} New.`);
    expect((await templates.approved(name, 'SMS', ['en']))?.template.version).toBe(1);
    await approve(second);
    expect((await templates.approved(name, 'SMS', ['en']))?.template.version).toBe(2);
  });

  it.each([
    { code: 'SAME_PERSON', by: 'writer-1', sha256: undefined, version: 1 },
    { code: 'OTHER_TEXT', by: 'legal-1', sha256: 'b'.repeat(64), version: 1 },
    { code: 'UNKNOWN_TEMPLATE', by: 'legal-1', sha256: undefined, version: 7 },
  ])('are not approved: $code', async ({ code, by, sha256, version }) => {
    const written = await write('en');
    const approval = { by, at: 1, sha256: sha256 ?? written.sha256 };
    await expect(templates.approve({ ...written, version }, approval, act())).rejects.toMatchObject({ code });
    expect(await templates.approved(name, 'SMS', ['en'])).toBeUndefined();
  });

  it('keep their first approval', async () => {
    const written = await write('en');
    const approvals = await Promise.all([approve(written, 'legal-1'), approve(written, 'legal-2')]);
    expect(new Set(approvals.map(({ approval }) => approval?.by)).size).toBe(1);
    expect((await approve(written, 'legal-3')).approval).toEqual(approvals[0]?.approval);
  });

  it('serve each recipient in the first language that there is, then in the declared fallback', async () => {
    for (const language of ['en', 'es', 'pt-BR']) await writeApproved(language);
    await write('fr');
    const served = async (...languages: string[]) => {
      const { language, fallback } = (await templates.approved(name, 'SMS', languages)) ?? {};
      return [language, fallback];
    };
    expect(await served('es-PR', 'en')).toEqual(['es', false]);
    expect(await served('pt-BR')).toEqual(['pt-BR', false]);
    expect(await served('pt', 'en')).toEqual(['en', false]);
    // Nobody has approved the French words.
    expect(await served('fr')).toEqual(['en', true]);
    expect(await served()).toEqual(['en', true]);
    expect(await templates.approved(name, 'EMAIL', ['en'])).toBeUndefined();
    expect(await templates.approved(`${name}-x`, 'SMS', ['en'])).toBeUndefined();
  });

  it('serve nobody where there is neither a language nor the fallback', async () => {
    await writeApproved('es');
    expect(await templates.approved(name, 'SMS', ['de'])).toBeUndefined();
  });

  it('are served to nobody once their bytes were exchanged', async () => {
    const { version, language } = await writeApproved('en');
    const text = { name, language, channel: 'SMS', version, author: 'writer-1', text: 'Other words.' };
    const Key = `templates/${name}/en/SMS/1.json`;
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: canonicalJson(text) }));
    await expect(templates.approved(name, 'SMS', ['en'])).rejects.toMatchObject({ code: 'OTHER_TEXT' });
    await expect(write('en')).rejects.toMatchObject({ code: 'OTHER_TEXT' });
  });

  it('of a process that died before the item was written are adopted', async () => {
    const Key = `templates/${name}/en/SMS/1.json`;
    const text = { name, language: 'en', channel: 'SMS', version: 1, author: 'writer-1' };
    const put = (words: string) =>
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: canonicalJson({ ...text, text: words }) }));
    await put(GOOD_TEXTS.SMS.text);
    expect((await write('en')).version).toBe(1);
    name = `${name}-other`;
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: `templates/${name}/en/SMS/1.json`,
        Body: canonicalJson({ ...text, name, text: 'Other words.' }),
      }),
    );
    expect((await write('en')).version).toBe(2);
    const kept = await templates.read({ name, language: 'en', channel: 'SMS', version: 1 });
    expect(kept).toMatchObject({ template: { text: 'Other words.' } });
    expect(kept?.summary.approval).toBeUndefined();
  });

  it('have an entry each time that they are written or approved', async () => {
    await writeApproved('en');
    const pending = await new DynamoPendingEntries(db.client, TABLES.contactPoints).collect(EVERYTHING);
    const told = pending.entries.flatMap(({ entry }) =>
      entry.kind === 'notice-template' && entry.template === name ? [entry] : [],
    );
    expect(told.map(({ event, by, templateVersion }) => [event, by, templateVersion]).toSorted()).toEqual([
      ['APPROVED', 'legal-1', 1],
      ['WRITTEN', 'writer-1', 1],
    ]);
  });
});
