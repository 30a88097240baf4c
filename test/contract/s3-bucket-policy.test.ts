import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  type ObjectLockRetentionMode,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { refusal } from './local-s3.ts';
import { Bucket, client, hostS3, restart, s3 } from './s3-fixture.ts';
import { deleteVersion, inDays, putLocked, retain } from './s3-lock-fixture.ts';

hostS3({ objectLock: true });

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

  test.each([
    ['ForAllValues:StringNotEquals', 'AccessDenied 403'],
    ['ForAllValues:StringEquals', 'AccessDenied 403'],
    ['ForAnyValue:StringNotEquals', undefined],
    ['ForAnyValue:StringEquals', undefined],
  ])('on who called whom, %s, meets requests that nobody passed on', async (operator, expected) => {
    setPolicy({
      Action: 's3:PutObject',
      Resource: `${arn()}/*`,
      Condition: { [operator]: { 'aws:CalledVia': 'athena.amazonaws.com' } },
    });
    if (expected === undefined) await put('a');
    else expect(await refusal(put('a'))).toBe(expected);
  });

  test('holds after a restart', async () => {
    setPolicy({ Action: 's3:PutObject', Resource: `${arn()}/*` });
    await restart();
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
