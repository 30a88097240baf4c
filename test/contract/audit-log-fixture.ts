import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { attributes } from '../../lib/adapters/dynamodb/item.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3TreeObjects } from '../../lib/adapters/s3/tree-objects.ts';
import { isToken } from '../../lib/domain/contact-point/token.ts';
import { BATCH_LIMIT } from '../../lib/domain/log/batch.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { appendOnClients, LOG_PLACES } from '../support/append-on-clients.ts';
import { startDynalite, TABLES } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import { NOON } from '../support/facts.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import type { Published } from '../support/reference-tree.ts';
import { createLockedBucket } from '../support/scrub-world.ts';
import { startLocalS3 } from './local-s3.ts';

export class Killed extends Error {}

/** Called around each request that a run sends. */
export type Around = (request: () => Promise<void>) => Promise<void>;

/** Dies at the nth request: before it is sent, or after it was done but before its answer is seen. */
export function dyingAt(nth: number, moment: 'BEFORE' | 'AFTER'): Around {
  let requests = 0;
  return async (request) => {
    requests += 1;
    if (requests > nth || (requests === nth && moment === 'BEFORE')) throw new Killed();
    await request();
    if (requests === nth) throw new Killed();
  };
}

/** A step of an SDK client that `around` may cut short. */
export function lived<Args, Answer>(
  around: Around,
  next: (args: Args) => Promise<Answer>,
): (args: Args) => Promise<Answer> {
  return async (args) => {
    const answers: Answer[] = [];
    await around(async () => void answers.push(await next(args)));
    const answer = answers.at(-1);
    if (answer === undefined) throw new Killed();
    return answer;
  };
}

/** Tiles, checkpoints and key by name, and every state of the pointer; fails where another object has two versions. */
async function publishedTree(client: S3Client, Bucket: string): Promise<Omit<Published, 'lines'>> {
  const objects = new Map<string, string>();
  const pointers: string[] = [];
  for (const { Key = '', VersionId } of (await versionsOf(client, Bucket)).toReversed()) {
    if (/^(entries|policies|evidence)\//.test(Key)) continue;
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    if (Key === 'checkpoint') pointers.push(bytes.toString());
    else if (objects.has(Key)) throw new Error(`expected one version of ${Key}`);
    else objects.set(Key, bytes.toString('binary'));
  }
  return { objects, pointers };
}

async function versionsOf(client: S3Client, Bucket: string): Promise<readonly ObjectVersion[]> {
  const versions: ObjectVersion[] = [];
  for (let from = {}; ; ) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, ...from }));
    versions.push(...(page.Versions ?? []));
    if (page.IsTruncated !== true) return versions;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

/** Fresh tables, and a bucket locked by default retention, as the storage stack makes it. */
export async function startAuditLog() {
  const s3 = await startLocalS3();
  const dynalite = await startDynalite();
  const { bucket } = LOG_PLACES;
  await createLockedBucket(s3.client(), bucket);
  const clients: DynamoDBClient[] = [];
  const dynamo = (): DynamoDBClient => {
    const client = dynamoDbClient(dynalite.endpoint, { maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  const pending = new DynamoPendingEntries(dynalite.client, TABLES.contactPoints);
  const contactPoints = new DynamoContactPoints(dynalite.client, TABLES.contactPoints);
  const objects = new S3LogObjects(s3.client(), bucket);
  const tree = new S3TreeObjects(s3.client(), bucket);
  let minute = 0;

  /** One run of the Lambda, in another minute than every run before, with SDK clients of its own. */
  const newRun = (around: Around = (request) => request(), batchLimit = BATCH_LIMIT, notBefore = 0) => {
    const dynamodb = dynamo();
    const s3Client = s3.client();
    dynamodb.middlewareStack.add((next) => lived(around, next), { step: 'initialize' });
    s3Client.middlewareStack.add((next) => lived(around, next), { step: 'initialize' });
    minute += 1;
    const at = Math.max(notBefore, NOON) + minute * 60_000;
    const { telemetry, values } = recordedTelemetry();
    const alerted: string[] = [];
    const run = appendOnClients(
      { s3: s3Client, dynamodb },
      {
        alerts: { attemptBlocked: async ({ decisionId }) => void alerted.push(decisionId) },
        batchLimit,
        now: () => at,
        newId: () => `run-${at}`,
        telemetry,
      },
    );
    return { run, values, alerted };
  };

  const item = async (table: string, key: Record<string, string>): Promise<Record<string, unknown>> => {
    const { Item = {} } = await dynalite.client.send(
      new GetItemCommand({ TableName: table, Key: attributes(key), ConsistentRead: true }),
    );
    return unmarshall(Item);
  };

  return {
    s3,
    bucket,
    dynamoDbEndpoint: dynalite.endpoint,
    dynamo: dynalite.client,
    pending,
    contactPoints,
    objects,
    tree,
    newRun,
    /** Writes an entry as the Lambdas do. */
    commit: async (entry: Entry): Promise<void> => {
      const [home = ''] = entry.subjects;
      if (!isToken(home)) return await contactPoints.record(entry, NOON);
      await contactPoints.change(home, ({ state }) => ({ state, entry, now: NOON }));
    },
    itemOf: (home: string) => item(TABLES.contactPoints, { token: home }),
    headItem: () => item(TABLES.cases, { pk: 'audit-log', sk: 'head' }),
    lines: async (): Promise<string[]> => {
      const lines: string[] = [];
      for await (const line of objects.lines()) lines.push(line);
      return lines;
    },
    /** What is published of the tree, every version of it. */
    published: () => publishedTree(s3.client(), bucket),
    stop: async (): Promise<void> => {
      for (const client of clients) client.destroy();
      await dynalite.stop();
      await s3.close();
    },
  };
}

export type TestAuditLog = Awaited<ReturnType<typeof startAuditLog>>;
