import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { DAY_MS, refusal } from './local-s3.ts';
import { advance, Bucket, client, hostS3, restart } from './s3-fixture.ts';
import { deleteVersion, putLocked, retain } from './s3-lock-fixture.ts';

hostS3({ objectLock: true });

describe('COMPLIANCE', () => {
  test('keeps a version from everybody until its day has come', async () => {
    const version = await putLocked('a', 'COMPLIANCE', 10);
    expect(await refusal(deleteVersion('a', version))).toBe('AccessDenied 403');
    expect(await refusal(deleteVersion('a', version, true))).toBe('AccessDenied 403');
    advance(10 * DAY_MS);
    await deleteVersion('a', version);
    expect(await refusal(client.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe('NoSuchKey 404');
  });

  test.each([
    ['cannot be shortened', 'COMPLIANCE', 9, false],
    ['cannot be shortened with the bypass', 'COMPLIANCE', 9, true],
    ['cannot become GOVERNANCE', 'GOVERNANCE', 20, true],
  ] as const)('%s', async (_name, mode, days, bypass) => {
    await putLocked('a', 'COMPLIANCE', 10);
    const before = await client.send(new GetObjectRetentionCommand({ Bucket, Key: 'a' }));
    expect(await refusal(retain('a', mode, days, bypass))).toBe('AccessDenied 403');
    expect((await client.send(new GetObjectRetentionCommand({ Bucket, Key: 'a' }))).Retention).toEqual(
      before.Retention,
    );
  });

  test('cannot be removed', async () => {
    await putLocked('a', 'COMPLIANCE');
    const removal = new PutObjectRetentionCommand({
      Bucket,
      Key: 'a',
      Retention: {},
      BypassGovernanceRetention: true,
    });
    expect(await refusal(client.send(removal))).toBe('AccessDenied 403');
  });

  test('can be extended, and then holds longer', async () => {
    const version = await putLocked('a', 'COMPLIANCE', 10);
    await retain('a', 'COMPLIANCE', 20);
    advance(11 * DAY_MS);
    expect(await refusal(deleteVersion('a', version))).toBe('AccessDenied 403');
  });
});

describe('GOVERNANCE', () => {
  test('keeps a version unless it is bypassed', async () => {
    const version = await putLocked('a', 'GOVERNANCE');
    expect(await refusal(deleteVersion('a', version))).toBe('AccessDenied 403');
    await deleteVersion('a', version, true);
    expect(
      await refusal(
        deleteVersion('b', version).then(() => client.send(new HeadObjectCommand({ Bucket, Key: 'a' }))),
      ),
    ).toBe('NotFound 404');
  });

  test('is shortened, changed and removed only with the bypass; extended without', async () => {
    await putLocked('a', 'GOVERNANCE', 10);
    expect(await refusal(retain('a', 'GOVERNANCE', 5))).toBe('AccessDenied 403');
    expect(await refusal(retain('a', 'COMPLIANCE', 20))).toBe('AccessDenied 403');
    await retain('a', 'GOVERNANCE', 11);
    await retain('a', 'GOVERNANCE', 5, true);
    await client.send(
      new PutObjectRetentionCommand({ Bucket, Key: 'a', Retention: {}, BypassGovernanceRetention: true }),
    );
    expect(await refusal(client.send(new GetObjectRetentionCommand({ Bucket, Key: 'a' })))).toBe(
      'NoSuchObjectLockConfiguration 404',
    );
  });
});

describe('a legal hold', () => {
  test('keeps a version without end, and with the bypass', async () => {
    const { VersionId = '' } = await client.send(
      new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', ObjectLockLegalHoldStatus: 'ON' }),
    );
    advance(40_000 * DAY_MS);
    expect(await refusal(deleteVersion('a', VersionId, true))).toBe('AccessDenied 403');
    expect((await client.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'a' }))).LegalHold?.Status).toBe(
      'ON',
    );
    await client.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'a', LegalHold: { Status: 'OFF' } }));
    await deleteVersion('a', VersionId);
  });

  test('of an object that never had one is not found', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
    expect(await refusal(client.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'a' })))).toBe(
      'NoSuchObjectLockConfiguration 404',
    );
  });
});

describe('a locked key', () => {
  test('takes a delete marker and new versions, and keeps the old one', async () => {
    const first = await putLocked('a', 'COMPLIANCE');
    const { DeleteMarker, VersionId: marker } = await client.send(
      new DeleteObjectCommand({ Bucket, Key: 'a' }),
    );
    expect(DeleteMarker).toBe(true);
    expect(await refusal(client.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe('NoSuchKey 404');
    const named = new GetObjectCommand({ Bucket, Key: 'a', ...(marker && { VersionId: marker }) });
    expect(await refusal(client.send(named))).toBe('MethodNotAllowed 405');
    const { VersionId: second } = await client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'new' }));
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    expect(Versions.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [second, true],
      [first, false],
    ]);
    expect(DeleteMarkers.map(({ VersionId }) => VersionId)).toEqual([marker]);
    const old = await client.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: first }));
    expect(await old.Body?.transformToString()).toBe('x');
  });

  test('gives back its delete marker', async () => {
    await putLocked('a', 'COMPLIANCE');
    const { VersionId = '' } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    const undone = await deleteVersion('a', VersionId);
    expect(undone).toMatchObject({ DeleteMarker: true, VersionId });
    await client.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  });

  test('in a batch is refused by itself, and the others go', async () => {
    const locked = await putLocked('locked', 'COMPLIANCE');
    const { VersionId: free } = await client.send(new PutObjectCommand({ Bucket, Key: 'free', Body: 'x' }));
    const { Deleted, Errors } = await client.send(
      new DeleteObjectsCommand({
        Bucket,
        Delete: {
          Objects: [
            { Key: 'locked', VersionId: locked },
            { Key: 'free', VersionId: free },
            { Key: 'locked' },
          ],
        },
      }),
    );
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['locked', 'AccessDenied']]);
    expect(Deleted?.map(({ Key, DeleteMarker }) => [Key, DeleteMarker])).toEqual([
      ['free', undefined],
      ['locked', true],
    ]);
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual([locked]);
  });
});

describe('what was locked stays locked after a restart', () => {
  test('with its retention, hold, default and versions', async () => {
    const locked = await putLocked('a', 'COMPLIANCE');
    await client.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'a', LegalHold: { Status: 'ON' } }));
    await restart();
    expect(await refusal(deleteVersion('a', locked, true))).toBe('AccessDenied 403');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: locked }));
    expect([head.ObjectLockMode, head.ObjectLockLegalHoldStatus]).toEqual(['COMPLIANCE', 'ON']);
  });
});
