import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { TABLES } from '../support/dynalite.ts';
import { WATERMARK } from '../support/scrub.ts';
import { batch, ENTRY_ID, itemsIn, objectsIn, outputsIn, put, scrubLambda } from '../support/scrub-world.ts';
import {
  APPROVED,
  buckets,
  clients,
  dynamo,
  LIST,
  scrubEntries,
  sha256Of,
  verifiedManifest,
} from './scrub-fixture.ts';

describe('scrub-contact-list', () => {
  it('turns a list into approved, rejected, quarantined, other-region, report, evidence, entry and manifest', async () => {
    const before = (await itemsIn(dynamo.client, TABLES.contactPoints)).length;
    const body = await put(clients.s3, 'contact-lists/winback/November list (1).csv', LIST);
    const { run, told } = scrubLambda(clients, buckets);
    expect(await run(batch(body))).toEqual({ batchItemFailures: [] });
    const outputs = await outputsIn(clients.s3, buckets.outbox);
    expect([...outputs.keys()].toSorted()).toEqual([
      'approved.csv',
      'manifest.json',
      'other-region.csv',
      'quarantined.csv',
      'rejected.csv',
      'report.json',
    ]);
    expect(outputs.get('approved.csv')).toBe(APPROVED);
    const rejected = parse(outputs.get('rejected.csv') ?? '', { columns: true });
    expect(rejected).toMatchObject([
      {
        dialguard_row: '3',
        dialguard_reason: 'SUPPRESSED',
        dialguard_rule: 'company-do-not-contact',
        Cell: '********11',
        Note: "'=1+1",
      },
      {
        dialguard_row: '4',
        dialguard_reason: 'REGISTRY_LISTED',
        dialguard_rule: 'us-national-registry',
        Home: '********22',
      },
    ]);
    expect(parse(outputs.get('quarantined.csv') ?? '', { columns: true })).toMatchObject([
      { dialguard_row: '5', dialguard_reason: 'BAD_CHARACTERS' },
      { dialguard_row: '7', dialguard_reason: 'NO_CONTACT_POINT' },
    ]);
    expect(parse(outputs.get('other-region.csv') ?? '', { columns: true })).toMatchObject([
      { dialguard_row: '6', dialguard_reason: 'WRONG_REGION', dialguard_rule: 'residency:EU' },
    ]);
    expect(JSON.parse(outputs.get('report.json') ?? '')).toMatchObject({
      outcome: 'SCRUBBED',
      counts: {
        rows: 7,
        approved: 2,
        rejected: 2,
        quarantined: 2,
        otherRegion: 1,
        reasons: { REJECTED: { SUPPRESSED: 1, REGISTRY_LISTED: 1 } },
      },
      watermark: new Date(WATERMARK).toISOString(),
      registries: [{ registry: 'us-national', versionDate: '2026-11-20' }],
    });
    const manifest = await verifiedManifest(buckets);
    expect(manifest).toMatchObject({
      outcome: 'SCRUBBED',
      entryId: ENTRY_ID,
      input: { sha256: sha256Of(Buffer.from(LIST)) },
    });
    expect(await scrubEntries()).toMatchObject([
      {
        id: ENTRY_ID,
        outcome: 'SCRUBBED',
        profile: 'winback',
        evidence: manifest?.evidence,
        counts: { approved: 2 },
        subjects: [],
      },
    ]);
    // one item more: the entry's own; nothing per number
    expect((await itemsIn(dynamo.client, TABLES.contactPoints)).length).toBe(before + 1);
    expect(told.values('ScrubRowsCount')).toEqual([7]);
    expect(told.lines.join()).not.toMatch(/55501|901820/);
  });

  it('leaves a finished scrub as it is when the message is delivered again', async () => {
    const body = await put(clients.s3, 'contact-lists/winback/twice.csv', LIST);
    await scrubLambda(clients, buckets).run(batch(body));
    const first = await objectsIn(clients.s3, buckets.outbox);
    await scrubLambda(clients, buckets, WATERMARK + 3_600_000).run(batch(body, body));
    expect(await objectsIn(clients.s3, buckets.outbox)).toEqual(first);
    expect(await scrubEntries()).toHaveLength(1);
  });

  it('scrubs another version of the same object anew, and each version by its own bytes', async () => {
    const first = await put(clients.s3, 'contact-lists/winback/list.csv', LIST);
    const second = await put(clients.s3, 'contact-lists/winback/list.csv', `Id,Home,Cell\nb,2125550102,\n`);
    await scrubLambda(clients, buckets).run(batch(first, second));
    const approved = [...(await objectsIn(clients.s3, buckets.outbox))].filter(([key]) =>
      key.endsWith('approved.csv'),
    );
    expect(approved.map(([, bytes]) => bytes.toString()).toSorted()).toEqual(
      [APPROVED, 'Id,Home,Cell\nb,2125550102,\n'].toSorted(),
    );
  });

  it('uploads a list of several parts and keeps every byte', async () => {
    const note = 'x'.repeat(1000);
    const row = (n: number) => `a${n},212555${String(n % 100).padStart(4, '0')},,"${note}"\r\n`;
    const list = `Id,Home,Cell,Note\r\n${Array.from({ length: 12_000 }, (_, n) => row(n)).join('')}`;
    const body = await put(clients.s3, 'contact-lists/winback/large.csv', list);
    expect(await scrubLambda(clients, buckets).run(batch(body))).toEqual({ batchItemFailures: [] });
    expect((await outputsIn(clients.s3, buckets.outbox)).get('approved.csv') === list).toBe(true);
    expect(await verifiedManifest(buckets)).toMatchObject({ evidence: { rows: 12_000 } });
  });
});
