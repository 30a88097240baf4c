import { randomUUID } from 'node:crypto';
import type { AwsAccount } from '../aws-service.ts';

/** An event before it has its envelope. */
export type EventEntry = {
  readonly source: string;
  readonly detailType: string;
  /** JSON text of an object; it is passed on as it stands, so that no number loses its precision. */
  readonly detail: string;
  readonly resources: readonly string[];
  /** Epoch milliseconds. */
  readonly time: number;
};

export type EnvelopedEvent = { readonly id: string; readonly json: string };

/** The event as targets get it (Amazon EventBridge User Guide, "AWS service events"). */
export function envelope(account: AwsAccount, entry: EventEntry): EnvelopedEvent {
  const id = randomUUID();
  const head = JSON.stringify({
    version: '0',
    id,
    'detail-type': entry.detailType,
    source: entry.source,
    account: account.accountId,
    time: new Date(entry.time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: account.region,
    resources: entry.resources,
  });
  return { id, json: `${head.slice(0, -1)},"detail":${entry.detail}}` };
}

export type ObjectCreated = {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly versionId?: string | undefined;
  readonly reason: 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';
  /** Epoch milliseconds. */
  readonly time: number;
};

/** The event that a bucket with EventBridge notifications sends to the default bus (Amazon S3 User Guide, "EventBridge"). */
export function objectCreatedEvent(account: AwsAccount, created: ObjectCreated): EventEntry {
  const { bucket, key, size, etag, versionId, reason, time } = created;
  const detail = {
    version: '0',
    bucket: { name: bucket },
    object: {
      key,
      size,
      etag,
      ...(versionId === undefined ? {} : { 'version-id': versionId }),
      sequencer: sequencer(time),
    },
    'request-id': randomUUID(),
    requester: account.accountId,
    'source-ip-address': '127.0.0.1',
    reason,
  };
  return {
    source: 'aws.s3',
    detailType: 'Object Created',
    detail: JSON.stringify(detail),
    resources: [`arn:aws:s3:::${bucket}`],
    time,
  };
}

let lastSequence = 0;

// Grows with every event, so that two events of one key can be put in order.
function sequencer(time: number): string {
  lastSequence = Math.max(lastSequence + 1, time * 1000);
  return lastSequence.toString(16).toUpperCase().padStart(16, '0');
}
