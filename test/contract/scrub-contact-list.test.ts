import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { Entry } from '../../lib/domain/log/entry.ts';
import { MerkleTree } from '../../lib/domain/log/merkle.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { ScrubManifest } from '../../lib/domain/scrub/manifest.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { mortality } from '../support/killable.ts';
import { gunzipped, phoneToken, WATERMARK } from '../support/scrub.ts';
import {
  type Buckets,
  batch,
  type Clients,
  createBuckets,
  createLockedBucket,
  ENTRY_ID,
  forgetScrubs,
  INBOX,
  importUsRegistry,
  itemsIn,
  message,
  objectsIn,
  optOut,
  outputsIn,
  put,
  REGISTRY,
  scrubLambda,
} from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const OPTED_OUT = '2125550111';
const LISTED = '2125550122';
const PROFILE = {
  phoneColumns: ['Home', 'Cell'],
  defaultRegion: 'US',
  channel: 'VOICE',
  purpose: 'MARKETING',
  campaignId: 'cam-1',
};
const LIST = [
  '\ufeffId,Home,Cell,Note\r\n',
  'a1,2125550100,,"first, ""quoted"""\r\n',
  `a2,2125550101,${OPTED_OUT},=1+1\n`,
  `a3,${LISTED},,listed\r\n`,
  'a4,n/a,,unreadable\n',
  'a5,+49 30 901820,,Berlin\n',
  'a6,,,nobody\n',
  'a7,+1 212 555 0107,2125550108,last',
].join('');
const APPROVED = [0, 1, 7].map((row) => LIST.split(/(?<=\n)/)[row]).join('');

let s3: Fixture;
let dynamo: TestDynamoDb;
let clients: Clients;
let buckets: Buckets;
let worlds = 0;

beforeAll(async () => {
  s3 = await startLocalS3();
  dynamo = await startDynalite();
  clients = { s3: s3.client(), dynamodb: dynamo.client };
  await createBuckets(clients.s3, INBOX, REGISTRY);
  await importUsRegistry(clients, [`212,${LISTED.slice(3)}`, '+12125550199']);
  await optOut(dynamo.client, phoneToken(`+1${OPTED_OUT}`));
  await put(clients.s3, 'profiles/winback.json', JSON.stringify(PROFILE));
});

afterAll(async () => {
  await s3.close();
  await dynamo.stop();
});

beforeEach(async () => {
  buckets = await freshBuckets();
});

async function freshBuckets(): Promise<Buckets> {
  worlds += 1;
  const fresh = { outbox: `outbox-${worlds}`, audit: `audit-${worlds}` };
  await createBuckets(clients.s3, fresh.outbox);
  await createLockedBucket(clients.s3, fresh.audit);
  await forgetScrubs(dynamo.client);
  return fresh;
}

async function scrubEntries() {
  const pending = (await itemsIn(dynamo.client, TABLES.contactPoints)).flatMap((item) =>
    Object.values(item['pending']?.M ?? {}).map((entry) => Entry.parse(JSON.parse(entry.S ?? ''))),
  );
  return pending.flatMap((entry) => (entry.kind === 'scrub' ? [entry] : []));
}

/** What the manifest in an outbox promises; undefined if there is none. Fails where it does not agree with the objects. */
async function verifiedManifest({ outbox, audit }: Buckets): Promise<ScrubManifest | undefined> {
  const outputs = await objectsIn(clients.s3, outbox);
  const [key, text] = [...outputs].find(([name]) => name.endsWith('/manifest.json')) ?? [];
  if (key === undefined || text === undefined) return undefined;
  const manifest = ScrubManifest.parse(JSON.parse(text.toString()));
  for (const { name, sizeBytes, sha256 } of manifest.files) {
    const bytes = outputs.get(key.replace('manifest.json', name));
    expect({ name, sizeBytes: bytes?.length, sha256: sha256Of(bytes) }).toEqual({ name, sizeBytes, sha256 });
  }
  if (manifest.evidence !== undefined) {
    const evidence = (await objectsIn(clients.s3, audit)).get(manifest.evidence.key) ?? Buffer.alloc(0);
    expect(sha256Of(evidence)).toBe(manifest.evidence.sha256);
    const lines = gunzipped(evidence).trimEnd().split('\n');
    const tree = new MerkleTree();
    for (const line of lines) tree.add(line);
    expect({ merkleRoot: tree.rootHex(), rows: lines.length }).toEqual({
      merkleRoot: manifest.evidence.merkleRoot,
      rows: manifest.evidence.rows,
    });
  }
  return manifest;
}

