import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { describe, expect, test } from 'vitest';
import { refusal } from './local-s3.ts';
import { Bucket, client, filesIn, get, head, hostS3, put, restart, s3, text, version } from './s3-fixture.ts';

const MB = 1024 * 1024;

hostS3();

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
    await restart();
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

  test('are found by their id, and not by a path to it', async () => {
    const { UploadId } = await begin('a');
    const list = (id: string) => client.send(new ListPartsCommand({ Bucket, Key: 'a', UploadId: id }));
    expect((await list(`${UploadId}`)).UploadId).toBe(UploadId);
    for (const id of [`../uploads/${UploadId}`, `./${UploadId}`, `${UploadId}/`, 'f'.repeat(32)]) {
      expect(await refusal(list(id))).toBe('NoSuchUpload 404');
    }
  });
});
