import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { Connection } from '../../bin/commands/connection.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { ScrubManifest } from '../../lib/domain/scrub/manifest.ts';
import { runCommand } from './run-command.ts';
import { eventually, type RunningStack } from './running-stack.ts';

/** A list that was scrubbed, and where its results are. */
export type Scrubbed = {
  readonly manifest: ScrubManifest;
  readonly prefix: string;
  readonly versionId: string;
  readonly body: string;
};

/** The buckets of a stack, as whoever has lists scrubbed uses them. */
export class Scrubbing {
  readonly #s3: S3Client;
  readonly #buckets: Connection['endpoints']['buckets'];

  constructor({ aws, endpoints }: Connection) {
    this.#s3 = new S3Client(aws);
    this.#buckets = endpoints.buckets;
  }

  /** Puts a list into the inbox and waits for its manifest. */
  async scrub(key: string, body: string, profile = key.split('/')[1]): Promise<Scrubbed> {
    const versionId = await this.put(key, body);
    const prefix = `scrubs/${profile}/${jobIdOf({ bucket: this.#buckets.inbox, key, versionId })}/`;
    const manifest = await eventually(`the manifest of ${JSON.stringify(key)}`, async () => {
      try {
        return await this.get('outbox', `${prefix}manifest.json`);
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    });
    return { manifest: ScrubManifest.parse(JSON.parse(manifest.toString('utf8'))), prefix, versionId, body };
  }

  /** Puts an object into the inbox; its version. */
  async put(Key: string, Body: string): Promise<string> {
    const { VersionId = '' } = await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#buckets.inbox, Key, Body }),
    );
    return VersionId;
  }

  async get(bucket: 'audit' | 'outbox', Key: string): Promise<Buffer> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#buckets[bucket], Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** One of the results. */
  async read({ prefix }: Scrubbed, name: string): Promise<Buffer> {
    return await this.get('outbox', `${prefix}${name}`);
  }

  /** Every version of every object, delete markers too. */
  async versions(bucket: 'audit' | 'outbox', Prefix = '') {
    const {
      Versions = [],
      DeleteMarkers = [],
      IsTruncated,
    } = await this.#s3.send(new ListObjectVersionsCommand({ Bucket: this.#buckets[bucket], Prefix }));
    expect(IsTruncated).toBe(false);
    return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  }
}

/** The queue that S3's events on new lists go to. */
export async function listsQueue({ aws }: Connection): Promise<string> {
  const { QueueUrls = [] } = await new SQSClient(aws).send(new ListQueuesCommand({}));
  const [url, ...others] = QueueUrls.filter((one) => /lists/i.test(one) && !/dead|dlq/i.test(one));
  expect(others).toEqual([]);
  return url ?? '';
}

/** Waits until a queue has nothing waiting and nothing in hand. */
export async function idle({ aws }: Connection, QueueUrl: string): Promise<void> {
  await eventually('the queue is empty', async () => {
    const { Attributes = {} } = await new SQSClient(aws).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
    return waiting === '0' && taken === '0' ? true : undefined;
  });
}

/** Imports today's registry with one number of area code 212 on it. */
export async function importRegistry({ folder, endpointsFile }: RunningStack, listed: string): Promise<void> {
  const file = join(folder, 'full.txt');
  writeFileSync(file, `212,${listed.slice(5)}\n`);
  const today = new Date().toISOString().slice(0, 10);
  const args = ['registry', 'import', file, '--version-date', today];
  expect(await runCommand(['--endpoints', endpointsFile, ...args])).toMatchObject({ code: 0 });
}
