// Both ends of the files of Genesys Multicloud CX: what a request writes is read by what processes such files, and back.
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForgetAndExport } from '../../lambdas/process-multicloud-file/forget-and-export.ts';
import { createProcessMulticloudFile } from '../../lambdas/process-multicloud-file/process-multicloud-file.ts';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubmissionJobs } from '../../lib/adapters/dynamodb/submission-jobs.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { OUTGOING, RETURNED } from '../../lib/adapters/s3/multicloud-files.ts';
import { readSubmittedFile, S3SubmissionResults } from '../../lib/adapters/s3/submissions.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, suppression } from '../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';
import {
  awaitingReview,
  BUCKET,
  createPrivacyBucket,
  createRequestWorld,
  type RequestWorld,
  shown,
} from './subject-request-fixture.ts';

const PHONE = '+16175550142';
const IDENTIFIERS = [
  { kind: 'NAME', value: 'Ana Pérez' },
  { kind: 'PHONE', value: PHONE },
  { kind: 'EMAIL', value: 'ana@example.com' },
];
const SUBMIT = 'GDPR_Submit/';
const RESULT = 'GDPR_Result/';

let ours: TestDynamoDb;
let theirs: TestDynamoDb;
let s3: Fixture;
let world: RequestWorld;
beforeAll(async () => {
  [ours, theirs, s3] = await Promise.all([startDynalite(), startDynalite(), startLocalS3()]);
  await createPrivacyBucket(s3.client());
});
afterAll(() => Promise.all([ours.stop(), theirs.stop(), s3.close()]));
beforeEach(async () => {
  world = await createRequestWorld({ db: ours, s3: s3.client() }, { records: [] }, { multicloud: true });
});
afterEach(async () => {
  expect(world.fake.violations).toEqual([]);
  await world.fake.close();
});

/** The other end: a deployment of ours with people of its own, in whose place the platform stands. */
function otherEnd() {
  const client = s3.client();
  const now = () => world.clock.now;
  const contactPoints = new DynamoContactPoints(theirs.client, TABLES.contactPoints);
  const common = { contactPoints, pepper: async () => PEPPER, residency: 'US', now, newId: uuid } as const;
  const process = createProcessMulticloudFile({
    ...{ inboxBucket: BUCKET, zone: 'America/New_York', telemetry: recordedTelemetry(now).telemetry, now },
    readFile: (object) => readSubmittedFile(client, { bucket: BUCKET, ...object }),
    jobs: new DynamoSubmissionJobs(theirs.client, TABLES.cases),
    results: new S3SubmissionResults(client, BUCKET),
    people: createForgetAndExport({
      ...common,
      eraseContactPoint: createEraseContactPoint({
        ...common,
        reviews: new DynamoReviews(theirs.client, TABLES.cases),
      }),
      explainer: new Explainer({
        ...{ contactPoints, now, objects: { lines: async function* () {} } },
        pending: new DynamoPendingEntries(theirs.client, TABLES.contactPoints),
        policies: { find: async () => undefined },
      }),
    }),
  });
  const phone = parsePhoneNumber(PHONE);
  if (phone.kind === 'unreadable') throw new Error('expected a number');
  const recordFact = createRecordFact({
    ...common,
    kek: async () => ({ version: 'k1', kek: 'x'.repeat(64) }),
  });
  return {
    know: async () => {
      await recordFact(phone, () => suppression({ seller: 'acme' }));
      await recordFact(phone, () => consent({ seller: 'acme' }));
    },
    standing: async () => (await contactPoints.read([tokenOfNumber(PHONE, PEPPER)]))[0],
    /** Carries files there, lets them be processed, and carries back what came of them: what an SFTP client does. */
    async carry(): Promise<readonly string[]> {
      for (const name of await carried(OUTGOING, SUBMIT)) {
        const detail = { bucket: { name: BUCKET }, object: { key: `${SUBMIT}${name}` } };
        const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail });
        expect(await process({ Records: [{ messageId: 'm1', body }] })).toEqual({ batchItemFailures: [] });
      }
      return await carried(RESULT, RETURNED);
    },
  };
}

async function carried(from: string, to: string): Promise<readonly string[]> {
  const client = s3.client();
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: from }));
  const names = Contents.map(({ Key = '' }) => Key.slice(from.length));
  for (const name of names) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${from}${name}` }));
    const content = (await Body?.transformToByteArray()) ?? new Uint8Array();
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${to}${name}`, Body: content }));
  }
  return names;
}

