import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteObjectCommand,
  GetObjectRetentionCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaks } from '../support/canary.ts';
import { appendAuditLog, logLines } from './log-entries.ts';
import { optOut } from './preferences.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { idle, importRegistry, listsQueue, type Scrubbed, Scrubbing } from './scrubbing.ts';
import { leaksIn, sinksOf } from './sinks.ts';

const SELLER = 'acme';
const LISTED = '+12125550150';
const OPTED_OUT = '+12125550151';
const LONDON = '+442079460106';
const LATER = '+13055550102';
const ADDRESS = 'casey.fixture@example.com';
const PEOPLE = [
  LISTED,
  OPTED_OUT,
  LONDON,
  LATER,
  ADDRESS,
  '+13125550101',
  '+16025550103',
  '+16175550103',
  '+14155550104',
];

const PROFILE = {
  phoneColumns: ['Cell', 'Home'],
  emailColumns: ['Mail'],
  defaultRegion: 'US',
  stateColumn: 'State',
  channel: 'VOICE',
  purpose: 'MARKETING',
  technology: 'LIVE',
  seller: SELLER,
  campaignId: 'spring',
};

const BOM = '\ufeff';
const HEADER = `${BOM}Name,Cell,Home,Mail,State\r\n`;
// What must come out byte for byte: quotes that are needed and that are not, blanks, a line break inside a cell.
const ROWS: readonly (readonly [outcome: string, row: string])[] = [
  ['approved', `"Fixture, Ann",(312) 555-0101,,,IL\r\n`],
  ['rejected', `Bo,+1 212 555 0150,,,NY\r\n`],
  ['approved', `"Cy ""C"" \r\nFixture",  305-555-0102 ,,${ADDRESS},FL\r\n`],
  ['rejected', `Di,6025550103,"+12125550151",,AZ\r\n`],
  ['quarantined', `Ed,not a number,,,\r\n`],
  ['other-region', `Flo,${LONDON},,,\r\n`],
  ['approved', `Gil,"6175550103",,,MA\r\n`],
  // The last line has no end, and keeps none.
  ['approved', `"=HYPERLINK(""x"")",4155550104,,,CA`],
];

let running: RunningStack;
let lists: Scrubbing;
beforeAll(async () => {
  running = await startStack('US');
  lists = new Scrubbing(running.connection);
  await importRegistry(running, LISTED);
  await optOut(running.connection, { phoneNumber: OPTED_OUT });
  await lists.put('profiles/crm.json', JSON.stringify(PROFILE));
});
afterAll(async () => {
  await running.stop();
});

const text = (outcome: string): string => ROWS.flatMap(([of, row]) => (of === outcome ? [row] : [])).join('');
const LIST = HEADER + ROWS.map(([, row]) => row).join('');

