import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadLog } from '../../lib/adapters/file-system/download-log.ts';
import { LogCopy } from '../../lib/adapters/file-system/log-copy.ts';
import { S3LogSource } from '../../lib/adapters/s3/log-source.ts';
import { verifyLog } from '../../lib/domain/verify/verify-log.ts';
import { LOCK, MemoryLog } from '../support/audit/memory-log.ts';
import * as tamper from '../support/audit/tamper.ts';
import { planOf, writeLog } from '../support/audit/test-log.ts';
import { DAY_MS } from '../support/facts.ts';
import { Random } from '../support/random.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const { isExpected, ...KINDS } = tamper;
const plan = planOf([3, 250, 0, 9]);
const written = writeLog(plan);
const trusted = { name: 'kept.txt', note: written.at(-1)?.bytes ?? new Uint8Array(0) };

let s3: Fixture;
let folder: string;
beforeAll(async () => {
  s3 = await startLocalS3();
  // The log of these tests is of this month.
  s3.advance(30 * DAY_MS);
  folder = mkdtempSync(join(tmpdir(), 'audit-verify-'));
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts every version of a log into a bucket of its own, locked as in the log, but from now on. */
async function bucketOf(log: MemoryLog, bucket: string): Promise<S3LogSource> {
  const client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
  for (const { key: Key, bytes: Body, lock, lastModified, deleteMarker } of log.stored) {
    const until = new Date(s3.now() + (lock?.until ?? 0) - lastModified);
    const locked = lock && { ObjectLockMode: lock.mode, ObjectLockRetainUntilDate: until };
    if (deleteMarker) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    else if (lock === null || until.getTime() > s3.now()) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...locked }));
    }
  }
  return new S3LogSource(client, { bucket, prefix: '', now: s3.now() });
}

describe('a log in S3', () => {
  it('is whole, at the root of a bucket', async () => {
    const source = await bucketOf(new MemoryLog(written), 'whole');
    expect(await verifyLog(source, { lock: LOCK, trusted })).toMatchObject({ findings: [], entries: 262 });
  });

  it('is nothing where there is none', async () => {
    await s3.client().send(new CreateBucketCommand({ Bucket: 'empty', ObjectLockEnabledForBucket: true }));
    const source = new S3LogSource(s3.client(), { bucket: 'empty', prefix: 'log/', now: s3.now() });
    expect(await verifyLog(source, { lock: LOCK })).toBeUndefined();
    expect(await source.defaultLock()).toBeUndefined();
  });

  it.each(Object.entries(KINDS))('after %s is not whole', async (name, doIt) => {
    const log = new MemoryLog(written);
    const expected = doIt({ log, plan, written }, new Random(3));
    const source = await bucketOf(log, name.toLowerCase());
    const verification = await verifyLog(source, { lock: LOCK, trusted });
    expect(verification?.findings.filter((finding) => isExpected(expected, finding))).not.toEqual([]);
  });

  it('that decayed on its disk is not whole', async () => {
    const source = await bucketOf(new MemoryLog(written), 'decayed');
    const bodies = readdirSync(s3.folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.includes('decayed') && path.endsWith('.body'),
    );
    const entries = bodies.find((path) =>
      readFileSync(join(s3.folder, path)).subarray(0, 2).equals(Buffer.of(0x1f, 0x8b)),
    );
    const path = join(s3.folder, entries ?? '');
    const bytes = readFileSync(path);
    // The time in a gzip header: no content changes with it.
    bytes[4] = 1;
    writeFileSync(path, bytes);
    const verification = await verifyLog(source, { lock: LOCK });
    expect(verification?.counts).toEqual({ BYTES_CHANGED: 1 });
  });
});

describe('a downloaded copy', () => {
  const copyOf = async (log: MemoryLog, name: string): Promise<LogCopy> => {
    const out = join(folder, name);
    await downloadLog(log, { name: 'memory', folder: out, onVersion: () => undefined });
    return await LogCopy.open(out);
  };

  it('is whole where the log is, and says so of the same things', async () => {
    const log = new MemoryLog(written);
    const copy = await copyOf(log, 'whole');
    const { objects, entries, checkpoints, findings, vkey } = (await verifyLog(log, {})) ?? {};
    expect(await verifyLog(copy, {})).toMatchObject({ objects, entries, checkpoints, findings, vkey });
    expect(await copy.defaultLock()).toEqual(LOCK);
  });

  it.each(Object.entries(KINDS))('after %s is not whole', async (name, doIt) => {
    const log = new MemoryLog(written);
    const expected = doIt({ log, plan, written }, new Random(4));
    const verification = await verifyLog(await copyOf(log, name), { trusted });
    expect(verification?.findings.filter((finding) => isExpected(expected, finding))).not.toEqual([]);
  });

  it('that decayed is not whole', async () => {
    const copy = await copyOf(new MemoryLog(written), 'decayed');
    const { key } = written.find((object) => object.key.startsWith('entries/')) ?? { key: '' };
    appendFileSync(join(folder, 'decayed', key), Buffer.alloc(1));
    expect((await verifyLog(copy, {}))?.counts).toEqual({ BYTES_CHANGED: 1 });
  });

  it('lies in the public layout, and follows no key out of its folder', async () => {
    const log = new MemoryLog(written);
    log.put('../escaped', Buffer.from('x'), log.takenAt);
    log.put('checkpoint/under', Buffer.from('x'), log.takenAt);
    const copy = await copyOf(log, 'layout');
    for (const { key, bytes } of written.filter((object) => object.key !== 'checkpoint')) {
      expect(readFileSync(join(folder, 'layout', key))).toEqual(bytes);
    }
    expect(readFileSync(join(folder, 'layout/checkpoint'))).toEqual(trusted.note);
    expect(readdirSync(folder)).not.toContain('escaped');
    expect((await verifyLog(copy, {}))?.counts).toEqual({ STRAY_OBJECT: 2 });
  });

  it('is not made over another, nor read where there is none', async () => {
    await expect(copyOf(new MemoryLog(written), 'layout')).rejects.toMatchObject({
      code: 'FOLDER_NOT_EMPTY',
    });
    await expect(LogCopy.open(join(folder, 'none'))).rejects.toMatchObject({ code: 'NO_LOG_COPY' });
  });
});
