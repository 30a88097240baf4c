import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ChecksumAlgorithm, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { refusal } from './local-s3.ts';
import { Bucket, client, get, head, hostS3, put, s3, text, version } from './s3-fixture.ts';

const MB = 1024 * 1024;

hostS3();

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
