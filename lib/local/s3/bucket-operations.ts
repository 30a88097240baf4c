import * as z from 'zod';
import { receiveDocument } from './body.ts';
import { bucketOf, type Call, type Reply } from './call.ts';
import { S3Error } from './errors.ts';
import { refuseSuspension, requireVersioning } from './object-lock.ts';
import { type BucketRecord, type DefaultRetention, RetentionMode } from './records.ts';
import { document, element, parseDocument } from './xml.ts';

export function listBuckets(call: Call): Reply {
  const buckets = call.store.buckets.map(({ record }) =>
    element('Bucket', [
      element('Name', record.name),
      element('CreationDate', new Date(record.createdAt).toISOString()),
      element('BucketRegion', call.region),
    ]),
  );
  const owner = element('Owner', [element('ID', call.accountId)]);
  return xmlReply(document('ListAllMyBucketsResult', [owner, element('Buckets', buckets)]));
}

export function createBucket(call: Call): Reply {
  requireBucketName(call.bucketName);
  if (call.store.bucket(call.bucketName)) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  // "When you create a bucket with S3 Object Lock enabled, Amazon S3 automatically enables versioning"
  // (Amazon S3 User Guide, Configuring S3 Object Lock)
  const objectLock = call.header('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  call.store.saveBucket({
    name: call.bucketName,
    createdAt: call.now(),
    versioning: objectLock ? 'Enabled' : 'Off',
    objectLock,
  });
  return { status: 200, headers: { location: `/${call.bucketName}` } };
}

export function headBucket(call: Call): Reply {
  bucketOf(call);
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
}

export function deleteBucket(call: Call): Reply {
  const bucket = bucketOf(call);
  if (!bucket.objects.empty) {
    throw new S3Error(
      'BucketNotEmpty',
      'The bucket you tried to delete is not empty. You must delete all versions.',
    );
  }
  call.store.deleteBucket(bucket);
  return { status: 204 };
}

export function getBucketLocation(call: Call): Reply {
  bucketOf(call);
  // "Buckets in Region us-east-1 have a LocationConstraint of null" (API Reference, GetBucketLocation)
  return xmlReply(document('LocationConstraint', [call.region === 'us-east-1' ? '' : call.region]));
}

export function getBucketVersioning(call: Call): Reply {
  const { versioning } = bucketOf(call).record;
  return xmlReply(
    document('VersioningConfiguration', [versioning === 'Off' ? undefined : element('Status', versioning)]),
  );
}

const Versioning = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }),
});

export async function putBucketVersioning(call: Call): Promise<Reply> {
  const { Status } = parseDocument(
    await receiveDocument(call, { ownChecksum: true }),
    Versioning,
  ).VersioningConfiguration;
  const bucket = bucketOf(call);
  if (Status === 'Suspended') refuseSuspension(bucket.record);
  call.store.saveBucket({ ...bucket.record, versioning: Status });
  return { status: 200 };
}

export function getObjectLockConfiguration(call: Call): Reply {
  const { objectLock, defaultRetention } = bucketOf(call).record;
  if (!objectLock) {
    throw new S3Error(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    );
  }
  const rule = defaultRetention && [
    element('Mode', defaultRetention.mode),
    element(defaultRetention.unit, defaultRetention.count),
  ];
  return xmlReply(
    document('ObjectLockConfiguration', [
      element('ObjectLockEnabled', 'Enabled'),
      rule && element('Rule', [element('DefaultRetention', rule)]),
    ]),
  );
}

const count = z.coerce.number().int().positive().max(36_500);
const DefaultRetentionXml = z.union([
  z.object({ Mode: RetentionMode, Days: count, Years: z.undefined().optional() }),
  z.object({ Mode: RetentionMode, Years: count, Days: z.undefined().optional() }),
]);
const ObjectLockXml = z.object({
  ObjectLockConfiguration: z.object({
    ObjectLockEnabled: z.literal('Enabled'),
    Rule: z.object({ DefaultRetention: DefaultRetentionXml }).optional(),
  }),
});

export async function putObjectLockConfiguration(call: Call): Promise<Reply> {
  const text = await receiveDocument(call, { ownChecksum: true });
  const { Rule } = parseDocument(text, ObjectLockXml).ObjectLockConfiguration;
  const bucket = bucketOf(call);
  requireVersioning(bucket.record);
  const { defaultRetention: _replaced, ...kept } = bucket.record;
  const record: BucketRecord = { ...kept, objectLock: true };
  if (Rule) record.defaultRetention = readDefaultRetention(Rule.DefaultRetention);
  call.store.saveBucket(record);
  return { status: 200 };
}

/** Throws InvalidBucketName unless the name is one that S3 allows, which is also safe as a folder's name. */
export function requireBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..')) return;
  throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
}

/** An answer of 200 with a document. */
export function xmlReply(body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}

function readDefaultRetention(xml: z.infer<typeof DefaultRetentionXml>): DefaultRetention {
  return xml.Days === undefined
    ? { mode: xml.Mode, unit: 'Years', count: xml.Years }
    : { mode: xml.Mode, unit: 'Days', count: xml.Days };
}
