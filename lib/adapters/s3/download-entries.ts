import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { ComplianceError } from '../../domain/errors.ts';
import { ENTRIES_PREFIX, readLogObjectKey } from '../../domain/log/object-key.ts';
import { inParallel } from '../in-parallel.ts';

/** Days of the log, UTC, such as 2026-11-20: the first and the last. */
export type LogDays = { readonly since: string; readonly until: string };

export type Download = {
  readonly bucket: string;
  readonly days: LogDays;
  /** Where the objects go, each under its key. */
  readonly folder: string;
  /** Most compressed bytes that are fetched. */
  readonly maxBytes: number;
  /** Called before the first object and after each, with how many there are. */
  readonly onObject?: (done: number, all: number) => void;
};

const AT_ONCE = 16;

/**
 * Fetches the entries objects of these days, and no others.
 *
 * @returns how many there were.
 * @throws ComplianceError LOG_TOO_LARGE before anything is fetched.
 */
export async function downloadEntries(client: S3Client, download: Download): Promise<number> {
  const { bucket, folder, maxBytes, onObject } = download;
  const objects = await objectsOf(client, download);
  const bytes = objects.reduce((sum, { size }) => sum + size, 0);
  if (bytes > maxBytes) {
    throw new ComplianceError({
      code: 'LOG_TOO_LARGE',
      message: `these days hold ${megabytes(bytes)} MB of the log, more than ${megabytes(maxBytes)} MB; nothing was fetched`,
    });
  }
  let done = 0;
  onObject?.(done, objects.length);
  await inParallel(objects, AT_ONCE, async ({ key }) => {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(Body instanceof Readable)) {
      throw new ComplianceError({ code: 'LOG_OBJECT_BROKEN', message: 'expected a body, got none' });
    }
    await pipeline(Body, createWriteStream(path, { mode: 0o600 }));
    done += 1;
    onObject?.(done, objects.length);
  });
  return objects.length;
}

async function objectsOf(client: S3Client, { bucket, days: { since, until } }: Download) {
  const objects: { key: string; size: number }[] = [];
  const pages = paginateListObjectsV2(
    { client },
    // Keys sort by day: what comes before the first one is not even listed.
    { Bucket: bucket, Prefix: ENTRIES_PREFIX, StartAfter: `${ENTRIES_PREFIX}dt=${since}` },
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key = '', Size = 0 } of Contents) {
      const name = readLogObjectKey(Key);
      if (name === undefined) continue;
      const day = new Date(name.hour).toISOString().slice(0, 10);
      if (day > until) return objects;
      if (day >= since) objects.push({ key: Key, size: Size });
    }
  }
  return objects;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
