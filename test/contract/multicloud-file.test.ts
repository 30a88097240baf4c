import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { strFromU8, unzipSync } from 'fflate';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForgetAndExport } from '../../lambdas/process-multicloud-file/forget-and-export.ts';
import { createProcessMulticloudFile } from '../../lambdas/process-multicloud-file/process-multicloud-file.ts';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubmissionJobs } from '../../lib/adapters/dynamodb/submission-jobs.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { readSubmittedFile, S3SubmissionResults } from '../../lib/adapters/s3/submissions.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, hold, NOON, suppression } from '../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { SAMPLE } from '../unit/domain/multicloud/sample.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const DAY = '20261120';
const KNOWN = '+17815551212';

let db: TestDynamoDb;
let s3: Fixture;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());
beforeEach(async () => {
  s3 = await startLocalS3();
  for (const Bucket of ['inbox', 'outbox']) await s3.client().send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.client().send(new PutBucketVersioningCommand({ Bucket: 'inbox', VersioningConfiguration }));
  return () => s3.close();
});

function world({ failing }: { failing?: string } = {}) {
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const common = {
    contactPoints,
    pepper: async () => PEPPER,
    residency: 'US',
    now: () => NOON,
    newId: uuid,
  } as const;
  const erase = createEraseContactPoint({ ...common, reviews: new DynamoReviews(db.client, TABLES.cases) });
  const recorded = recordedTelemetry();
  const state = { failing };
  const client = s3.client();
  const process = createProcessMulticloudFile({
    inboxBucket: 'inbox',
    readFile: (object) => readSubmittedFile(client, { bucket: 'inbox', ...object }),
    jobs: new DynamoSubmissionJobs(db.client, TABLES.cases),
    results: new S3SubmissionResults(client, 'outbox'),
    people: createForgetAndExport({
      eraseContactPoint: async (who, ...rest) => {
        if (who.kind === 'phone' && who.e164 === state.failing) throw new Error('the store is down');
        return await erase(who, ...rest);
      },
      explainer: new Explainer({
        ...common,
        pending: new DynamoPendingEntries(db.client, TABLES.contactPoints),
        objects: { lines: async function* () {} },
        policies: { find: async () => undefined },
      }),
      pepper: common.pepper,
      residency: 'US',
    }),
    zone: 'America/New_York',
    telemetry: recorded.telemetry,
    now: () => NOON,
  });
  const recordFact = createRecordFact({
    ...common,
    kek: async () => ({ version: 'k1', kek: 'x'.repeat(64) }),
  });
  return {
    state,
    recorded,
    async say(number: string, ...facts: Fact[]) {
      const phone = parsePhoneNumber(number);
      if (phone.kind === 'unreadable') throw new Error('expected a number');
      for (const fact of facts) await recordFact(phone, () => fact);
    },
    async stands(number: string) {
      const [found] = await contactPoints.read([tokenOfNumber(number, PEPPER)]);
      return { suppressions: Object.keys(found?.state.suppressions ?? {}), sealed: found?.sealed };
    },
    /** Puts a file and delivers what S3 tells of it. */
    async drop(name: string, content: string, folder = 'GDPR_Submit/') {
      const key = `${folder}${name}`;
      const { VersionId = 'v1' } = await client.send(
        new PutObjectCommand({ Bucket: 'inbox', Key: key, Body: content }),
      );
      return { key, versionId: VersionId };
    },
    async deliver({ key, versionId }: { key: string; versionId: string }) {
      const detail = { bucket: { name: 'inbox' }, object: { key, 'version-id': versionId } };
      const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail });
      return await process({ Records: [{ messageId: 'm1', body }] });
    },
    async result(name: string) {
      const { Body } = await client.send(
        new GetObjectCommand({ Bucket: 'outbox', Key: `GDPR_Result/${name}` }),
      );
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async results() {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'outbox' }));
      return Contents.map(({ Key = '' }) => Key.replace('GDPR_Result/', ''));
    },
  };
}

