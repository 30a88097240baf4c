import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import * as z from 'zod';
import { receiveDocument, receiveFile, writeFileFrom } from './body.ts';
import { xmlReply } from './bucket-operations.ts';
import { bucketOf, type Call, definedHeaders, type Reply } from './call.ts';
import {
  type Checksum,
  ChecksumAlgorithm,
  checksumElement,
  checksumHeader,
  compositeChecksum,
} from './checksums.ts';
import { bareETag, quoteETag } from './conditions.ts';
import { describeObject, requestedAlgorithm } from './description.ts';
import { S3Error } from './errors.ts';
import { requireObjectLock } from './object-lock.ts';
import type { PartRecord, UploadRecord } from './records.ts';
import {
  beginUpload,
  endUpload,
  findUpload,
  keepPart,
  partPath,
  readParts,
  type Upload,
} from './upload-store.ts';
import { commitObject, withTemporaryFile, writtenHeaders } from './write-operations.ts';
import { document, element, optionalElement, parseDocument } from './xml.ts';

// "5 MB to 5 GB. There is no minimum size limit on the last part of your multipart upload." (User Guide, multipart limits)
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PARTS_LISTED = 1000;

export function createMultipartUpload(call: Call): Reply {
  const bucket = bucketOf(call);
  const description = describeObject(call);
  requireObjectLock(bucket.record, description);
  const algorithm = requestedAlgorithm(call);
  const record: UploadRecord = {
    ...description,
    uploadId: call.store.newId(),
    key: call.key,
    initiatedAt: call.now(),
    ...(algorithm && { checksumAlgorithm: algorithm }),
    checksumType: readChecksumType(call, algorithm),
  };
  beginUpload(call.store, bucket, record);
  const result = [
    element('Bucket', call.bucketName),
    element('Key', call.key),
    element('UploadId', record.uploadId),
  ];
  return xmlReply(document('InitiateMultipartUploadResult', result), {
    ...(algorithm && { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': record.checksumType }),
  });
}

export async function uploadPart(call: Call): Promise<Reply> {
  if (call.header('x-amz-copy-source') !== undefined) {
    throw new S3Error('NotImplemented', 'UploadPartCopy is not implemented.');
  }
  const number = Number(call.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const upload = uploadOf(call);
  return withTemporaryFile(call, async (path) => {
    const { size, md5, checksum } = await receiveFile(call, path);
    const expected = upload.record.checksumAlgorithm;
    if (expected !== undefined && checksum?.algorithm !== expected) {
      const actual = checksum?.algorithm ?? 'null';
      throw new S3Error(
        'InvalidRequest',
        `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
      );
    }
    const part = { number, size, eTag: md5, lastModified: call.now(), ...(checksum && { checksum }) };
    keepPart(call.store, upload, { part, path });
    return {
      status: 200,
      headers: {
        etag: quoteETag(md5),
        ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
      },
    };
  });
}

const PartXml = z.object({
  PartNumber: z.coerce.number().int(),
  ETag: z.string(),
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
});
const CompleteXml = z.object({ CompleteMultipartUpload: z.object({ Part: z.array(PartXml).min(1) }) });

export async function completeMultipartUpload(call: Call): Promise<Reply> {
  const bucket = bucketOf(call);
  const upload = uploadOf(call);
  // the checksum headers of this request are those of the object, not of the document that it brings
  const named = parseDocument(await receiveDocument(call, { ownChecksum: false }), CompleteXml);
  const parts = matchParts(readParts(upload), named.CompleteMultipartUpload.Part);
  const begunAt = call.store.sequence;
  const version = await withTemporaryFile(call, async (path) => {
    const { checksumAlgorithm, checksumType } = upload.record;
    const whole = checksumType === 'FULL_OBJECT' ? checksumAlgorithm : undefined;
    const { size, checksum: ofWhole } = await writeFileFrom(joinParts(upload, parts), path, whole);
    const checksum = ofWhole ?? (await composite(checksumAlgorithm, parts));
    verifyObjectChecksum(call, checksum);
    const body = { path, size, eTag: multipartETag(parts), ...(checksum && { checksum }) };
    const draft = { description: upload.record, body, begunAt, reason: 'CompleteMultipartUpload' as const };
    return endUpload(call.store, upload, () => commitObject(call, bucket, draft));
  });
  const { checksum } = version;
  return xmlReply(
    document('CompleteMultipartUploadResult', [
      element('Location', `/${call.bucketName}/${call.key}`),
      element('Bucket', call.bucketName),
      element('Key', call.key),
      element('ETag', quoteETag(version.eTag)),
      checksum && element(checksumElement(checksum.algorithm), checksum.value),
      optionalElement('ChecksumType', checksum?.type),
    ]),
    definedHeaders({ 'x-amz-version-id': writtenHeaders(bucket, version)['x-amz-version-id'] }),
  );
}

export function abortMultipartUpload(call: Call): Reply {
  endUpload(call.store, uploadOf(call), () => undefined);
  return { status: 204 };
}

export function listParts(call: Call): Reply {
  const upload = uploadOf(call);
  const marker = Number(call.query.get('part-number-marker') ?? 0);
  const maxParts = Math.min(Number(call.query.get('max-parts') ?? MAX_PARTS_LISTED), MAX_PARTS_LISTED);
  const left = readParts(upload).filter(({ number }) => number > marker);
  const shown = left.slice(0, maxParts);
  return xmlReply(
    document('ListPartsResult', [
      element('Bucket', call.bucketName),
      element('Key', call.key),
      element('UploadId', upload.record.uploadId),
      element('PartNumberMarker', marker),
      element('NextPartNumberMarker', shown.at(-1)?.number ?? 0),
      element('MaxParts', maxParts),
      element('IsTruncated', shown.length < left.length),
      optionalElement('ChecksumAlgorithm', upload.record.checksumAlgorithm),
      element('StorageClass', 'STANDARD'),
      ...shown.map(partElement),
    ]),
  );
}

function partElement(part: PartRecord): string {
  return element('Part', [
    element('PartNumber', part.number),
    element('LastModified', new Date(part.lastModified).toISOString()),
    element('ETag', quoteETag(part.eTag)),
    element('Size', part.size),
    part.checksum && element(checksumElement(part.checksum.algorithm), part.checksum.value),
  ]);
}

function uploadOf(call: Call): Upload {
  return findUpload(bucketOf(call), call.key, call.query.get('uploadId') ?? '');
}

type NamedPart = z.infer<typeof PartXml>;

function matchParts(arrived: readonly PartRecord[], named: readonly NamedPart[]): readonly PartRecord[] {
  if (named.some(({ PartNumber }, place) => PartNumber <= (named[place - 1]?.PartNumber ?? 0))) {
    throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const byNumber = new Map(arrived.map((part) => [part.number, part]));
  const parts = named.map((one) => {
    const part = byNumber.get(one.PartNumber);
    if (part !== undefined && part.eTag === bareETag(one.ETag) && checksumAgrees(part, one)) return part;
    throw new S3Error(
      'InvalidPart',
      'One or more of the specified parts could not be found, or did not match.',
    );
  });
  if (parts.slice(0, -1).some(({ size }) => size < MIN_PART_BYTES)) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
  }
  return parts;
}

function checksumAgrees(part: PartRecord, named: NamedPart): boolean {
  return ChecksumAlgorithm.options.every((algorithm) => {
    const claimed = named[`Checksum${algorithm}`];
    return claimed === undefined || part.checksum?.algorithm !== algorithm || part.checksum.value === claimed;
  });
}

// The entity tag of a multipart object is the MD5 of its parts' MD5s, a hyphen and the number of parts (User Guide,
// Checking object integrity: "Using part-level checksums for multipart uploads").
function multipartETag(parts: readonly PartRecord[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part.eTag, 'hex');
  return `${hash.digest('hex')}-${parts.length}`;
}

async function composite(
  algorithm: ChecksumAlgorithm | undefined,
  parts: readonly PartRecord[],
): Promise<Checksum | undefined> {
  if (algorithm === undefined) return undefined;
  const values = parts.flatMap(({ checksum }) => (checksum ? [checksum.value] : []));
  return { algorithm, value: await compositeChecksum(algorithm, values), type: 'COMPOSITE' };
}

function verifyObjectChecksum(call: Call, checksum: Checksum | undefined): void {
  const claimed = checksum && call.header(checksumHeader(checksum.algorithm));
  if (claimed !== undefined && claimed !== checksum?.value) {
    throw new S3Error(
      'BadDigest',
      `The ${checksum?.algorithm} you specified did not match the calculated checksum.`,
    );
  }
}

async function* joinParts(upload: Upload, parts: readonly PartRecord[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* createReadStream(partPath(upload, part));
}

// "CRC64NVME: full object only; CRC32, CRC32C: full object or composite; SHA1, SHA256: composite only" (User Guide,
// Checking object integrity: supported checksum types for multipart uploads)
function readChecksumType(call: Call, algorithm: ChecksumAlgorithm | undefined): 'FULL_OBJECT' | 'COMPOSITE' {
  const asked =
    call.header('x-amz-checksum-type') ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const impossible =
    asked === 'FULL_OBJECT'
      ? algorithm?.startsWith('SHA')
      : asked !== 'COMPOSITE' || algorithm === 'CRC64NVME';
  if (impossible) {
    throw new S3Error(
      'InvalidRequest',
      `The ${asked} checksum type cannot be used with the ${algorithm} algorithm.`,
    );
  }
  return asked === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE';
}
