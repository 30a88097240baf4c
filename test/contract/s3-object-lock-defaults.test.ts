import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, refusal } from './local-s3.ts';
import { Bucket, client, hostS3, s3 } from './s3-fixture.ts';
import { inDays, putLocked } from './s3-lock-fixture.ts';

hostS3({ objectLock: true });

describe("the bucket's default", () => {
  beforeEach(() =>
    client.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } },
        },
      }),
    ),
  );

  const retentionOf = async (Key: string) => {
    const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
    const days =
      ((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - (head.LastModified?.getTime() ?? 0)) / DAY_MS;
    return [head.ObjectLockMode, Math.floor(days)];
  };

  test('is told as it was set', async () => {
    const { ObjectLockConfiguration } = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(ObjectLockConfiguration?.Rule?.DefaultRetention).toEqual({ Mode: 'COMPLIANCE', Days: 2557 });
  });

  test('falls on every way of writing', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'put', Body: 'x' }));
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/put` }));
    await new Upload({
      client,
      params: { Bucket, Key: 'multipart', Body: Buffer.alloc(6 * 1024 * 1024) },
    }).done();
    for (const key of ['put', 'copy', 'multipart'])
      expect(await retentionOf(key)).toEqual(['COMPLIANCE', 2557]);
  });

  test('gives way to what the upload asks', async () => {
    await putLocked('a', 'GOVERNANCE', 1);
    expect(await retentionOf('a')).toEqual(['GOVERNANCE', 1]);
  });

  test('demands a checksum of the upload', async () => {
    const bare = s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    bare.middlewareStack.add((next) => (args) => next(args), { step: 'build' });
    expect(await refusal(bare.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })))).toBe(
      'InvalidRequest 400',
    );
  });
});

describe('a bucket', () => {
  test('with Object Lock cannot suspend versioning', async () => {
    const suspend = new PutBucketVersioningCommand({
      Bucket,
      VersioningConfiguration: { Status: 'Suspended' },
    });
    expect(await refusal(client.send(suspend))).toBe('InvalidBucketState 409');
  });

  test('without versioning cannot have Object Lock; with it, it can', async () => {
    const plain = `plain-${Bucket}`;
    await client.send(new CreateBucketCommand({ Bucket: plain }));
    const lock = () =>
      client.send(
        new PutObjectLockConfigurationCommand({
          Bucket: plain,
          ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
        }),
      );
    expect(await refusal(lock())).toBe('InvalidBucketState 409');
    await client.send(
      new PutBucketVersioningCommand({ Bucket: plain, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    await lock();
  });

  test('without Object Lock refuses every request for one', async () => {
    const plain = `plain-${Bucket}`;
    await client.send(new CreateBucketCommand({ Bucket: plain }));
    const base = { Bucket: plain, Key: 'a', Body: 'x' };
    const put = (more: object) => client.send(new PutObjectCommand({ ...base, ...more }));
    expect(await refusal(put({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: inDays(1) }))).toBe(
      'InvalidRequest 400',
    );
    expect(await refusal(put({ ObjectLockLegalHoldStatus: 'ON' }))).toBe('InvalidRequest 400');
    expect(await refusal(client.send(new GetObjectLockConfigurationCommand({ Bucket: plain })))).toBe(
      'ObjectLockConfigurationNotFoundError 404',
    );
    expect(await refusal(client.send(new GetObjectRetentionCommand({ Bucket: plain, Key: 'a' })))).toBe(
      'InvalidRequest 400',
    );
  });

  test.each([
    ['a mode without a date', { ObjectLockMode: 'COMPLIANCE' }],
    ['a date that has passed', { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date(0) }],
    ['an unknown mode', { ObjectLockMode: 'ETERNAL', ObjectLockRetainUntilDate: new Date('2200-01-01') }],
  ])('refuses %s', async (_name, more) => {
    const put = new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' });
    Object.assign(put.input, more);
    expect(await refusal(client.send(put))).toBe('InvalidArgument 400');
  });
});
