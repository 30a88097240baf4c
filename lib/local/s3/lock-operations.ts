import * as z from 'zod';
import { authorize, retentionKeys } from './authorize.ts';
import { receiveDocument } from './body.ts';
import { xmlReply } from './bucket-operations.ts';
import { bucketOf, type Call, definedHeaders, type Reply, readableVersion } from './call.ts';
import { bypassesGovernance } from './delete-operations.ts';
import { readLegalHold, readRetention } from './description.ts';
import { S3Error } from './errors.ts';
import { refuseRetentionChange } from './object-lock.ts';
import type { VersionRecord } from './records.ts';
import type { Bucket } from './store.ts';
import { document, element, parseDocument } from './xml.ts';

export function getObjectRetention(call: Call): Reply {
  const { retention } = lockable(call).version;
  if (!retention) throw noLock();
  return xmlReply(
    document('Retention', [
      element('Mode', retention.mode),
      element('RetainUntilDate', new Date(retention.until).toISOString()),
    ]),
  );
}

const RetentionXml = z.object({
  // an empty element asks to remove the retention, and reads as a text
  Retention: z.union([
    z.object({ Mode: z.string(), RetainUntilDate: z.string() }),
    z.string().transform(() => undefined),
  ]),
});

export async function putObjectRetention(call: Call): Promise<Reply> {
  const asked = parseDocument(await receiveDocument(call, { ownChecksum: true }), RetentionXml).Retention;
  authorize(call, {
    action: 's3:PutObjectRetention',
    keys: retentionKeys(asked?.Mode, asked?.RetainUntilDate, call.now()),
  });
  const { bucket, version } = lockable(call);
  const retention = asked && readRetention(asked.Mode, asked.RetainUntilDate);
  const bypassGovernance = bypassesGovernance(call, call.key);
  refuseRetentionChange(version, retention, { now: call.now(), bypassGovernance });
  const { retention: _replaced, ...kept } = version;
  call.store.commit(bucket, { ...kept, ...(retention && { retention }) });
  return { status: 200, headers: versionHeader(version) };
}

export function getObjectLegalHold(call: Call): Reply {
  const { legalHold } = lockable(call).version;
  if (legalHold === undefined) throw noLock();
  return xmlReply(document('LegalHold', [element('Status', legalHold ? 'ON' : 'OFF')]));
}

const LegalHoldXml = z.object({ LegalHold: z.object({ Status: z.string() }) });

export async function putObjectLegalHold(call: Call): Promise<Reply> {
  const { Status } = parseDocument(
    await receiveDocument(call, { ownChecksum: true }),
    LegalHoldXml,
  ).LegalHold;
  authorize(call, { action: 's3:PutObjectLegalHold', keys: { 's3:object-lock-legal-hold': Status } });
  const { bucket, version } = lockable(call);
  call.store.commit(bucket, { ...version, legalHold: readLegalHold(Status) });
  return { status: 200, headers: versionHeader(version) };
}

function lockable(call: Call): { bucket: Bucket; version: VersionRecord } {
  const bucket = bucketOf(call);
  if (!bucket.record.objectLock)
    throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  return { bucket, version: readableVersion(bucket, call.key, call.query.get('versionId')) };
}

function versionHeader(version: VersionRecord): Record<string, string> {
  return definedHeaders({ 'x-amz-version-id': version.versionId });
}

function noLock(): S3Error {
  return new S3Error(
    'NoSuchObjectLockConfiguration',
    'The specified object does not have a ObjectLock configuration',
  );
}