const file = (type: string, ...contacts: object[]) => JSON.stringify({ requests: [{ type, contacts }] });
const logOf = (bytes: Uint8Array) => JSON.parse(strFromU8(bytes));
const responses = (log: { result: { contacts: { response: string }[] }[] }) =>
  log.result.map(({ contacts }) => contacts.map(({ response }) => response));

describe('a file that asks to forget people', () => {
  it("gives for the vendor's sample what its page shows", async () => {
    const { say, drop, deliver, result, stands } = world();
    for (const { contacts } of SAMPLE.requests) {
      for (const { phone } of contacts) {
        if (phone?.startsWith('+')) await say(phone.replaceAll(' ', ''), consent({ seller: 'acme' }));
      }
    }
    expect(await deliver(await drop(`forget-${DAY}_120000.json`, JSON.stringify(SAMPLE)))).toEqual({
      batchItemFailures: [],
    });
    const log = logOf(await result(`forget-${DAY}_120000-execution-log.json`));
    expect(log.requests).toEqual(SAMPLE.requests);
    const none = 'SUCCESS: not found';
    expect(responses(log)).toEqual([
      ['SUCCESS', 'SUCCESS', none, none, none, none],
      ['SUCCESS', 'ERROR: incorrect device format', none, none, none, none],
    ]);
    expect(await stands(KNOWN)).toEqual({ suppressions: ['ALL#OBJECTION#*#PRIVACY_REQUEST'], sealed: false });
  });

  it('suppresses whom it does not know, and leaves alone whom a litigation hold keeps', async () => {
    const { say, drop, deliver, result, stands } = world();
    await say('+16175550151', consent(), hold());
    const name = `forget-${DAY}_2.json`;
    const contacts = [
      { phone: '+1 617 555 0151' },
      { phone: '+1 617 555 0152' },
      { phone: '+44 20 7946 0106' },
    ];
    await deliver(await drop(name, file('FORGET', ...contacts)));
    expect(responses(logOf(await result(`forget-${DAY}_2-execution-log.json`)))).toEqual([
      [
        'ERROR: kept for a legal claim',
        'SUCCESS: not found',
        'ERROR: belongs to the deployment of region EU, submit it there',
      ],
    ]);
    expect((await stands('+16175550152')).suppressions).toEqual(['ALL#OBJECTION#*#PRIVACY_REQUEST']);
    expect(await stands('+16175550151')).toEqual({ suppressions: [], sealed: true });
  });

  it('is not stopped by a device that fails, and is answered once however often it is delivered', async () => {
    const { drop, deliver, result, results, state } = world({ failing: '+16175550153' });
    const object = await drop(
      `forget-${DAY}_3.json`,
      file('FORGET', { phone: '+1 617 555 0153' }, { phone: '+1 617 555 0154' }),
    );
    await deliver(object);
    state.failing = undefined;
    await deliver(object);
    expect(await results()).toEqual([`forget-${DAY}_3-execution-log.json`]);
    expect(responses(logOf(await result(`forget-${DAY}_3-execution-log.json`)))).toEqual([
      ['ERROR: not processed for a fault of ours, submit it again', 'SUCCESS: not found'],
    ]);
  });

  // bench/multicloud-file.ts does it with 10,000.
  it('of many devices does all the good ones, whatever stands between them', async () => {
    const { drop, deliver, result } = world();
    const bad = [{ phone: '617 555 1313' }, { email: 'nobody@nowhere' }, { phone: 7 }, {}, null];
    const isBad = (place: number) => place % 7 === 3;
    const contacts = Array.from({ length: 140 }, (_, place) =>
      isBad(place) ? bad[place % bad.length] : { email: `person-${place}@example.com` },
    );
    const content = JSON.stringify({ requests: [{ type: 'FORGET', contacts }] });
    await deliver(await drop(`forget-${DAY}_9.json`, content));
    const [said = []] = responses(logOf(await result(`forget-${DAY}_9-execution-log.json`)));
    expect(said.map((response) => response.startsWith('ERROR: '))).toEqual(
      contacts.map((_, place) => isBad(place)),
    );
  });

  it('under a name that was used before is refused, and the first log stays', async () => {
    const { drop, deliver, result, results, stands } = world();
    const name = `forget-${DAY}_4.json`;
    await deliver(await drop(name, file('FORGET', { phone: '+1 617 555 0155' })));
    await deliver({
      ...(await drop(name, file('FORGET', { phone: '+1 617 555 0156' }))),
      versionId: 'another',
    });
    const [first = '', second = ''] = (await results()).toSorted((a, b) => a.length - b.length);
    expect(responses(logOf(await result(first)))).toEqual([['SUCCESS: not found']]);
    expect(logOf(await result(second))).toMatchObject({ result: [], error: /^ERROR: SEEN_BEFORE/ });
    expect((await stands('+16175550156')).suppressions).toEqual([]);
  });
});

