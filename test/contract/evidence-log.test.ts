import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEvidenceLog } from '../../lib/adapters/s3/evidence-log.ts';
import { newLogKey, type Written, writeLog } from '../support/audit/test-log.ts';
import { decisionEntry, entryLine, token } from '../support/entries.ts';
import { packOf } from '../support/evidence.ts';
import { createLockedBucket } from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const key = newLogKey();
const entries = Array.from({ length: 30 }, (_, n) => decisionEntry({ n, subjects: [token(n % 3)] }));
const lines = entries.map((entry, index) => entryLine(index, entry));
const written = writeLog({ key, batches: [lines.slice(0, 10), lines.slice(10, 20), lines.slice(20)] });
const scope = { about: { kind: 'person', token: token(1) }, since: 0 } as const;

let s3: Fixture;
beforeAll(async () => {
  s3 = await startLocalS3();
});
afterAll(() => s3.close());

let buckets = 0;
async function bucketWith(objects: readonly Pick<Written, 'key' | 'bytes'>[]): Promise<string> {
  buckets += 1;
  const bucket = `audit-${buckets}`;
  await createLockedBucket(s3.client(), bucket);
  for (const { key: Key, bytes: Body } of objects) {
    await s3.client().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
  return bucket;
}

describe('the log that a pack is made from', () => {
  test('is read as the newest checkpoint covers it, object by object', async () => {
    const bucket = await bucketWith(written);
    const seen: (readonly [number, number])[] = [];
    const log = await openEvidenceLog(s3.client(), bucket, (read, of) => seen.push([read, of]));
    expect(log).toMatchObject({ size: 30, vkey: key.vkey });
    const files = await packOf(log, scope);
    expect(files.get('entries.ndjson')).toBe(
      lines
        .filter((line) => line.includes(token(1)))
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect([...files.keys()].filter((name) => name.startsWith('proofs/'))).toHaveLength(10);
    expect(seen).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  test('leaves out what was written after the checkpoint', async () => {
    const older = written.findLast(({ key: name }) => name === 'checkpoints/20');
    if (older === undefined) throw new Error('expected a checkpoint of 20');
    const bucket = await bucketWith([...written, { ...older, key: 'checkpoint' }]);
    const files = await packOf(await openEvidenceLog(s3.client(), bucket), scope);
    expect(files.get('entries.ndjson')?.split('\n')).toHaveLength(8);
  });

  test.each([
    ['without a checkpoint', written.filter(({ key: name }) => name !== 'checkpoint')],
    ['without its key', written.filter(({ key: name }) => name !== 'vkey')],
    ['signed by another key', [...written, { key: 'vkey', bytes: Buffer.from(`${newLogKey().vkey}\n`) }]],
  ])('%s is none', async (_, objects) => {
    await expect(openEvidenceLog(s3.client(), await bucketWith(objects))).rejects.toMatchObject({
      code: 'LOG_UNSIGNED',
    });
  });

  test('without a tile says which one, and how to find out more', async () => {
    const bucket = await bucketWith(written.filter(({ key: name }) => !name.startsWith('tile/0/')));
    const log = await openEvidenceLog(s3.client(), bucket);
    await expect(packOf(log, scope)).rejects.toThrow(/tile\/0\/000\.p\/30/);
  });
});
