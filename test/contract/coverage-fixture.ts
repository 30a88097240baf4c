import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Models } from 'purecloud-platform-client-v2';
import { v7 as uuid } from 'uuid';
import { createReconcileCoverage } from '../../lambdas/reconcile-coverage/reconcile-coverage.ts';
import { createResolveCoverageGap } from '../../lambdas/resolve-coverage-gap/resolve-coverage-gap.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoCoverageGaps } from '../../lib/adapters/dynamodb/coverage-gaps.ts';
import { DynamoCoverageLedger, readCoverageProgress } from '../../lib/adapters/dynamodb/coverage-ledger.ts';
import { attributes } from '../../lib/adapters/dynamodb/item.ts';
import { HEAD_KEY } from '../../lib/adapters/dynamodb/log-head.ts';
import { DynamoLogProgress } from '../../lib/adapters/dynamodb/log-progress.ts';
import { createGenesysApi } from '../../lib/adapters/genesys/cloud-api.ts';
import { HttpConversationDetails } from '../../lib/adapters/genesys/conversation-details.ts';
import { ownNumbersFrom } from '../../lib/adapters/genesys/customer-address.ts';
import { S3CoverageResults } from '../../lib/adapters/s3/coverage-results.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { CoverageGap } from '../../lib/domain/coverage/contact.ts';
import { CoverageEntry, type DecisionEntry, Entry } from '../../lib/domain/log/entry.ts';
import { logObjectKey } from '../../lib/domain/log/object-key.ts';
import { startDynalite, TABLES } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import { entryLine } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { createAnalytics, type JobStates } from '../support/genesys-cloud/analytics.ts';
import { CLIENT, startFakeServer } from '../support/genesys-cloud/server.ts';
import { OWN_NUMBERS } from '../support/genesys-events.ts';
import { apiEvent } from '../support/intake.ts';
import type { Mortality } from '../support/killable.ts';
import { PEPPER } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import type { Fixture } from './local-s3.ts';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export type CoverageOptions = {
  readonly states?: (job: number) => JobStates;
  readonly pageSize?: number;
  readonly residency?: Residency;
  /** Whether a platform is connected; it is unless told. */
  readonly connected?: boolean;
};

