import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createScrubContactList } from '../../lambdas/scrub-contact-list/scrub-contact-list.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { readText } from '../../lib/adapters/s3/object.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { readObject, s3Evidence, s3Outbox } from '../../lib/adapters/s3/scrub-files.ts';
import type { Token } from '../../lib/domain/contact-point/token.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { type ImportedRegistry, importRegistry } from '../../lib/domain/registry/import-registry.ts';
import { changeByFact } from '../../lib/domain/state/record-fact.ts';
import { TABLES } from './dynalite.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';
import { PEPPER, suppression, WATERMARK } from './scrub.ts';

export const ENTRY_ID = '019aa000-0000-7000-8000-000000000001';
export const INBOX = 'inbox';
export const REGISTRY = 'registry';

export type Buckets = { readonly outbox: string; readonly audit: string };

export type Clients = { readonly s3: S3Client; readonly dynamodb: DynamoDBClient };

/** The Lambda on real adapters; time stands still at `now`, and every entry has the same id. */
export function scrubLambda({ s3, dynamodb }: Clients, buckets: Buckets, now: number = WATERMARK) {
  const told = recordedTelemetry(() => now);
  const run = createScrubContactList({
    contactPoints: new DynamoContactPoints(dynamodb, TABLES.contactPoints),
    jobs: new DynamoScrubJobs(dynamodb, TABLES.cases, () => crypto.randomUUID()),
    snapshots: new S3RegistrySnapshots(s3, REGISTRY),
    evidence: s3Evidence(s3, buckets.audit),
    pepper: async () => PEPPER,
    policy: DEFAULT_POLICY,
    residency: 'US',
    maxBytes: 50_000_000,
    inboxBucket: INBOX,
    readProfile: (name) => readText(s3, INBOX, `profiles/${name}.json`),
    readList: (object) => readObject(s3, object),
    outbox: (prefix) => s3Outbox(s3, buckets.outbox, prefix),
    now: () => now,
    newId: () => ENTRY_ID,
    telemetry: told.telemetry,
  });
  return { run, told };
}

export async function createBuckets(s3: S3Client, ...names: readonly string[]): Promise<void> {
  for (const Bucket of names) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
}

/** A bucket whose objects are locked, as the audit bucket's are. */
export async function createLockedBucket(s3: S3Client, Bucket: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const DefaultRetention = { Mode: 'COMPLIANCE', Days: 2557 } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
}

/** Puts an object into the inbox and returns the message that SQS would deliver. */
export async function put(s3: S3Client, key: string, body: string | Uint8Array): Promise<string> {
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: INBOX, Key: key, Body: body }));
  return message(key, VersionId);
}

export function message(key: string, versionId = 'v1', bucket = INBOX): string {
  return JSON.stringify({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: bucket }, object: { key, size: 1, 'version-id': versionId } },
  });
}

export function batch(...bodies: readonly string[]) {
  return { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) };
}

/** Everything in a bucket, by key. */
export async function objectsIn(s3: S3Client, Bucket: string): Promise<Map<string, Buffer>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const objects = new Map<string, Buffer>();
  for (const { Key = '' } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    objects.set(Key, Buffer.from((await Body?.transformToByteArray()) ?? []));
  }
  return objects;
}

/** The files of the only scrub in an outbox, by name. */
export async function outputsIn(s3: S3Client, bucket: string): Promise<Map<string, string>> {
  const objects = await objectsIn(s3, bucket);
  return new Map([...objects].map(([key, bytes]) => [key.replace(/^.*\//, ''), bytes.toString('utf8')]));
}

export async function optOut(dynamodb: DynamoDBClient, token: Token): Promise<void> {
  const contactPoints = new DynamoContactPoints(dynamodb, TABLES.contactPoints);
  const event = { entryId: crypto.randomUUID(), now: WATERMARK - 1000 };
  await contactPoints.change(token, (from) => changeByFact(from, suppression(), event));
}

export async function itemsIn(dynamodb: DynamoDBClient, TableName: string) {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items;
}

/** Forgets every job and the entry of the scrub, as if nothing had been scrubbed yet. */
export async function forgetScrubs(dynamodb: DynamoDBClient): Promise<void> {
  for (const { pk, sk } of await itemsIn(dynamodb, TABLES.cases)) {
    if (pk && sk) await dynamodb.send(new DeleteItemCommand({ TableName: TABLES.cases, Key: { pk, sk } }));
  }
  const Key = { token: { S: `e.${ENTRY_ID}` } };
  await dynamodb.send(new DeleteItemCommand({ TableName: TABLES.contactPoints, Key }));
}

export function importUsRegistry(
  { s3, dynamodb }: Clients,
  lines: readonly string[],
  about: {
    readonly versionAt?: number;
    readonly now?: number;
    readonly areaCodes?: 'ALL' | string[];
    readonly acceptDifferent?: boolean;
  } = {},
): Promise<ImportedRegistry> {
  const { versionAt = Date.UTC(2026, 10, 20), now = WATERMARK, areaCodes = 'ALL', acceptDifferent } = about;
  async function* file() {
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
  }
  return importRegistry(
    {
      registry: 'us-national',
      versionAt,
      accessedAt: now,
      areaCodes,
      acceptDifferent,
      subscriptionId: 'san-1',
      files: [{ kind: 'FULL', open: file }],
    },
    {
      snapshots: new S3RegistrySnapshots(s3, REGISTRY),
      blocks: new DynamoRegistryBlocks(dynamodb, TABLES.registryBlocks),
      contactPoints: new DynamoContactPoints(dynamodb, TABLES.contactPoints),
      now: () => now,
      newId: () => crypto.randomUUID(),
    },
  );
}