describe('a contact list in the inbox', () => {
  const key = 'contact-lists/crm/spring leads (1).csv';
  let first: Scrubbed;
  beforeAll(async () => {
    first = await lists.scrub(key, LIST);
  });

  it('comes out row by row, byte for byte and in order', async () => {
    expect(first.manifest.outcome).toBe('SCRUBBED');
    expect((await lists.read(first, 'approved.csv')).toString('utf8')).toBe(HEADER + text('approved'));
    const elsewhere = (await lists.read(first, 'other-region.csv')).toString('utf8');
    expect(elsewhere).toContain('"WRONG_REGION","residency:EU"');
    expect(leaks(elsewhere, [LONDON])).toEqual([]);
    const rejected = (await lists.read(first, 'rejected.csv')).toString('utf8');
    expect(rejected).toContain('REGISTRY_LISTED');
    expect(rejected).toContain('SUPPRESSED');
    expect((await lists.read(first, 'quarantined.csv')).toString('utf8')).toContain('BAD_CHARACTERS');
    expect(JSON.parse((await lists.read(first, 'report.json')).toString('utf8'))).toMatchObject({
      counts: { rows: 8, approved: 4, rejected: 2, quarantined: 1, otherRegion: 1 },
      policyVersion: first.manifest.policyVersion,
      registries: [{ registry: 'us-national' }],
      watermark: first.manifest.watermark,
    });
  });

  it('has a manifest that names every result with its hash, and the evidence', async () => {
    const { manifest } = first;
    const names = manifest.files.map(({ name }) => `${first.prefix}${name}`);
    const found = (await lists.versions('outbox', first.prefix)).map(({ Key }) => Key);
    expect(found.toSorted()).toEqual([...names, `${first.prefix}manifest.json`].toSorted());
    for (const { name, sha256, sizeBytes } of manifest.files) {
      const bytes = await lists.read(first, name);
      expect({ name, sha256: sha256Of(bytes), sizeBytes: bytes.length }).toEqual({ name, sha256, sizeBytes });
    }
    expect(manifest.input).toMatchObject({
      name: key,
      versionId: first.versionId,
      sha256: sha256Of(first.body),
    });
    const evidence = await lists.get('audit', manifest.evidence?.key ?? '');
    expect(sha256Of(evidence)).toBe(manifest.evidence?.sha256);
    expect(gunzipSync(evidence).toString('utf8').trim().split('\n')).toHaveLength(8);
  });

  it('stays as it came out when its event is delivered again', async () => {
    const before = await lists.versions('outbox', first.prefix);
    const url = await listsQueue(running.connection);
    await new SQSClient(running.connection.aws).send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify(objectCreated(key, first.versionId)),
      }),
    );
    await idle(running.connection, url);
    expect(await lists.versions('outbox', first.prefix)).toEqual(before);
  });

  it('cannot be announced by just anybody', async () => {
    const { source, detail, ...rest } = objectCreated(key, first.versionId);
    const { Entries } = await new EventBridgeClient(running.connection.aws).send(
      new PutEventsCommand({
        Entries: [{ Source: source, DetailType: rest['detail-type'], Detail: JSON.stringify(detail) }],
      }),
    );
    expect(Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
  });

  it('loses a row to an opt-out between two scrubs', async () => {
    await optOut(running.connection, { phoneNumber: LATER });
    const second = await lists.scrub(key, first.body);
    expect(second.prefix).not.toBe(first.prefix);
    const [before, after] = await Promise.all(
      [first, second].map(async (one) => (await lists.read(one, 'approved.csv')).toString('utf8')),
    );
    const lost = ROWS[2]?.[1] ?? '';
    expect(before).toContain(lost);
    expect(after).toBe(before?.replace(lost, ''));
    expect((await lists.read(second, 'rejected.csv')).toString('utf8').match(/SUPPRESSED/g)).toHaveLength(2);
  });
});

describe('a list that is not what its profile says', () => {
  const good = 'Ann,3125550101,,,IL\n';
  it.each([
    ['a column is missing', 'missing', `Name,Cell,Mail,State\nAnn,3125550101,,IL\n`, 'MISSING_COLUMN', 1],
    ['a row is ragged', 'ragged', `Name,Cell,Home,Mail,State\n${good}Bo,3125550101\n`, 'RAGGED_ROW', 3],
    ['another delimiter', 'semicolon', `Name;Cell;Home;Mail;State\n`, 'WRONG_DELIMITER', 1],
    ['it is an archive', 'zip', 'PK\u0003\u0004 and so on', 'COMPRESSED', undefined],
  ])('is refused whole where %s', async (_what, name, body, cause, line) => {
    const refused = await lists.scrub(`contact-lists/crm/${name}.csv`, body);
    expect(refused.manifest.outcome).toBe('REJECTED');
    const report = JSON.parse((await lists.read(refused, 'report.json')).toString('utf8'));
    expect(report).toMatchObject({ outcome: 'REJECTED', cause, ...(line === undefined ? {} : { line }) });
    const keys = (await lists.versions('outbox', refused.prefix)).map(({ Key }) => Key);
    expect(keys.toSorted()).toEqual([`${refused.prefix}manifest.json`, `${refused.prefix}report.json`]);
  });

  it.each([
    'contact-lists/crm/../../escape.csv',
    'contact-lists/../profiles/crm.csv',
    'contact-lists/crm/%2e%2e%2fescape.csv',
    'contact-lists/crm/a\u0000b.csv',
    'contact-lists/crm/deep/er.csv',
    'contact-lists/crm/list.csv.exe',
    'contact-lists/crm/ümlaut.csv',
    'contact-lists/3125550101/list.csv',
  ])('is refused under the hostile key %j', async (key) => {
    const before = await lists.versions('outbox');
    const parked = await lists.scrub(key, LIST, '_parked');
    expect(parked.manifest.outcome).toBe('REJECTED');
    const report = JSON.parse((await lists.read(parked, 'report.json')).toString('utf8'));
    expect(report).toMatchObject({ cause: 'BAD_KEY' });
    const added = (await lists.versions('outbox')).length - before.length;
    expect(added).toBe(2);
  });

  it('is refused without a profile', async () => {
    const { manifest } = await lists.scrub('contact-lists/nobodys/list.csv', LIST);
    expect(manifest.outcome).toBe('REJECTED');
  });
});