/** The checks of outbound contacts on real adapters beside a fake platform; they begin at NOON. */
export async function createCoverageWorld(s3: Fixture, options: CoverageOptions = {}) {
  const db = await startDynalite();
  const buckets = { audit: `audit-${uuid()}`, privacy: `privacy-${uuid()}` };
  const store = s3.client();
  for (const Bucket of Object.values(buckets)) await store.send(new CreateBucketCommand({ Bucket }));
  const clock = { now: NOON + MINUTE_MS };
  const now = () => clock.now;
  const platform = { conversations: [] as Models.AnalyticsConversation[], availableUntil: NOON };
  const analytics = createAnalytics({
    ...options,
    conversations: () => platform.conversations,
    availableUntil: () => platform.availableUntil,
  });
  const fake = await startFakeServer(analytics.routes);
  const recorded = recordedTelemetry(now);
  const log = new S3LogObjects(store, buckets.audit);
  let size = 0;

  /** A runner of its own, as each start of the Lambda is; `dying` kills it somewhere. */
  const runner = (dying?: Mortality) => {
    const client = dying === undefined ? db.client : dying.dynamodb(dynamoDbClient(db.endpoint));
    const objects = dying === undefined ? store : dying.s3(s3.client());
    return createReconcileCoverage({
      records:
        options.connected === false
          ? undefined
          : recordsOf({ url: fake.url, clock, residency: options.residency ?? 'US' }),
      gaps: new DynamoCoverageGaps(client, TABLES.cases),
      progress: new DynamoLogProgress(client, TABLES.cases, now),
      ledger: ledgerOf(client, now),
      results: new S3CoverageResults(objects, buckets.privacy),
      log: new S3LogObjects(objects, buckets.audit),
      ...{ windowMs: 5 * MINUTE_MS, telemetry: recorded.telemetry, now, newId: uuid },
      wait: async (ms) => {
        clock.now += ms;
      },
    });
  };
  const resolve = createResolveCoverageGap({
    gaps: new DynamoCoverageGaps(db.client, TABLES.cases),
    progress: () => readCoverageProgress(db.client, TABLES.cases),
    contactPoints: new DynamoContactPoints(db.client, TABLES.contactPoints),
    ...{ telemetry: recorded.telemetry, now, newId: uuid },
  });
  const setLoggedUntil = (loggedUntil: number) =>
    db.client.send(
      new PutItemCommand({
        TableName: TABLES.cases,
        Item: { ...HEAD_KEY, ...attributes({ size, fence: 1, loggedUntil }) },
      }),
    );
  return {
    ...{ clock, platform, fake, analytics, recorded, buckets, runner, setLoggedUntil },
    run: () => runner()(),
    /** What is decided is in the log at once, in one object. */
    async decided(...decisions: readonly DecisionEntry[]): Promise<void> {
      const lines = decisions.map((decision, place) => `${entryLine(size + place, decision)}\n`);
      await log.settle(logObjectKey(size, Date.parse(decisions[0]?.at ?? '')), lines.join(''));
      size += decisions.length;
    },
    /** Lets time pass for everything: the clock, the platform's records and the log. */
    async passTo(moment: number): Promise<void> {
      clock.now = moment;
      platform.availableUntil = moment;
      await setLoggedUntil(moment);
    },
    gaps: (which: 'OPEN' | 'JUDGED' = 'OPEN') => new DynamoCoverageGaps(db.client, TABLES.cases).list(which),
    ledger: ledgerOf(db.client, now),
    results: new S3CoverageResults(store, buckets.privacy),
    openGap: (gap: CoverageGap) => new DynamoCoverageGaps(db.client, TABLES.cases).open(gap, now()),
    progress: () => readCoverageProgress(db.client, TABLES.cases),
    judge: async (id: string, body: object = { by: 'officer-1', reason: 'test-call' }) => {
      const answer = await resolve({
        ...apiEvent('POST /v1/coverage-gaps/{id}', body),
        pathParameters: { id },
      });
      return { ...JSON.parse(answer.body), status: answer.statusCode };
    },
    /** Entries that wait for the log. */
    entries: () => entriesOf(db.client),
    objects: () => objectsOf(store, buckets.privacy),
    everything: async () => [
      ...(await Promise.all(Object.values(TABLES).map((table) => itemsOf(db.client, table)))).flat(),
      ...(await objectsOf(store, buckets.privacy)),
      ...recorded.lines,
    ],
    async stop(): Promise<void> {
      await fake.close();
      await db.stop();
    },
  };
}

export type CoverageWorld = Awaited<ReturnType<typeof createCoverageWorld>>;

type Given = { readonly url: string; readonly clock: { now: number }; readonly residency: Residency };

function recordsOf({ url, clock, residency }: Given): HttpConversationDetails {
  const api = createGenesysApi({
    ...{ apiUrl: url, loginUrl: url, credentials: async () => CLIENT, random: () => 0 },
    rate: { burst: 1000, perSecond: 1000 },
    now: () => clock.now,
    wait: async (ms) => {
      clock.now += ms;
    },
    timeoutMs: 5000,
  });
  const numbering = { ownNumbers: ownNumbersFrom(OWN_NUMBERS), defaultRegion: 'US' };
  return new HttpConversationDetails(api, async () => ({ numbering, pepper: PEPPER, residency }));
}

function ledgerOf(client: DynamoDBClient, now: () => number): DynamoCoverageLedger {
  return new DynamoCoverageLedger({
    ...{ client, table: TABLES.cases, now },
    contactPoints: new DynamoContactPoints(client, TABLES.contactPoints),
    keptBack: () => undefined,
  });
}

async function itemsOf(client: DynamoDBClient, TableName: string): Promise<readonly string[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.map((item) => JSON.stringify(unmarshall(item)));
}

async function entriesOf(client: DynamoDBClient): Promise<readonly Entry[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLES.contactPoints }));
  const lines = Items.flatMap((item) => Object.values<string>(unmarshall(item)['pending'] ?? {}));
  return lines.map((line) => Entry.parse(JSON.parse(line))).toSorted((a, b) => a.at.localeCompare(b.at));
}

/** The entries of checked hours, by their hour. */
export function checksOf(entries: readonly Entry[]): readonly CoverageEntry[] {
  return entries
    .filter(({ kind }) => kind === 'coverage')
    .map((entry) => CoverageEntry.parse(entry))
    .toSorted((a, b) => a.from.localeCompare(b.from));
}

async function objectsOf(client: S3Client, Bucket: string): Promise<readonly string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  return await Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return `${Key}\n${await Body?.transformToString()}`;
    }),
  );
}
