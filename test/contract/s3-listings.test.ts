import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { refusal } from './local-s3.ts';
import { Bucket, client, filesIn, get, hostS3, put, s3, text, version } from './s3-fixture.ts';

hostS3();

describe('versions', () => {
  beforeEach(version);

  test('are kept apart and removed one by one', async () => {
    const { VersionId: first } = await put('a', { Body: 'one' });
    const { VersionId: second } = await put('a', { Body: 'two' });
    expect(await text('a')).toBe('two');
    expect(await text('a', { VersionId: first })).toBe('one');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: second }));
    expect(await text('a')).toBe('one');
  });

  test('are listed by page, newest first', async () => {
    for (const key of ['a', 'a', 'a', 'b', 'b', 'c/1', 'c/2', 'd']) await put(key);
    const seen: unknown[] = [];
    let markers: object | undefined = {};
    while (markers !== undefined) {
      const page: ListObjectVersionsCommandOutput = await client.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, Delimiter: '/', ...markers }),
      );
      seen.push(...[page.Versions ?? []].flat().map(({ Key, IsLatest }) => `${Key}${IsLatest ? '!' : ''}`));
      seen.push(...[page.CommonPrefixes ?? []].flat().map(({ Prefix }) => Prefix));
      const next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      markers = page.IsTruncated ? next : undefined;
    }
    expect(seen).toEqual(['a!', 'a', 'a', 'b!', 'b', 'c/', 'd!']);
  });

  test('written while versioning is suspended are the one "null" version', async () => {
    const { VersionId: kept } = await put('a', { Body: 'kept' });
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    );
    await put('a', { Body: 'null 1' });
    await put('a', { Body: 'null 2' });
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['null', kept]);
    expect(await text('a')).toBe('null 2');
  });
});

describe('listings', () => {
  const list = (more: object = {}) => client.send(new ListObjectsV2Command({ Bucket, ...more }));

  test('roll keys up at the delimiter', async () => {
    for (const key of ['a', 'dir/1', 'dir/2', 'dir/sub/3', 'z']) await put(key);
    const top = await list({ Delimiter: '/' });
    expect(top.Contents?.map(({ Key }) => Key)).toEqual(['a', 'z']);
    expect(top.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['dir/']);
    expect(top.KeyCount).toBe(3);
    const below = await list({ Delimiter: '/', Prefix: 'dir/' });
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(['dir/1', 'dir/2']);
    expect(below.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['dir/sub/']);
    expect((await list({ StartAfter: 'dir/2' })).Contents?.map(({ Key }) => Key)).toEqual(['dir/sub/3', 'z']);
    expect((await list({ Prefix: 'none' })).KeyCount).toBe(0);
    expect((await list({ MaxKeys: 0 })).IsTruncated).toBe(false);
  });

  test.each([undefined, '/'])('come by page, each key once, with the delimiter %s', async (Delimiter) => {
    const keys = Array.from({ length: 23 }, (_, i) => `${String.fromCharCode(97 + (i % 5))}/${i}`);
    for (const key of [...keys, 'top']) await put(key);
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ MaxKeys: 2, Delimiter, ContinuationToken });
      expect((page.Contents?.length ?? 0) + (page.CommonPrefixes?.length ?? 0)).toBeLessThanOrEqual(2);
      seen.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        ...(page.Contents ?? []).map(({ Key }) => Key),
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(seen).toEqual(Delimiter ? ['a/', 'b/', 'c/', 'd/', 'e/', 'top'] : [...keys, 'top'].toSorted());
  });

  test('leave out what has a delete marker, and are in the order of UTF-8', async () => {
    await version();
    // in UTF-16 the surrogates of an emoji sort before U+FF5E, in UTF-8 after it
    for (const key of ['\u{1F600}', '\uFF5E', 'gone', 'é']) await put(key);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    expect((await list()).Contents?.map(({ Key }) => Key)).toEqual(['é', '\uFF5E', '\u{1F600}']);
  });

  test('refuse a token that is not theirs', async () => {
    expect(await refusal(list({ ContinuationToken: 'x' }))).toBe('InvalidArgument 400');
  });
});

describe('hostile keys', () => {
  const keys = [
    '../../../../tmp/escaped',
    '..',
    '.',
    '/absolute',
    'a//b',
    'a/../b',
    './a',
    '%2e%2e%2f',
    '%252e',
    'C:\\windows',
    'nul\\..\\x',
    'a b+c&d=e?f#g',
    '<xml>&amp;"\'',
    'emoji \u{1F600}',
    'tab\tand\u0001control',
    "!'()*~-_.",
    '__proto__',
    'é/\u0301',
    'x'.repeat(1024),
  ];

  test.each(keys)('%j stays one object in the store', async (Key) => {
    await put(Key, { Body: Key });
    expect(await text(Key)).toBe(Key);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
    expect(Contents?.map((one) => decodeURIComponent(one.Key ?? ''))).toEqual([Key]);
    const stored = filesIn(join(s3.folder, 'buckets', Bucket, 'objects'));
    expect(stored.map((path) => path.slice(s3.folder.length))).toEqual([
      expect.stringMatching(/objects\/[0-9a-f]{2}\/[0-9a-f]{64}\/[0-9a-f-]{36}\.body$/),
      expect.stringMatching(/objects\/[0-9a-f]{2}\/[0-9a-f]{64}\/null\.json$/),
    ]);
    const { Deleted, Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }),
    );
    expect([Deleted?.map((one) => one.Key), Errors]).toEqual([[Key], undefined]);
    expect(await refusal(get(Key))).toBe('NoSuchKey 404');
  });

  test('that are too long are refused', async () => {
    expect(await refusal(put('x'.repeat(1025)))).toBe('KeyTooLongError 400');
    expect(existsSync('/tmp/escaped')).toBe(false);
  });
});
