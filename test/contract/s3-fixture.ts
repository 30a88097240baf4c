// A local S3 for the tests of one file; each of them has a client and an empty bucket of its own.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Fixture, startLocalS3 } from './local-s3.ts';

export let s3: Fixture;
export let client: S3Client;
export let Bucket = '';
let names = 0;

/** Starts the store before the file's tests and stops it after them; buckets are without versions, or with Object Lock. */
export function hostS3({ objectLock = false } = {}): void {
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  beforeEach(async () => {
    client = s3.client();
    Bucket = `bucket-${++names}`;
    if (objectLock) await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
    else s3.local().createBucket({ name: Bucket, versioned: false });
    s3.events.length = 0;
  });
  afterAll(() => s3.close());
}

/** Stops the store and starts it again on what it has kept. */
export async function restart(): Promise<void> {
  await s3.restart();
  client = s3.client();
}

/** Lets time pass, for the client too. */
export function advance(ms: number): void {
  s3.advance(ms);
  client = s3.client();
}

export const put = (Key: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'body', ...more }));
export const get = (Key: string, more: object = {}) =>
  client.send(new GetObjectCommand({ Bucket, Key, ...more }));
export const text = async (Key: string, more: object = {}) =>
  (await get(Key, more)).Body?.transformToString();
export const head = (Key: string, more: object = {}) =>
  client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED', ...more }));
export const version = () =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

/** Every file below a folder of the store. */
export const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
