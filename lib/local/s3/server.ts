import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Credentials } from '../sigv4.ts';
import { authorize } from './authorize.ts';
import { requireBucketName } from './bucket-operations.ts';
import type { ObjectCreated, Reply, S3Context } from './call.ts';
import { S3Error } from './errors.ts';
import { openCall } from './open-call.ts';
import type { BucketRecord, RetentionMode } from './records.ts';
import { findRoute } from './routes.ts';
import { Store } from './store.ts';
import { errorDocument } from './xml.ts';

export type LocalS3Options = {
  /** Where buckets are kept; made if it is not there. One process at a time. */
  readonly folder: string;
  readonly credentials: Credentials;
  readonly region: string;
  /** Epoch milliseconds; the clock of signatures, of Last-Modified and of retention. */
  readonly now: () => number;
  /** Told after each object has become visible. Must not throw: the object is there already. */
  readonly onObjectCreated?: (event: ObjectCreated) => void;
  /** The account that owns every bucket: 000000000000 unless told. */
  readonly accountId?: string;
};

export type BucketOptions = {
  readonly name: string;
  readonly versioned: boolean;
  /** Turns Object Lock on, with this default retention; versioning comes with it. */
  readonly objectLock?: { readonly mode: RetentionMode; readonly days: number };
  /** A bucket policy document; its Deny statements are enforced. */
  readonly policy?: unknown;
};

export type LocalS3 = {
  /** Answers one request of the S3 REST protocol, path style. Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /**
   * Makes a bucket, or brings an existing one to these settings and keeps its objects. Object Lock stays on once it
   * was on. Throws on a bad name and on a policy that cannot be evaluated.
   */
  createBucket(options: BucketOptions): void;
};

/** An S3 for one machine: objects on a folder, requests verified by Signature Version 4, Object Lock enforced. */
export function createLocalS3(options: LocalS3Options): LocalS3 {
  const { credentials } = options;
  const context: S3Context = {
    store: new Store(options.folder),
    region: options.region,
    accountId: options.accountId ?? '000000000000',
    now: options.now,
    onObjectCreated: options.onObjectCreated ?? (() => undefined),
  };
  return {
    handle: (request, response) => handle(context, credentials, { request, response }),
    createBucket: (bucket) => {
      requireBucketName(bucket.name);
      context.store.saveBucket(bucketRecord(bucket, context));
    },
  };
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

async function handle(context: S3Context, credentials: Credentials, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const requestId = context.store.newId().slice(0, 16).toUpperCase();
  response.setHeader('x-amz-request-id', requestId);
  // SDK clients set their clocks by this header; it must tell the same time as signatures are held against
  response.setHeader('date', new Date(context.now()).toUTCString());
  try {
    await answer(exchange, await run(context, credentials, request));
  } catch (error) {
    // the client went away, with its body or the answer's half-way; nobody is left to tell
    const gone = response.destroyed || (request.destroyed && !request.complete);
    if (gone || response.headersSent) response.destroy();
    else await answer(exchange, errorReply(error, request, requestId));
  } finally {
    // what was not read of a body would keep the connection from its next request
    request.resume();
  }
}

async function run(context: S3Context, credentials: Credentials, request: IncomingMessage): Promise<Reply> {
  const call = openCall(context, credentials, request);
  const route = findRoute(call);
  for (const action of route.actions(call)) authorize(call, { action });
  return route.run(call);
}

async function answer({ request, response }: Exchange, reply: Reply): Promise<void> {
  response.writeHead(reply.status, reply.headers);
  const { file } = reply;
  if (request.method === 'HEAD' || file === undefined || file.end < file.start) {
    response.end(request.method === 'HEAD' ? undefined : reply.body);
    return;
  }
  await pipeline(createReadStream(file.path, { start: file.start, end: file.end }), response);
}

function errorReply(error: unknown, request: IncomingMessage, requestId: string): Reply {
  if (!(error instanceof S3Error)) console.error(`local S3: request ${requestId} failed:`, error);
  const known =
    error instanceof S3Error ? error : new S3Error('InternalError', 'We encountered an internal error.');
  const resource = (request.url ?? '').split('?')[0] ?? '';
  const body =
    known.status === 304
      ? ''
      : errorDocument(known.code, known.message, { Resource: resource, RequestId: requestId });
  return { status: known.status, headers: { 'content-type': 'application/xml', ...known.headers }, body };
}

function bucketRecord(options: BucketOptions, context: S3Context): BucketRecord {
  const existing = context.store.bucket(options.name)?.record;
  const objectLock = options.objectLock !== undefined || existing?.objectLock === true;
  const { mode, days } = options.objectLock ?? {};
  return {
    name: options.name,
    createdAt: existing?.createdAt ?? context.now(),
    versioning:
      options.versioned || objectLock
        ? 'Enabled'
        : existing?.versioning === 'Off' || !existing
          ? 'Off'
          : 'Suspended',
    objectLock,
    ...(mode && days && { defaultRetention: { mode, unit: 'Days' as const, count: days } }),
    ...(options.policy !== undefined && { policy: options.policy }),
  };
}
