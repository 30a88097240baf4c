import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { authorize } from './authorize.ts';
import { hasIntegrityHeader, type Received, receiveFile, writeFileFrom } from './body.ts';
import { xmlReply } from './bucket-operations.ts';
import {
  bucketOf,
  type Call,
  definedHeaders,
  existingBucket,
  type ObjectCreated,
  type Reply,
  readableVersion,
  shownVersionId,
} from './call.ts';
import { checksumElement, checksumHeader } from './checksums.ts';
import { checkReadConditions, checkWriteConditions, quoteETag } from './conditions.ts';
import { describeObject, requestedAlgorithm, requestedLock } from './description.ts';
import { S3Error } from './errors.ts';
import { lockOfNewVersion, requireObjectLock } from './object-lock.ts';
import type { ObjectDescription, VersionRecord } from './records.ts';
import { type Bucket, bodyPath } from './store.ts';
import { document, element, optionalElement } from './xml.ts';

/** An object that has arrived whole in a temporary file and waits to become visible. */
export type Draft = {
  readonly description: ObjectDescription;
  readonly body: Pick<VersionRecord, 'size' | 'eTag' | 'checksum'> & { readonly path: string };
  /** The store's sequence when the request began: what was deleted after it is a conflict. */
  readonly begunAt: number;
  readonly reason: ObjectCreated['reason'];
};

export async function putObject(call: Call): Promise<Reply> {
  const bucket = bucketOf(call);
  const description = describeObject(call);
  requireObjectLock(bucket.record, description);
  // "The Content-MD5 or x-amz-sdk-checksum-algorithm header is required for any request to upload an object with a
  // retention period configured using Amazon S3 Object Lock." (API Reference, PutObject)
  const retained = description.retention ?? description.legalHold ?? bucket.record.defaultRetention;
  if (retained !== undefined && !hasIntegrityHeader(call)) {
    throw new S3Error(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
  const begunAt = call.store.sequence;
  const version = await withTemporaryFile(call, async (path) => {
    const received = await receiveFile(call, path);
    return commitObject(call, bucket, {
      description,
      body: bodyOf(path, received),
      begunAt,
      reason: 'PutObject',
    });
  });
  return { status: 200, headers: writtenHeaders(bucket, version) };
}

export async function copyObject(call: Call): Promise<Reply> {
  const bucket = bucketOf(call);
  const begunAt = call.store.sequence;
  const source = copySource(call);
  authorize(call, { action: source.versionId ? 's3:GetObjectVersion' : 's3:GetObject', ...source });
  const sourceBucket = existingBucket(call, source.bucketName);
  const original = readableVersion(sourceBucket, source.key, source.versionId);
  checkReadConditions(call.header, original, 'x-amz-copy-source-');
  const description = copyDescription(call, original);
  requireObjectLock(bucket.record, description);
  if (sourceBucket === bucket && source.key === call.key && !source.versionId && !replacesMetadata(call)) {
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it copies an object onto itself.',
    );
  }
  const algorithm = requestedAlgorithm(call) ?? original.checksum?.algorithm;
  const version = await withTemporaryFile(call, async (path) => {
    const written = await writeFileFrom(createReadStream(bodyPath(sourceBucket, original)), path, algorithm);
    return commitObject(call, bucket, {
      description,
      body: bodyOf(path, written),
      begunAt,
      reason: 'CopyObject',
    });
  });
  const { checksum } = version;
  const result = document('CopyObjectResult', [
    element('ETag', quoteETag(version.eTag)),
    element('LastModified', new Date(version.lastModified).toISOString()),
    checksum && element(checksumElement(checksum.algorithm), checksum.value),
    optionalElement('ChecksumType', checksum?.type),
  ]);
  const sourceVersion = shownVersionId(sourceBucket, original);
  return xmlReply(result, {
    ...definedHeaders({
      'x-amz-copy-source-version-id': sourceVersion,
      'x-amz-version-id': shownVersionId(bucket, version),
    }),
  });
}

/**
 * Makes a draft visible. Nothing awaits in here: the conditions are checked and the version is written in one step, so
 * that of any number of conditional writers exactly one finds the key free.
 */
export function commitObject(call: Call, bucket: Bucket, draft: Draft): VersionRecord {
  checkWriteConditions(call.header, {
    current: bucket.objects.current(call.key),
    deletedMeanwhile: bucket.objects.deletedSince(call.key, draft.begunAt + 1),
  });
  const lastModified = call.now();
  const { path, ...body } = draft.body;
  const version: VersionRecord = {
    key: call.key,
    headers: draft.description.headers,
    metadata: draft.description.metadata,
    ...lockOfNewVersion(bucket.record, draft.description, lastModified),
    ...body,
    versionId: bucket.record.versioning === 'Enabled' ? call.store.newId() : 'null',
    sequence: call.store.nextSequence(),
    deleteMarker: false,
    lastModified,
    file: `${randomUUID()}.body`,
  };
  call.store.commit(bucket, version, path);
  call.onObjectCreated({
    bucket: bucket.record.name,
    key: version.key,
    size: version.size,
    eTag: version.eTag,
    versionId: shownVersionId(bucket, version),
    sequencer: version.sequence.toString(16).toUpperCase().padStart(18, '0'),
    reason: draft.reason,
  });
  return version;
}

/** Gives a path for a body, and leaves nothing there when the work has ended, however it ended. */
export async function withTemporaryFile<T>(call: Call, work: (path: string) => Promise<T>): Promise<T> {
  const path = call.store.temporaryPath();
  try {
    return await work(path);
  } finally {
    await rm(path, { force: true });
  }
}

/** ETag, version and checksum, as a write answers them. */
export function writtenHeaders(bucket: Bucket, version: VersionRecord): Record<string, string> {
  const { checksum } = version;
  return definedHeaders({
    etag: quoteETag(version.eTag),
    'x-amz-version-id': shownVersionId(bucket, version),
    ...(checksum && {
      [checksumHeader(checksum.algorithm)]: checksum.value,
      'x-amz-checksum-type': checksum.type,
    }),
  });
}

function bodyOf(path: string, received: Received): Draft['body'] {
  const { size, md5, checksum } = received;
  return { path, size, eTag: md5, ...(checksum && { checksum }) };
}

function copySource(call: Call): { bucketName: string; key: string; versionId?: string } {
  const [path = '', versionId] = (call.header('x-amz-copy-source') ?? '').split('?versionId=');
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeOrEmpty(path)) ?? [];
  if (bucketName === undefined || key === undefined) {
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  return { bucketName, key, ...(versionId && { versionId }) };
}

function decodeOrEmpty(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function copyDescription(call: Call, original: VersionRecord): ObjectDescription {
  const described = describeObject(call);
  if (replacesMetadata(call)) return described;
  return { headers: original.headers, metadata: original.metadata, ...requestedLock(call) };
}

function replacesMetadata(call: Call): boolean {
  return call.header('x-amz-metadata-directive') === 'REPLACE';
}
