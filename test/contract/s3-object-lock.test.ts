import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ObjectLockRetentionMode,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS, type Fixture, refusal, startLocalS3 } from './local-s3.ts';

let s3: Fixture;
let client: S3Client;
let names = 0;
let Bucket = '';

beforeAll(async () => {
  s3 = await startLocalS3();
});
afterAll(() => s3.close());

/** A bucket with Object Lock, by default without a default retention, under a name not used before. */
beforeEach(async () => {
  client = s3.client();
  Bucket = `locked-${++names}`;
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
});

const inDays = (days: number): Date => new Date(s3.now() + days * DAY_MS);

async function putLocked(Key: string, mode: ObjectLockRetentionMode, days = 10): Promise<string> {
  const { VersionId } = await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: 'x',
      ObjectLockMode: mode,
      ObjectLockRetainUntilDate: inDays(days),
    }),
  );
  if (VersionId === undefined) throw new Error('no version id');
  return VersionId;
}

const deleteVersion = (Key: string, VersionId: string, bypass?: boolean) =>
  client.send(
    new DeleteObjectCommand({ Bucket, Key, VersionId, ...(bypass && { BypassGovernanceRetention: true }) }),
  );

const retain = (Key: string, Mode: ObjectLockRetentionMode, days: number, bypass?: boolean) =>
  client.send(
    new PutObjectRetentionCommand({
      Bucket,
      Key,
      Retention: { Mode, RetainUntilDate: inDays(days) },
      ...(bypass && { BypassGovernanceRetention: true }),
    }),
  );

describe('COMPLIANCE', () => {
  test('keeps a version from everybody until its day has come', async () => {
    const version = await putLocked('a', 'COMPLIANCE', 10);
    expect(await refusal(deleteVersion('a', version))).toBe('AccessDenied 403');
    expect(await refusal(deleteVersion('a', version, true))).toBe('AccessDenied 403');
    s3.advance(10 * DAY_MS);
    client = s3.client();
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
    s3.advance(11 * DAY_MS);
    client = s3.client();
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
    s3.advance(40_000 * DAY_MS);
    client = s3.client();
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
    const plain = `plain-${names}`;
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
    const plain = `plain-${names}`;
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

describe('what was locked stays locked after a restart', () => {
  test('with its retention, hold, default and versions', async () => {
    const locked = await putLocked('a', 'COMPLIANCE');
    await client.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'a', LegalHold: { Status: 'ON' } }));
    await s3.restart();
    client = s3.client();
    expect(await refusal(deleteVersion('a', locked, true))).toBe('AccessDenied 403');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: locked }));
    expect([head.ObjectLockMode, head.ObjectLockLegalHoldStatus]).toEqual(['COMPLIANCE', 'ON']);
  });
});

