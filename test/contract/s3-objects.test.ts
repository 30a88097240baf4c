import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { refusal } from './local-s3.ts';
import { Bucket, client, filesIn, get, head, hostS3, put, s3, text } from './s3-fixture.ts';

hostS3();

describe('buckets', () => {
  test('are made, listed, located and removed when empty', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'made-here' }));
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain('made-here');
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
    expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect(await refusal(client.send(new CreateBucketCommand({ Bucket: 'made-here' })))).toBe(
      'BucketAlreadyOwnedByYou 409',
    );
    await put('a');
    expect(await refusal(client.send(new DeleteBucketCommand({ Bucket })))).toBe('BucketNotEmpty 409');
    await client.send(new DeleteBucketCommand({ Bucket: 'made-here' }));
    expect(await refusal(client.send(new HeadBucketCommand({ Bucket: 'made-here' })))).toBe('NotFound 404');
  });

  test('that do not exist are not found', async () => {
    expect(await refusal(client.send(new ListObjectsV2Command({ Bucket: 'no-such-bucket' })))).toBe(
      'NoSuchBucket 404',
    );
    expect(await refusal(put('a', { Bucket: 'no-such-bucket' }))).toBe('NoSuchBucket 404');
  });

  test.each(['..', 'a', 'Capital', 'dots..dots', '-dash'])('named %j are refused', (name) => {
    expect(() => s3.local().createBucket({ name, versioned: false })).toThrow(/not valid/);
  });

  test('of another account are refused to those who expect it', async () => {
    expect(await refusal(put('a', { ExpectedBucketOwner: '111111111111' }))).toBe('AccessDenied 403');
    await put('a', { ExpectedBucketOwner: '000000000000' });
  });

  test('refuse what is not implemented, rather than pass it over', async () => {
    const policy = new PutBucketPolicyCommand({ Bucket, Policy: '{}' });
    expect(await refusal(client.send(policy))).toBe('NotImplemented 501');
    expect(await refusal(put('a', { ServerSideEncryption: 'aws:kms' }))).toBe('NotImplemented 501');
    expect(await refusal(put('a', { Tagging: 'a=b' }))).toBe('NotImplemented 501');
  });
});

describe('an object', () => {
  test('comes back as it was put', async () => {
    const { ETag } = await put('a', {
      Body: 'content',
      ContentType: 'text/csv',
      CacheControl: 'no-store',
      ContentEncoding: 'gzip',
      Metadata: { profile: 'collections' },
    });
    expect(ETag).toBe(`"${createHash('md5').update('content').digest('hex')}"`);
    const got = await get('a');
    expect(got).toMatchObject({
      ETag,
      ContentLength: 7,
      ContentType: 'text/csv',
      CacheControl: 'no-store',
      ContentEncoding: 'gzip',
      Metadata: { profile: 'collections' },
      ChecksumType: 'FULL_OBJECT',
    });
    expect(got.VersionId).toBeUndefined();
    expect(await got.Body?.transformToString()).toBe('content');
    expect(await head('a')).toMatchObject({ ETag, ContentLength: 7, Metadata: { profile: 'collections' } });
  });

  test('that is empty comes back empty', async () => {
    await put('empty', { Body: '' });
    expect(await text('empty')).toBe('');
  });

  test('that does not exist is not found', async () => {
    expect(await refusal(get('none'))).toBe('NoSuchKey 404');
    expect(await refusal(head('none'))).toBe('NotFound 404');
    await put('a');
    expect(await refusal(get('a', { VersionId: 'f'.repeat(32) }))).toBe('NoSuchVersion 404');
  });

  test('is told of with what EventBridge needs, in the order of writing', async () => {
    await put('a', { Body: '123' });
    await put('b');
    const [first, second] = s3.events;
    expect(first).toMatchObject({
      bucket: Bucket,
      key: 'a',
      size: 3,
      reason: 'PutObject',
      versionId: undefined,
    });
    expect(first?.eTag).toBe(createHash('md5').update('123').digest('hex'));
    expect((first?.sequencer ?? '') < (second?.sequencer ?? '')).toBe(true);
  });

  test('is replaced, and its old body leaves the disk', async () => {
    await put('a', { Body: 'one' });
    const before = filesIn(s3.folder).length;
    await put('a', { Body: 'two' });
    expect(await text('a')).toBe('two');
    expect(filesIn(s3.folder)).toHaveLength(before);
  });

  test('is removed in a bucket without versions', async () => {
    await put('a');
    const before = filesIn(s3.folder).length;
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
    expect(filesIn(s3.folder)).toHaveLength(before - 2);
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=3-1', '0123456789', undefined],
  ])('is read by the range %s', async (Range, expected, ContentRange) => {
    await put('digits', { Body: '0123456789' });
    const got = await get('digits', { Range });
    expect([await got.Body?.transformToString(), got.ContentRange]).toEqual([expected, ContentRange]);
  });

  test('is not read beyond its end', async () => {
    await put('digits', { Body: '0123456789' });
    expect(await refusal(get('digits', { Range: 'bytes=10-' }))).toBe('InvalidRange 416');
  });

  test('is read on conditions', async () => {
    const { ETag } = await put('a');
    expect(await text('a', { IfMatch: ETag })).toBe('body');
    expect(await refusal(get('a', { IfMatch: '"other"' }))).toBe('PreconditionFailed 412');
    expect(await refusal(get('a', { IfNoneMatch: ETag }))).toMatch(/ 304$/);
    expect(await refusal(get('a', { IfModifiedSince: new Date(s3.now() + 5000) }))).toMatch(/ 304$/);
    expect(await refusal(get('a', { IfUnmodifiedSince: new Date(0) }))).toBe('PreconditionFailed 412');
  });

  test('is copied, with its metadata or with new', async () => {
    await put('dir/ä +%&.csv', { Body: 'content', Metadata: { a: '1' } });
    const CopySource = `${Bucket}/${encodeURIComponent('dir/ä +%&.csv')}`;
    const copy = (Key: string, more: object = {}) =>
      client.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));
    await copy('same');
    await copy('new', { MetadataDirective: 'REPLACE', Metadata: { b: '2' } });
    expect(await text('same')).toBe('content');
    expect((await head('same')).Metadata).toEqual({ a: '1' });
    expect((await head('new')).Metadata).toEqual({ b: '2' });
    expect(await refusal(copy('dir/ä +%&.csv'))).toBe('InvalidRequest 400');
    expect(await refusal(copy('x', { CopySourceIfMatch: '"other"' }))).toBe('PreconditionFailed 412');
  });
});
