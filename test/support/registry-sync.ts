import { PutObjectCommand } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import type { RegistrySettings } from '../../lambdas/sync-registry/config.ts';
import { createSyncRegistry, type SyncRegistryDeps } from '../../lambdas/sync-registry/sync-registry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { S3RegistryInbox } from '../../lib/adapters/s3/registry-inbox.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { TABLES } from './dynalite.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';
import { type Clients, REGISTRY } from './scrub-world.ts';

export const NATIONAL: RegistrySettings = { areaCodes: 'ALL', subscriptionId: 'san-1', overdueDays: 10 };

/** The Lambda on real adapters; a function for the time lets it pass while the Lambda is at work. */
export function syncLambda(
  { s3, dynamodb }: Clients,
  now: () => number,
  over: Partial<Pick<SyncRegistryDeps, 'registries' | 'fetchList'>> = {},
) {
  const told = recordedTelemetry(now);
  const again: number[] = [];
  const inbox = new S3RegistryInbox(s3, REGISTRY);
  const run = createSyncRegistry({
    inbox,
    snapshots: new S3RegistrySnapshots(s3, REGISTRY),
    blocks: new DynamoRegistryBlocks(dynamodb, TABLES.registryBlocks),
    contactPoints: new DynamoContactPoints(dynamodb, TABLES.contactPoints),
    registries: { 'us-national': NATIONAL },
    fetchList: async () => 'NOTHING_NEW',
    tryAgainIn: async (_receiptHandle, seconds) => void again.push(seconds),
    now,
    newId: () => crypto.randomUUID(),
    telemetry: told.telemetry,
    ...over,
  });
  return { run, told, again, inbox };
}

/** Puts a file into a drop folder; the message that announces it. */
export async function drop(
  { s3 }: Pick<Clients, 's3'>,
  name: string,
  body: string | Uint8Array,
  { registry = 'us-national', lines = undefined as number | undefined } = {},
) {
  const Key = `registry/${registry}/incoming/${name}`;
  const Metadata = lines === undefined ? {} : { lines: String(lines) };
  await s3.send(new PutObjectCommand({ Bucket: REGISTRY, Key, Body: body, Metadata }));
  return announcementOf(Key);
}

/** The message that announces an object of the registry bucket. */
export function announcementOf(key: string) {
  const detail = { bucket: { name: REGISTRY }, object: { key } };
  return message({ 'detail-type': 'Object Created', source: 'aws.s3', detail });
}

export const ROUND = message({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} });

export function message(event: unknown) {
  return { Records: [{ messageId: 'm0', receiptHandle: 'r0', body: JSON.stringify(event) }] };
}

export function zipped(text: string, name = 'list.txt'): Uint8Array {
  return zipSync({ [name]: Buffer.from(text, 'latin1') });
}
