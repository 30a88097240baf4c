import type { IncomingMessage } from 'node:http';
import type { ChunkSeed } from '../sigv4.ts';
import { S3Error } from './errors.ts';
import type { VersionRecord } from './records.ts';
import type { Bucket, Store } from './store.ts';

/** Told of each object that has become visible; the fields are those of EventBridge's "Object Created". */
export type ObjectCreated = {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly versionId: string | undefined;
  readonly sequencer: string;
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
};

export type S3Context = {
  readonly store: Store;
  readonly region: string;
  readonly accountId: string;
  readonly now: () => number;
  readonly onObjectCreated: (event: ObjectCreated) => void;
};

/** One verified request on its way through an operation. */
export type Call = S3Context & {
  readonly request: IncomingMessage;
  readonly bucketName: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly seed: ChunkSeed;
  /** x-amz-content-sha256: a hash, UNSIGNED-PAYLOAD, or the name of a streaming form. */
  readonly payloadSha256: string;
  /** A header, or the x-amz-* parameter that a presigned URL carries in its place. */
  readonly header: (name: string) => string | undefined;
};

/** What goes back: a body in text, or a slice of a file that is streamed. */
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly file?: { readonly path: string; readonly start: number; readonly end: number };
};

export type Operation = (call: Call) => Promise<Reply> | Reply;

export function bucketOf(call: Call): Bucket {
  return existingBucket(call, call.bucketName);
}

export function existingBucket(call: Call, name: string): Bucket {
  const bucket = call.store.bucket(name);
  if (!bucket) throw new S3Error('NoSuchBucket', 'The specified bucket does not exist');
  // "If the account ID that you provide does not match the actual owner of the bucket, the request fails with 403"
  const expectedOwner = call.header('x-amz-expected-bucket-owner');
  if (expectedOwner !== undefined && expectedOwner !== call.accountId) {
    throw new S3Error('AccessDenied', 'Access Denied');
  }
  return bucket;
}

/**
 * The version that a read means: the one named, or the newest. Throws as S3 does: 404 for what is not there, and for a
 * delete marker 404 where it is the newest, 405 where it was named (API Reference, GetObject).
 */
export function readableVersion(bucket: Bucket, key: string, versionId: string | undefined): VersionRecord {
  const version = versionId === undefined ? bucket.objects.current(key) : bucket.objects.find(key, versionId);
  if (version === undefined) {
    if (versionId === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.');
  }
  if (!version.deleteMarker) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.', headers);
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    ...headers,
    allow: 'DELETE',
  });
}

/** The id that S3 shows, which it does only in buckets that have or had versioning. */
export function shownVersionId(bucket: Bucket, version: VersionRecord): string | undefined {
  return bucket.record.versioning === 'Off' ? undefined : version.versionId;
}

/** Headers without those that are undefined. */
export function definedHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}
