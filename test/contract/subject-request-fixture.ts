import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { createHandleSubjectRequest } from '../../lambdas/handle-subject-request/handle-subject-request.ts';
import { createRunSubjectRequests } from '../../lambdas/run-subject-requests/run-subject-requests.ts';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { createGenesysApi } from '../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysGdpr } from '../../lib/adapters/genesys/gdpr.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { OUTGOING, RETURNED, S3MulticloudFiles } from '../../lib/adapters/s3/multicloud-files.ts';
import { S3SubjectResults } from '../../lib/adapters/s3/subject-results.ts';
import { createMoveGenesysStep } from '../../lib/adapters/subject-request/genesys.ts';
import { createMoveMulticloudStep } from '../../lib/adapters/subject-request/multicloud.ts';
import { createMoveOwnStep } from '../../lib/adapters/subject-request/own-store.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { runRequest } from '../../lib/domain/subject-request/run-request.ts';
import { TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { NOON } from '../support/facts.ts';
import { createGdprPlatform, type FakeWorld } from '../support/genesys-cloud/gdpr-platform.ts';
import { CLIENT, startFakeServer } from '../support/genesys-cloud/server.ts';
import { apiEvent } from '../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

export type Told = { readonly status: number; readonly [field: string]: unknown };

export const BUCKET = 'privacy';
const KEK = async () => ({ version: 'k1', kek: 'x'.repeat(64) });
const ZONE = 'America/New_York';

/** A bucket for requests and their results, once for each store. */
export const createPrivacyBucket = (client: S3Client) =>
  client.send(new CreateBucketCommand({ Bucket: BUCKET }));

/** Data subject requests from the API to the platforms: the real adapters, at one clock that runs move on. */
export async function createRequestWorld(
  { db, s3 }: { readonly db: TestDynamoDb; readonly s3: S3Client },
  people: Pick<FakeWorld, 'records' | 'mergeSets' | 'ends' | 'related' | 'resultFiles'>,
  { multicloud = false, residency = 'US' }: { multicloud?: boolean; residency?: 'EU' | 'US' } = {},
) {
  const clock = { now: NOON };
  const now = () => clock.now;
  const platform = createGdprPlatform({ ...people, url: () => fake.url, now });
  const fake = await startFakeServer(platform.routes);
  const recorded = recordedTelemetry(now);
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const requests = new DynamoSubjectRequests({
    ...{ client: db.client, table: TABLES.cases, contactPoints, kek: KEK, now },
    keptBack: (error) => {
      throw error;
    },
  });
  const results = new S3SubjectResults({
    ...{ client: s3, bucket: BUCKET, kek: KEK },
    dataKeyOf: (id) => requests.dataKeyOf(id),
  });
  const common = { contactPoints, pepper: async () => PEPPER, residency, now, newId: uuid };
  const recordFact = createRecordFact({ ...common, kek: KEK });
  const keepResult = results.put.bind(results);
  const handle = createHandleSubjectRequest({
    ...{ requests, residency, now, newId: uuid, zone: ZONE },
    resultNames: (id) => results.names(id),
    pepper: common.pepper,
    telemetry: recorded.telemetry,
  });
  const api = createGenesysApi({
    ...{ apiUrl: fake.url, loginUrl: fake.url, credentials: async () => CLIENT, now, random: () => 0 },
    rate: { burst: 1000, perSecond: 1000 },
    wait: async (ms) => {
      clock.now += ms;
    },
    timeoutMs: 5000,
  });
  const gdpr = new HttpGenesysGdpr(api, 5000);
  const own = createMoveOwnStep({
    ...{ contactPoints, recordFact, keepResult, pepper: common.pepper },
    eraseContactPoint: createEraseContactPoint({
      ...common,
      reviews: new DynamoReviews(db.client, TABLES.cases),
    }),
    explainer: new Explainer({
      ...{ contactPoints, now, objects: { lines: async function* () {} } },
      pending: new DynamoPendingEntries(db.client, TABLES.contactPoints),
      policies: { find: async () => undefined },
    }),
  });
  const files = new S3MulticloudFiles(s3, BUCKET);
  const move = {
    DIALGUARD: own,
    GENESYS_CLOUD: createMoveGenesysStep({ gdpr, keepResult, now }),
    MULTICLOUD: createMoveMulticloudStep({ files, accountId: '30003748347', zone: ZONE, keepResult, now }),
  };
  const systems = { genesysCloud: true, multicloud };
  const run = createRunSubjectRequests({
    ...{ requests, zone: ZONE, telemetry: recorded.telemetry, now },
    run: (id) => runRequest(id, { requests, gdpr, systems, move, now, newId: uuid }),
  });
  const send = async (route: string, pathParameters: object, body?: object): Promise<Told> => {
    const answer = await handle({ ...apiEvent(route, body ?? {}), pathParameters });
    return { ...JSON.parse(answer.body), status: answer.statusCode };
  };
  return {
    ...{ clock, fake, platform, recorded, requests, recordFact, contactPoints, send },
    take: (type: string, identifiers: readonly object[], more: object = {}) =>
      send('POST /v1/subject-requests', {}, { type, identifiers, by: 'officer-1', ...more }),
    act: (id: string, action: string, body: object) =>
      send('POST /v1/subject-requests/{id}/{action}', { id, action }, { by: 'officer-2', ...body }),
    show: (id: string) => send('GET /v1/subject-requests/{id}', { id }),
    /** As the schedule does, each minute. */
    async run(times = 1): Promise<void> {
      for (let minute = 0; minute < times; minute += 1) {
        clock.now += 60_000;
        await run();
      }
    },
    result: async (requestId: string, name: string): Promise<string> =>
      Buffer.from((await results.get({ requestId, name })) ?? []).toString(),
    resultBytes: async (requestId: string, name: string) =>
      (await results.get({ requestId, name })) ?? new Uint8Array(),
    async say(number: string, ...facts: readonly Fact[]): Promise<void> {
      const phone = parsePhoneNumber(number);
      if (phone.kind === 'unreadable') throw new Error('expected a number');
      for (const fact of facts) await recordFact(phone, () => fact);
    },
    async standing(number: string) {
      const [found] = await contactPoints.read([tokenOfNumber(number, PEPPER)]);
      if (found === undefined) throw new Error('expected a contact point');
      return found;
    },
    /** What reached the platform: `GET /api/v2/gdpr/subjects` and so on, in order. */
    calls: (method: string) =>
      fake.calls
        .filter((call) => call.method === method)
        .map(({ path, query, body }) => ({ path, query, body })),
    outgoing: (name: string) => textOf(s3, `${OUTGOING}${name}`),
    returnFile: (name: string, text: string) =>
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${RETURNED}${name}`, Body: text })),
  };
}

export type RequestWorld = Awaited<ReturnType<typeof createRequestWorld>>;

async function textOf(s3: S3Client, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return (await Body?.transformToString()) ?? '';
}

const Shown = z.looseObject({
  id: z.uuid(),
  state: z.string(),
  steps: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  subjects: z
    .array(z.looseObject({ key: z.string(), verdict: z.string(), mayBeApproved: z.boolean() }))
    .default([]),
});

/** An answer about one request, as far as most tests look at it. */
export const shown = (told: Told) => Shown.parse(told);

/** Takes a request in, checks who asks, and lets it run until an officer must decide. */
export async function awaitingReview(
  world: RequestWorld,
  type: string,
  identifiers: readonly object[],
  more: object = {},
): Promise<string> {
  const { id } = shown(await world.take(type, identifiers, more));
  await world.act(id, 'identity', { by: 'officer-1', method: 'CALL_BACK' });
  await world.run(2);
  return id;
}