/** Every version of what lies between the two ends. */
async function left(): Promise<readonly (string | undefined)[]> {
  const Prefix = 'multicloud/';
  const { Versions = [], DeleteMarkers = [] } = await s3
    .client()
    .send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix }));
  return [...Versions, ...DeleteMarkers].map(({ Key }) => Key);
}

/** Two requests that are approved and run at once. */
async function bothRunning(): Promise<readonly [string, string]> {
  const access = await awaitingReview(world, 'ACCESS', IDENTIFIERS);
  const erasure = await awaitingReview(world, 'ERASURE', IDENTIFIERS);
  for (const id of [access, erasure]) await world.act(id, 'approve', { subjects: [] });
  await world.run(4);
  return [access, erasure];
}

describe('files of a request', () => {
  it('are read at the other end, done, and their logs read back into the case', async () => {
    const other = otherEnd();
    await other.know();
    const [access, erasure] = await bothRunning();
    for (const id of [access, erasure]) {
      expect(shown(await world.show(id))).toMatchObject({
        state: 'RUNNING',
        steps: [{ state: 'DONE' }, { state: 'DONE' }, { id: 'multicloud:1', state: 'SENT' }],
      });
    }
    const { steps } = (await world.requests.read(erasure))?.request ?? { steps: [] };
    const name = steps.at(-1)?.references?.[0] ?? '';
    expect(name).toMatch(/^forget-20261120_\d{6}\.json$/);
    expect(JSON.parse(await world.outgoing(name))).toEqual({
      requests: [
        {
          ...{ requestcase: erasure, type: 'FORGET', shortcodes: [], accountid: '30003748347' },
          contacts: [{ phone: '+1 617 555 0142' }, { email: 'ana@example.com' }],
        },
      ],
    });
    const results = await other.carry();
    expect(results.filter((file) => file.endsWith('-execution-log.json'))).toHaveLength(2);
    await world.run();
    expect(await world.show(access)).toMatchObject({ state: 'COMPLETED' });
    expect(await world.show(erasure)).toMatchObject({ state: 'COMPLETED', dataDestroyed: true });
    expect(await other.standing()).toMatchObject({ sealed: false, state: { consents: {} } });
    expect(Object.keys((await other.standing())?.state.suppressions ?? {})).toEqual([
      'ALL#OBJECTION#*#PRIVACY_REQUEST',
    ]);
    expect(await left()).toEqual([]);
    const archive = unzipSync(Buffer.from(await world.resultBytes(access, 'multicloud-archive.zip')));
    expect(Buffer.from(archive['statements.csv'] ?? []).toString()).toContain(PHONE);
  });

  it('that come back with an error on a device leave the request partial, and it is submitted under another name', async () => {
    const id = await awaitingReview(world, 'ERASURE', IDENTIFIERS);
    await world.act(id, 'approve', { subjects: [] });
    await world.run(3);
    const sent = async () => (await world.requests.read(id))?.request.steps.at(-1)?.references?.[0] ?? '';
    const first = await sent();
    const { requests } = JSON.parse(await world.outgoing(first));
    const answered = (response: string) => ({
      requests,
      result: [
        { ...requests[0], contacts: requests[0].contacts.map((each: object) => ({ ...each, response })) },
      ],
    });
    await world.returnFile(
      first.replace('.json', '-execution-log.json'),
      JSON.stringify(answered('ERROR: busy')),
    );
    await world.run();
    expect(shown(await world.show(id))).toMatchObject({
      state: 'PARTIAL',
      steps: [{ state: 'DONE' }, { state: 'DONE' }, { state: 'FAILED', cause: 'DEVICE_ERROR' }],
    });
    await world.act(id, 'retry', {});
    await world.run(2);
    const second = await sent();
    expect(second).not.toBe(first);
    // The older shape of a log, as the vendor's page has it.
    const { result } = answered('SUCCESS: not found');
    await world.returnFile(
      second.replace('.json', '-execution-log.json'),
      JSON.stringify({ requests: [...requests, { result }] }),
    );
    await world.run();
    expect(await world.show(id)).toMatchObject({ state: 'COMPLETED' });
    expect(await left()).toEqual([]);
  });
});