describe('a file that asks for an export', () => {
  it('gives plain CSV of everything held, and says who is not known', async () => {
    const { say, drop, deliver, result, results } = world();
    await say('+16175550157', suppression({ seller: 'acme' }), consent({ seller: 'acme' }));
    const name = `export-${DAY}_1.json`;
    await deliver(
      await drop(name, file('EXPORT', { phone: '+1 617 555 0157' }, { phone: '+1 617 555 0158' })),
    );
    expect(responses(logOf(await result(`export-${DAY}_1-execution-log.json`)))).toEqual([
      ['SUCCESS', 'SUCCESS: not found'],
    ]);
    const archive = unzipSync(await result(`export-${DAY}_1-archive.zip`));
    expect(Object.keys(archive)).toEqual(['statements.csv', 'decisions.csv']);
    const lines = strFromU8(archive['statements.csv'] ?? new Uint8Array()).split('\r\n');
    expect(lines[1]).toMatch(/^"tel:\+16175550157","suppression"/);
    expect(lines.join()).not.toContain('6175550158');
    expect((await results()).toSorted()).toEqual([
      `export-${DAY}_1-archive.zip`,
      `export-${DAY}_1-execution-log.json`,
    ]);
  });

  it('has no archive where nobody is known', async () => {
    const { drop, deliver, results } = world();
    await deliver(await drop(`export-${DAY}_2.json`, file('EXPORT', { phone: '+1 617 555 0159' })));
    expect(await results()).toEqual([`export-${DAY}_2-execution-log.json`]);
  });
});

describe('a file that is none', () => {
  it.each([
    ['of another day', `forget-20261119_1.json`, file('FORGET', {}), 'OTHER_DAY'],
    ['misnamed', 'people.json', file('FORGET', {}), 'MISNAMED'],
    [
      'of two types',
      `forget-${DAY}_5.json`,
      JSON.stringify({
        requests: [
          { type: 'FORGET', contacts: [] },
          { type: 'EXPORT', contacts: [] },
        ],
      }),
      'MIXED_TYPES',
    ],
    ['that is no JSON', `forget-${DAY}_6.json`, '{', 'NOT_JSON'],
    ['too large', `forget-${DAY}_7.json`, ' '.repeat(20_000_001), 'TOO_LARGE'],
  ])('%s is refused with a log that says why', async (_what, name, content, code) => {
    const { drop, deliver, result, recorded } = world();
    await deliver(await drop(name, content));
    expect(
      logOf(
        await result(
          name.replace(/(\.json)?$/, '-execution-log.json').replace('.json-execution', '-execution'),
        ),
      ),
    ).toMatchObject({
      error: expect.stringMatching(new RegExp(`^ERROR: ${code}`)),
    });
    expect(recorded.values('MulticloudFileRefusedCount')).toEqual([1]);
  });

  it.each(['GDPR_Result/', 'GDPR_Submit/inner/', 'other/'])('in %s is left alone', async (folder) => {
    const { drop, deliver, results } = world();
    await deliver(await drop(`forget-${DAY}_8.json`, file('FORGET', { phone: '+1 617 555 0160' }), folder));
    expect(await results()).toEqual([]);
  });
});
