import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Sha256 } from '@aws-sdk/checksums/sha';
import {
  AbortMultipartUploadCommand,
  ChecksumAlgorithm,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { credentials, DAY_MS, type Fixture, refusal, startLocalS3 } from './local-s3.ts';

const MB = 1024 * 1024;

let s3: Fixture;
let client: S3Client;
let names = 0;
let Bucket = '';

beforeAll(async () => {
  s3 = await startLocalS3();
});
afterAll(() => s3.close());

beforeEach(() => {
  client = s3.client();
  Bucket = `bucket-${++names}`;
  s3.local().createBucket({ name: Bucket, versioned: false });
  s3.events.length = 0;
});

const put = (Key: string, more: object = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'body', ...more }));
const get = (Key: string, more: object = {}) => client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const text = async (Key: string, more: object = {}) => (await get(Key, more)).Body?.transformToString();
const head = (Key: string, more: object = {}) =>
  client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED', ...more }));
const version = () =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));

/** Every file below the store's folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

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

describe('conditional writes', () => {
  test('of 16 at once with If-None-Match let exactly one through', async () => {
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        put('contested', { Body: `writer ${i}`, IfNoneMatch: '*' }).then(
          () => `won ${i}`,
          (error) => `${error.name} ${error.$metadata.httpStatusCode}`,
        ),
      ),
    );
    const won = results.filter((one) => one.startsWith('won'));
    expect(won).toHaveLength(1);
    expect(results.filter((one) => one === 'PreconditionFailed 412')).toHaveLength(15);
    expect(await text('contested')).toBe(won[0]?.replace('won', 'writer'));
    expect(s3.events).toHaveLength(1);
  });

  test('with If-None-Match succeed where a delete marker stands', async () => {
    await version();
    await put('a', { IfNoneMatch: '*' });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await put('a', { IfNoneMatch: '*' });
    expect(await refusal(put('a', { IfNoneMatch: '"etag"' }))).toBe('NotImplemented 501');
  });

  test('with If-Match compare and swap', async () => {
    expect(await refusal(put('a', { IfMatch: '"none"' }))).toBe('NoSuchKey 404');
    const { ETag } = await put('a', { Body: 'one' });
    await put('a', { Body: 'two', IfMatch: ETag });
    expect(await refusal(put('a', { Body: 'three', IfMatch: ETag }))).toBe('PreconditionFailed 412');
    expect(await text('a')).toBe('two');
  });

  test('that a deletion overtakes are conflicts', async () => {
    await put('a');
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow() {
      yield Buffer.from('half');
      await held;
      yield Buffer.from('half');
    }
    const write = refusal(put('a', { Body: Readable.from(slow()), ContentLength: 8, IfNoneMatch: '*' }));
    await expect.poll(() => readdirSync(join(s3.folder, 'temporary')).length).toBe(1);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    release();
    expect(await write).toBe('ConditionalRequestConflict 409');
  });
});

describe('bodies', () => {
  test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC|SHA1|SHA256)/.test(name)))(
    'are proved by %s, from memory and as a stream',
    async (algorithm) => {
      const Body = randomBytes(200_000);
      const whole = await put('whole', { Body, ChecksumAlgorithm: algorithm });
      const streamed = await put('stream', {
        Body: Readable.from([Body.subarray(0, 70_000), Body.subarray(70_000)]),
        ContentLength: Body.length,
        ChecksumAlgorithm: algorithm,
      });
      const field = `Checksum${algorithm}` as const;
      expect(streamed).toMatchObject({ [field]: expect.stringMatching(/=$/) });
      expect(streamed).toMatchObject({
        [field]: Object.entries(whole).find(([name]) => name === field)?.[1],
      });
      expect(Buffer.from((await (await get('stream')).Body?.transformToByteArray()) ?? [])).toEqual(Body);
      expect((await head('stream')).ContentEncoding).toBeUndefined();
    },
  );

  test.each([
    ['checksum', { ChecksumCRC32: 'AAAAAA==' }, 'BadDigest 400'],
    ['MD5', { ContentMD5: createHash('md5').update('other').digest('base64') }, 'BadDigest 400'],
    ['malformed MD5', { ContentMD5: 'x' }, 'InvalidDigest 400'],
    ['two checksums', { ChecksumCRC32: 'AAAAAA==', ChecksumCRC32C: 'AAAAAA==' }, 'InvalidRequest 400'],
  ])('with a wrong %s are refused and leave nothing', async (_name, more, expected) => {
    expect(await refusal(put('a', more))).toBe(expected);
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
    expect(readdirSync(join(s3.folder, 'temporary'))).toEqual([]);
  });

  test('that the signature does not cover are refused', async () => {
    client.middlewareStack.add(
      (next) => (args) => {
        Object.assign(args.request ?? {}, { body: 'BODY' });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    expect(await refusal(put('a'))).toBe('XAmzContentSHA256Mismatch 400');
  });

  test('too long metadata is refused', async () => {
    expect(await refusal(put('a', { Metadata: { long: 'x'.repeat(2048) } }))).toBe('MetadataTooLarge 400');
  });

  test('of 64 MB go to disk as they arrive, and come back', async () => {
    const piece = randomBytes(MB);
    const onDisk = () => {
      const [file] = readdirSync(join(s3.folder, 'temporary'));
      return file === undefined ? 0 : statSync(join(s3.folder, 'temporary', file)).size;
    };
    let mostUnderWay = 0;
    async function* pieces() {
      for (let i = 0; i < 64; i += 1) {
        mostUnderWay = Math.max(mostUnderWay, i * MB - onDisk());
        yield piece;
      }
    }
    await put('large', { Body: Readable.from(pieces()), ContentLength: 64 * MB });
    expect(mostUnderWay).toBeLessThan(16 * MB);
    const { Body } = await get('large');
    if (!(Body instanceof Readable)) throw new Error('the body is not a stream');
    let received = 0;
    for await (const chunk of Body) received += chunk.length;
    expect(received).toBe(64 * MB);
  });
});

/** Amazon S3 API Reference, "Transferring Payload in Multiple Chunks": what other SDKs send over plain HTTP. */
describe('chunks that are signed one by one', () => {
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

  function signChunks(options: { tamper?: 'chunk' | 'trailer'; trailer: boolean }) {
    const amzDate = new Date(s3.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const date = amzDate.slice(0, 8);
    const scope = `${date}/us-east-1/s3/aws4_request`;
    const key = ['us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
      hmac,
      hmac(`AWS4${credentials.secretAccessKey}`, date),
    );
    const form = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${options.trailer ? '-TRAILER' : ''}`;
    const headers: Record<string, string> = {
      host: new URL(s3.endpoint()).host,
      'x-amz-content-sha256': form,
      'x-amz-date': amzDate,
      'x-amz-decoded-content-length': '10',
      ...(options.trailer && { 'x-amz-trailer': 'x-amz-checksum-sha256' }),
    };
    const signed = Object.keys(headers).sort();
    const lines = signed.map((name) => `${name}:${headers[name]}\n`).join('');
    const canonical = ['PUT', `/${Bucket}/chunked`, '', lines, signed.join(';'), form].join('\n');
    const sign = (...parts: string[]) => hmac(key, parts.join('\n')).toString('hex');
    let previous = sign('AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical));
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${previous}`;
    let body = '';
    for (const chunk of ['01234', '56789', '']) {
      previous = sign('AWS4-HMAC-SHA256-PAYLOAD', amzDate, scope, previous, sha256(''), sha256(chunk));
      const sent = options.tamper === 'chunk' ? chunk.replace('5', '6') : chunk;
      body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${sent}${chunk === '' ? '' : '\r\n'}`;
    }
    if (options.trailer) {
      const line = `x-amz-checksum-sha256:${createHash('sha256').update('0123456789').digest('base64')}`;
      const signature = sign('AWS4-HMAC-SHA256-TRAILER', amzDate, scope, previous, sha256(`${line}\n`));
      const shown =
        options.tamper === 'trailer' ? signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) : signature;
      body += `${line}\r\nx-amz-trailer-signature:${shown}\r\n\r\n`;
    } else body += '\r\n';
    return { headers: { ...headers, 'content-length': String(body.length) }, body };
  }

  const send = (signed: { headers: Record<string, string>; body: string }) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${s3.endpoint()}/${Bucket}/chunked`,
        { method: 'PUT', headers: signed.headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end(signed.body);
    });

  test.each([false, true])('are taken together, with trailers: %s', async (trailer) => {
    expect(await send(signChunks({ trailer }))).toBe(200);
    expect(await text('chunked')).toBe('0123456789');
  });

  test.each([
    { trailer: false, tamper: 'chunk' },
    { trailer: true, tamper: 'chunk' },
    { trailer: true, tamper: 'trailer' },
  ] as const)('are refused when changed on the way: %j', async (options) => {
    expect(await send(signChunks(options))).toBe(403);
    expect(await refusal(get('chunked'))).toBe('NoSuchKey 404');
  });

  test('that break off leave nothing', async () => {
    const { headers, body } = signChunks({ trailer: true });
    const sent = request(`${s3.endpoint()}/${Bucket}/chunked`, { method: 'PUT', headers });
    sent.on('error', () => undefined).write(body.slice(0, -40));
    await expect.poll(() => readdirSync(join(s3.folder, 'temporary')).length).toBe(1);
    sent.destroy();
    await expect.poll(() => readdirSync(join(s3.folder, 'temporary'))).toEqual([]);
    expect(await refusal(get('chunked'))).toBe('NoSuchKey 404');
  });
});

describe('signatures', () => {
  test.each([
    ['another secret', { ...credentials, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch 403'],
    ['another key', { ...credentials, accessKeyId: 'AKIDOTHER' }, 'InvalidAccessKeyId 403'],
  ])('of %s are refused', async (_name, wrong, expected) => {
    const stranger = s3.client({ credentials: wrong });
    expect(await refusal(stranger.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })))).toBe(
      expected,
    );
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
  });

  test('for another region are refused', async () => {
    const stranger = s3.client({ region: 'eu-central-1' });
    expect(await refusal(stranger.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe(
      'AuthorizationHeaderMalformed 400',
    );
  });

  test('in the query of a presigned URL hold until they expire', async () => {
    await put('a');
    const presign = async (method: string, expiresIn: number) => {
      const signer = new SignatureV4({
        credentials,
        region: 'us-east-1',
        service: 's3',
        sha256: Sha256,
        uriEscapePath: false,
      });
      const { host, hostname, port } = new URL(s3.endpoint());
      // as @aws-sdk/s3-request-presigner has it
      const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
      const unsigned = {
        method,
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: `/${Bucket}/a`,
        headers,
      };
      const signed = await signer.presign(unsigned, { expiresIn, signingDate: new Date(s3.now()) });
      const query = Object.entries(signed.query ?? {}).map(
        ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
      );
      return `${s3.endpoint()}${signed.path}?${query.join('&')}`;
    };
    const url = await presign('GET', 60);
    expect(await (await fetch(url)).text()).toBe('body');
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(url.replace('/a?', '/b?'))).status).toBe(403);
    s3.advance(60_000);
    expect((await fetch(url)).status).toBe(403);
  });

  test('must be there', async () => {
    await put('a');
    expect((await fetch(`${s3.endpoint()}/${Bucket}/a`)).status).toBe(403);
    expect((await fetch(`${s3.endpoint()}/${Bucket}/a`, { method: 'DELETE' })).status).toBe(403);
    expect(await text('a')).toBe('body');
  });
});

describe('multipart uploads', () => {
  test('of 20 MB with the default checksums come back whole', async () => {
    await version();
    const Body = randomBytes(20 * MB);
    const upload = new Upload({
      client,
      params: { Bucket, Key: 'big', Body: Readable.from(Body) },
      partSize: 6 * MB,
    });
    const done = await upload.done();
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-4"$/);
    expect(done.ChecksumCRC32).toMatch(/-4$/);
    const got = await get('big');
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
    expect(got).toMatchObject({ ChecksumType: 'COMPOSITE', VersionId: done.VersionId });
    const slice = await get('big', { Range: `bytes=${6 * MB - 10}-${6 * MB + 9}` });
    expect(Buffer.from((await slice.Body?.transformToByteArray()) ?? [])).toEqual(
      Body.subarray(6 * MB - 10, 6 * MB + 10),
    );
    expect(s3.events).toMatchObject([{ key: 'big', size: 20 * MB, reason: 'CompleteMultipartUpload' }]);
    expect(filesIn(join(s3.folder, 'buckets', Bucket, 'uploads'))).toEqual([]);
  });

  test('prove the whole object with a full-object checksum', async () => {
    const params = {
      Bucket,
      Key: 'full',
      Body: Buffer.alloc(11 * MB, 7),
      ChecksumAlgorithm: 'CRC64NVME' as const,
    };
    const done = await new Upload({ client, params }).done();
    expect(done.ChecksumCRC64NVME).toMatch(/^[A-Za-z0-9+/]{11}=$/);
    expect((await head('full')).ChecksumType).toBe('FULL_OBJECT');
  });

  const begin = async (Key: string) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = async (PartNumber: number, size: number) => {
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: Buffer.alloc(size, PartNumber) }),
      );
      return { PartNumber, ETag, ChecksumCRC32 };
    };
    const complete = (Parts: object[], more: object = {}) =>
      client.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
      );
    return { UploadId, part, complete };
  };

  test('list their parts, by page and after a restart', async () => {
    const { UploadId, part, complete } = await begin('a');
    const parts = [await part(1, 5 * MB), await part(2, 5 * MB), await part(7, 10)];
    await s3.restart();
    client = s3.client();
    const list = (more: object) => client.send(new ListPartsCommand({ Bucket, Key: 'a', UploadId, ...more }));
    const first = await list({ MaxParts: 2 });
    expect([first.IsTruncated, first.Parts?.map(({ PartNumber }) => PartNumber)]).toEqual([true, [1, 2]]);
    const rest = await list({ PartNumberMarker: first.NextPartNumberMarker });
    expect(rest.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([[7, 10]]);
    await complete(parts);
    expect((await head('a')).ContentLength).toBe(10 * MB + 10);
  });

  test('are invisible until completed, and gone when aborted', async () => {
    const { UploadId, part, complete } = await begin('a');
    const parts = [await part(1, 10)];
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId }));
    expect(await refusal(complete(parts))).toBe('NoSuchUpload 404');
    expect(await refusal(part(1, 10))).toBe('NoSuchUpload 404');
  });

  test('refuse lists of parts that are wrong', async () => {
    const { part, complete } = await begin('a');
    const [one, two] = [await part(1, 10), await part(2, 10)];
    expect(await refusal(complete([two, one]))).toBe('InvalidPartOrder 400');
    expect(await refusal(complete([one, { ...two, ETag: '"other"' }]))).toMatch(
      /^(InvalidPart|EntityTooSmall) 400$/,
    );
    expect(await refusal(complete([{ ...one, ChecksumCRC32: 'AAAAAA==' }]))).toBe('InvalidPart 400');
    expect(await refusal(complete([{ PartNumber: 3, ETag: '"x"' }]))).toBe('InvalidPart 400');
    expect(await refusal(complete([one, two]))).toBe('EntityTooSmall 400');
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
  });

  test('meet If-None-Match when they complete', async () => {
    const { part, complete } = await begin('a');
    const parts = [await part(1, 10)];
    await put('a', { Body: 'first' });
    expect(await refusal(complete(parts, { IfNoneMatch: '*' }))).toBe('PreconditionFailed 412');
    expect(await text('a')).toBe('first');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await complete(parts, { IfNoneMatch: '*' });
  });

  test('completed twice at once make one object', async () => {
    await version();
    const { part, complete } = await begin('a');
    const parts = [await part(1, 10)];
    const results = await Promise.allSettled([complete(parts), complete(parts)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(1);
  });

  test.each(['../../../etc', 'f'.repeat(32), ''])('of the id %j do not exist', async (UploadId) => {
    const list = new ListPartsCommand({ Bucket, Key: 'a', UploadId: UploadId || 'x' });
    expect(await refusal(client.send(list))).toBe('NoSuchUpload 404');
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

describe('a restart', () => {
  test('finds everything as it was', async () => {
    await version();
    const { VersionId: first } = await put('a', { Body: 'one', Metadata: { k: 'v' } });
    await put('a', { Body: 'two' });
    await put('b');
    const { VersionId: marker } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    await s3.restart();
    client = s3.client();
    expect(await text('a')).toBe('two');
    expect((await head('a', { VersionId: first })).Metadata).toEqual({ k: 'v' });
    const { DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(DeleteMarkers?.map(({ VersionId }) => VersionId)).toEqual([marker]);
    const sequencers = s3.events.map(({ sequencer }) => sequencer);
    await put('c');
    expect(sequencers.every((one) => one < (s3.events.at(-1)?.sequencer ?? ''))).toBe(true);
  });

  test('sweeps away what a crash left half-done', async () => {
    await put('a');
    const [body = ''] = filesIn(join(s3.folder, 'buckets', Bucket, 'objects'));
    const stray = join(body, '..', '00000000-0000-0000-0000-000000000000.body');
    writeFileSync(stray, 'half');
    writeFileSync(join(s3.folder, 'temporary', 'half.body'), 'half');
    await s3.restart();
    client = s3.client();
    expect([existsSync(stray), readdirSync(join(s3.folder, 'temporary'))]).toEqual([false, []]);
    expect(await text('a')).toBe('body');
  });

  test('stops at a record that it cannot read, rather than forget an object', async () => {
    const other = await startLocalS3();
    other.local().createBucket({ name: 'damaged', versioned: false });
    await other.client().send(new PutObjectCommand({ Bucket: 'damaged', Key: 'a', Body: 'x' }));
    const record = filesIn(other.folder).find((path) => path.endsWith('null.json')) ?? '';
    const whole = readFileSync(record, 'utf8');
    writeFileSync(record, whole.slice(0, 40));
    await expect(other.restart()).rejects.toThrow(/null\.json is not a record/);
    rmSync(other.folder, { recursive: true });
  });

  test('keeps a bucket that is created again, and can extend its lock', async () => {
    await put('a');
    s3.local().createBucket({ name: Bucket, versioned: true, objectLock: { mode: 'COMPLIANCE', days: 1 } });
    expect(await text('a')).toBe('body');
    await put('b');
    const { ObjectLockRetainUntilDate } = await head('b');
    expect((ObjectLockRetainUntilDate?.getTime() ?? 0) - s3.now()).toBeGreaterThan(DAY_MS / 2);
  });
});