describe("a bucket policy's Deny", () => {
  const arn = () => `arn:aws:s3:::${Bucket}`;
  const setPolicy = (...statements: object[]): void =>
    s3.local().createBucket({
      name: Bucket,
      versioned: true,
      policy: {
        Version: '2012-10-17',
        Statement: statements.map((statement) => ({ Effect: 'Deny', Principal: '*', ...statement })),
      },
    });
  const put = (Key: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...more }));

  test('refuses overwriting, but for the named exception, and lets multipart uploads through to their commit', async () => {
    setPolicy({
      Action: 's3:PutObject',
      NotResource: `${arn()}/checkpoint`,
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(await refusal(put('entry'))).toBe('AccessDenied 403');
    await put('entry', { IfNoneMatch: '*' });
    expect(await refusal(put('entry', { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    await put('checkpoint');
    const Body = Buffer.alloc(6 * 1024 * 1024);
    const large = (more: object) =>
      new Upload({ client, params: { Bucket, Key: 'large', Body, ...more } }).done();
    expect(await refusal(large({}))).toBe('AccessDenied 403');
    await large({ IfNoneMatch: '*' });
  });

  test('refuses delete markers, versioned deletes and lifecycle changes', async () => {
    setPolicy({
      Action: ['s3:DeleteObject*', 's3:PutLifecycleConfiguration'],
      Resource: [arn(), `${arn()}/*`],
    });
    const { VersionId = '' } = await put('a');
    expect(await refusal(client.send(new DeleteObjectCommand({ Bucket, Key: 'a' })))).toBe(
      'AccessDenied 403',
    );
    expect(await refusal(deleteVersion('a', VersionId))).toBe('AccessDenied 403');
    const batch = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }] } }),
    );
    expect(batch.Errors?.map(({ Code }) => Code)).toEqual(['AccessDenied']);
    const lifecycle = new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } }] },
    });
    expect(await refusal(client.send(lifecycle))).toBe('AccessDenied 403');
  });

  test('refuses shorter retention and other modes, in headers and in bodies, but not the default', async () => {
    setPolicy(
      {
        Action: ['s3:PutObject', 's3:PutObjectRetention'],
        Resource: `${arn()}/*`,
        Condition: { NumericLessThan: { 's3:object-lock-remaining-retention-days': '2557' } },
      },
      {
        Action: ['s3:PutObject', 's3:PutObjectRetention'],
        Resource: `${arn()}/*`,
        Condition: {
          Null: { 's3:object-lock-mode': 'false' },
          StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' },
        },
      },
    );
    await put('a');
    const locked = (mode: ObjectLockRetentionMode, days: number) =>
      put('b', { ObjectLockMode: mode, ObjectLockRetainUntilDate: inDays(days) });
    expect(await refusal(locked('COMPLIANCE', 2556))).toBe('AccessDenied 403');
    expect(await refusal(locked('GOVERNANCE', 2600))).toBe('AccessDenied 403');
    await locked('COMPLIANCE', 2558);
    expect(await refusal(retain('a', 'COMPLIANCE', 2556))).toBe('AccessDenied 403');
    expect(await refusal(retain('a', 'GOVERNANCE', 2600))).toBe('AccessDenied 403');
    await retain('a', 'COMPLIANCE', 2558);
  });

  test('refuses the bypass of governance mode', async () => {
    const version = await putLocked('a', 'GOVERNANCE');
    setPolicy({ Action: 's3:BypassGovernanceRetention', Resource: `${arn()}/*` });
    expect(await refusal(deleteVersion('a', version, true))).toBe('AccessDenied 403');
  });

  test('on configuration exempts administrators, none of whom signs here', async () => {
    setPolicy({
      Action: 's3:PutBucketVersioning',
      Resource: arn(),
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::000000000000:role/administrators/*' } },
    });
    const enable = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
    expect(await refusal(client.send(enable))).toBe('AccessDenied 403');
    setPolicy({
      Action: 's3:PutBucketVersioning',
      Resource: arn(),
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } },
    });
    await client.send(enable);
  });

  test('on plain HTTP does not hold here, as the loopback stands in for TLS', async () => {
    setPolicy({
      Action: 's3:*',
      Resource: [arn(), `${arn()}/*`],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    await put('a');
  });

  test('holds after a restart', async () => {
    setPolicy({ Action: 's3:PutObject', Resource: `${arn()}/*` });
    await s3.restart();
    client = s3.client();
    expect(await refusal(put('a'))).toBe('AccessDenied 403');
  });

  test.each([
    ['an operator', { Condition: { IpAddress: { 'aws:SecureTransport': 'x' } } }, /IpAddress/],
    ['a key', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, /aws:PrincipalOrgID/],
    ['a principal', { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }, /cannot be evaluated/],
    ['an element', { NotPrincipal: '*' }, /cannot be evaluated/],
    ['no resource', { Resource: undefined }, /either Resource or NotResource/],
  ])('that names %s which is not known stops the boot', (_name, change, message) => {
    const name = Bucket;
    expect(() => setPolicy({ Action: 's3:*', Resource: `${arn()}/*`, ...change })).toThrow(message);
    expect(Bucket).toBe(name);
  });
});