describe('what a scrub leaves in the log', () => {
  it('is one entry each, and nothing of the people', async () => {
    await appendAuditLog(running.connection);
    const scrubs = (await logLines(running.connection)).filter(({ kind }) => kind === 'scrub');
    const manifests = (await lists.versions('outbox', 'scrubs/')).filter(({ Key }) =>
      Key?.endsWith('/manifest.json'),
    );
    expect(scrubs.map((line) => line['jobId']).toSorted()).toEqual(
      manifests.map(({ Key }) => Key?.split('/').at(-2)).toSorted(),
    );
    const sinks = await sinksOf(running);
    expect([...sinks].filter(([, found]) => found === '').map(([name]) => name)).toEqual([]);
    expect(leaksIn(sinks, PEOPLE)).toEqual([]);
    expect(running.faults).toEqual([]);
  });

  it('can be neither deleted, nor overwritten, nor unlocked', async () => {
    const Bucket = running.stack.endpoints.buckets.audit;
    const s3 = new S3Client(running.connection.aws);
    const objects = await lists.versions('audit');
    const folders = objects.map(({ Key = '' }) => Key.split('/')[0]);
    expect(folders).toEqual(expect.arrayContaining(['entries', 'evidence']));
    for (const { Key, VersionId } of objects) {
      const { Retention } = await s3.send(new GetObjectRetentionCommand({ Bucket, Key }));
      expect(Retention?.Mode).toBe('GOVERNANCE');
      expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now());
      const earlier = { Mode: 'GOVERNANCE' as const, RetainUntilDate: new Date(Date.now() + 60_000) };
      // The pointer alone may be written anew; what it said before stays as a version under its lock.
      const overwriting = [
        () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged' })),
        () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'forged', IfNoneMatch: '*' })),
      ];
      const attempts = [
        () => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
        () => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true })),
        () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
        ...(Key === 'checkpoint' ? [] : overwriting),
        () => s3.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention: earlier })),
        () =>
          s3.send(
            new PutObjectRetentionCommand({
              Bucket,
              Key,
              VersionId,
              Retention: earlier,
              BypassGovernanceRetention: true,
            }),
          ),
      ];
      const refusals = await Promise.all(
        attempts.map((attempt) =>
          attempt().then(
            () => 'DONE',
            (error: unknown) => (error instanceof Error ? error.name : 'fault'),
          ),
        ),
      );
      const denied = 'AccessDenied';
      const overwritten = Key === 'checkpoint' ? [] : [denied, 'PreconditionFailed'];
      expect(refusals).toEqual([denied, denied, denied, ...overwritten, denied, denied]);
    }
    // The schedule of append-audit-log may have added to them.
    expect(await lists.versions('audit')).toEqual(expect.arrayContaining(objects));
  });
});

function objectCreated(key: string, versionId: string) {
  const bucket = { name: running.stack.endpoints.buckets.inbox };
  return {
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { version: '0', bucket, object: { key, size: 1, etag: '0', 'version-id': versionId } },
  };
}

function sha256Of(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