const sha256Of = (bytes: Buffer | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

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

describe('a list that is refused', () => {
  it.each([
    {
      what: 'a ragged row',
      key: 'contact-lists/winback/a.csv',
      file: `Id,Home,Cell\na,2125550100,\nb\n`,
      cause: 'RAGGED_ROW',
      line: 3,
    },
    {
      what: 'a defect in its last row',
      key: 'contact-lists/winback/b.csv',
      file: `Id,Home,Cell\n${'a,2125550100,\n'.repeat(3000)}"`,
      cause: 'UNCLOSED_QUOTE',
      line: 3002,
    },
    { what: 'an empty file', key: 'contact-lists/winback/c.csv', file: Buffer.alloc(0), cause: 'EMPTY_FILE' },
    { what: 'no profile', key: 'contact-lists/unknown/d.csv', file: LIST, cause: 'PROFILE_MISSING' },
  ])(
    'for $what gives a report, an entry and a manifest, and no approved rows',
    async ({ key, file, cause, line }) => {
      const body = await put(clients.s3, key, file);
      const { run, told } = scrubLambda(clients, buckets);
      expect(await run(batch(body))).toEqual({ batchItemFailures: [] });
      const outputs = await outputsIn(clients.s3, buckets.outbox);
      expect([...outputs.keys()].toSorted()).toEqual(['manifest.json', 'report.json']);
      const report = JSON.parse(outputs.get('report.json') ?? '');
      expect(report).toMatchObject({ outcome: 'REJECTED', cause });
      expect(report.line).toBe(line);
      expect(await verifiedManifest(buckets)).toMatchObject({ outcome: 'REJECTED' });
      expect(await scrubEntries()).toMatchObject([{ outcome: 'REJECTED', cause }]);
      expect(await objectsIn(clients.s3, buckets.audit)).toEqual(new Map());
      expect(told.values('ScrubRejectedFileCount')).toEqual([1]);
    },
  );

  it.each([
    ['no JSON', '{'],
    ['an unknown member', JSON.stringify({ ...PROFILE, phoneColumn: 'x' })],
    ['no column', JSON.stringify({ ...PROFILE, phoneColumns: [] })],
    ['a column named twice', JSON.stringify({ ...PROFILE, emailColumns: ['Home'] })],
    ['an unknown channel', JSON.stringify({ ...PROFILE, channel: 'FAX' })],
  ])('for a profile with %s', async (_, text) => {
    await put(clients.s3, 'profiles/broken.json', text);
    const body = await put(clients.s3, 'contact-lists/broken/a.csv', LIST);
    await scrubLambda(clients, buckets).run(batch(body));
    const outputs = await outputsIn(clients.s3, buckets.outbox);
    expect(JSON.parse(outputs.get('report.json') ?? '')).toMatchObject({ cause: 'PROFILE_INVALID' });
    expect(outputs.has('approved.csv')).toBe(false);
  });

  it('after parts of it were uploaded takes them back', async () => {
    const row = `a,2125550100,,"${'x'.repeat(2000)}"\n`;
    const list = `Id,Home,Cell,Note\n${row.repeat(8000)}ragged\n`;
    const body = await put(clients.s3, 'contact-lists/winback/late-defect.csv', list);
    const counting = mortality();
    expect(await killableLambda(counting).run(batch(body))).toEqual({ batchItemFailures: [] });
    const outputs = await outputsIn(clients.s3, buckets.outbox);
    expect([...outputs.keys()].toSorted()).toEqual(['manifest.json', 'report.json']);
    const count = (name: string) => counting.calls.filter((call) => call === name).length;
    expect(count('CreateMultipartUploadCommand')).toBe(1);
    await expect.poll(() => count('AbortMultipartUploadCommand')).toBe(1);
    expect(count('CompleteMultipartUploadCommand')).toBe(0);
  });

  it('because it is gone', async () => {
    const key = 'contact-lists/winback/gone.csv';
    await scrubLambda(clients, buckets).run(batch(message(key, '00000000000000000000000000000000')));
    const report = (await outputsIn(clients.s3, buckets.outbox)).get('report.json') ?? '{}';
    expect(JSON.parse(report)).toMatchObject({ cause: 'INPUT_MISSING' });
  });

  it.each([
    'contact-lists/winback/../../profiles/winback.csv',
    'contact-lists/../winback/a.csv',
    'contact-lists/winback/..%2f..%2fa.csv',
    'contact-lists/winback/%252e%252e/a.csv',
    'contact-lists/winback/a+b.csv',
    'contact-lists/winback/a\0.csv',
    'contact-lists/winback/.csv',
    'contact-lists/winback/ａ.csv',
    'contact-lists/winback/a.csv\n',
    'contact-lists/winback/a.txt',
    'contact-lists/winback/sub/a.csv',
    'contact-lists/2125550100/a.csv',
    'contact-lists/__proto__/a.csv',
    'contact-lists/winback/',
    'contact-lists//a.csv',
    `contact-lists/winback/${'a'.repeat(900)}.csv`,
    '/etc/passwd',
  ])('for the key %j is parked with a report and not delivered again', async (key) => {
    expect(await scrubLambda(clients, buckets).run(batch(message(key)))).toEqual({ batchItemFailures: [] });
    const objects = await objectsIn(clients.s3, buckets.outbox);
    const jobId = jobIdOf({ bucket: INBOX, key, versionId: 'v1' });
    expect([...objects.keys()]).toEqual([
      `scrubs/_parked/${jobId}/manifest.json`,
      `scrubs/_parked/${jobId}/report.json`,
    ]);
    const [, report] = [...objects.values()];
    expect(JSON.parse(String(report))).toMatchObject({ cause: 'BAD_KEY' });
  });

  it.each([
    ['no JSON', '{'],
    ['another event', JSON.stringify({ source: 'aws.ec2' })],
    ['another bucket', message('contact-lists/winback/a.csv', 'v1', 'elsewhere')],
  ])('for a message that is %s is parked', async (_, body) => {
    expect(await scrubLambda(clients, buckets).run(batch(body))).toEqual({ batchItemFailures: [] });
    const report = (await outputsIn(clients.s3, buckets.outbox)).get('report.json') ?? '{}';
    expect(JSON.parse(report)).toMatchObject({ cause: 'BAD_EVENT' });
  });
});

describe('a scrub that fails', () => {
  it('is delivered again, alone of its batch, and publishes nothing', async () => {
    const good = await put(clients.s3, 'contact-lists/winback/good.csv', LIST);
    const bad = await put(clients.s3, 'contact-lists/winback/bad.csv', LIST.replace('a1', 'b1'));
    const { bucket, key, versionId } = {
      bucket: INBOX,
      key: 'contact-lists/winback/bad.csv',
      versionId: JSON.parse(bad).detail.object['version-id'],
    };
    const jobs = new DynamoScrubJobs(dynamo.client, TABLES.cases, () => 'another run');
    const pins = { basis: '0'.repeat(64), watermark: WATERMARK, entryId: ENTRY_ID, registries: [] };
    await jobs.claim(jobIdOf({ bucket, key, versionId }), pins, WATERMARK);
    const { run, told } = scrubLambda(clients, buckets);
    expect(await run(batch(good, bad))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(told.lines.join()).toContain('JOB_RUNNING');
    expect((await objectsIn(clients.s3, buckets.outbox)).size).toBe(6);
  });

  it('ends in the same bytes after being killed at any call and begun again', async () => {
    const body = await put(clients.s3, 'contact-lists/winback/killed.csv', LIST);
    const counting = mortality();
    await killableLambda(counting).run(batch(body));
    const expected = await objectsIn(clients.s3, buckets.outbox);
    const evidence = await objectsIn(clients.s3, buckets.audit);
    expect(counting.calls).toContain(
      'CompleteMultipartUploadCommand'.replace('CompleteMultipartUpload', 'PutObject'),
    );
    for (let call = 1; call <= counting.calls.length; call += 1) {
      for (const when of ['BEFORE', 'AFTER'] as const) {
        buckets = await freshBuckets();
        const dying = mortality();
        dying.killAt(call, when);
        await killableLambda(dying).run(batch(body));
        const atDeath = await verifiedManifest(buckets);
        const begun = (await itemsIn(dynamo.client, TABLES.cases)).length > 0;
        const revived = scrubLambda(clients, buckets, WATERMARK + 17 * 60_000);
        expect(await revived.run(batch(body))).toEqual({ batchItemFailures: [] });
        expect(await verifiedManifest(buckets)).toMatchObject(atDeath ?? { outcome: 'SCRUBBED' });
        expect(await scrubEntries()).toHaveLength(1);
        if (!begun) continue;
        expect(await objectsIn(clients.s3, buckets.outbox)).toEqual(expected);
        expect(await objectsIn(clients.s3, buckets.audit)).toEqual(evidence);
      }
    }
  }, 120_000);

  it('decides anew when somebody opted out before it was begun again', async () => {
    const body = await put(clients.s3, 'contact-lists/winback/late.csv', LIST);
    const counting = mortality();
    await killableLambda(counting).run(batch(body));
    const evidenceCall = counting.calls.indexOf('PutObjectCommand') + 1;
    buckets = await freshBuckets();
    const dying = mortality();
    dying.killAt(evidenceCall, 'AFTER');
    await killableLambda(dying).run(batch(body));
    expect(await objectsIn(clients.s3, buckets.audit)).not.toEqual(new Map());
    await optOut(dynamo.client, phoneToken('+12125550108'));
    const later = WATERMARK + 17 * 60_000;
    expect(await scrubLambda(clients, buckets, later).run(batch(body))).toEqual({ batchItemFailures: [] });
    const manifest = await verifiedManifest(buckets);
    expect(manifest).toMatchObject({ watermark: new Date(later).toISOString() });
    expect(manifest?.evidence?.key).toMatch(/\.2\.ndjson\.gz$/);
    expect((await outputsIn(clients.s3, buckets.outbox)).get('approved.csv')).not.toContain('2125550108');
  });
});

function killableLambda(life: ReturnType<typeof mortality>) {
  const { endpoint } = dynamo;
  const dynamodb = life.dynamodb(
    new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
  );
  return scrubLambda({ s3: life.s3(s3.client()), dynamodb }, buckets);
}
