import * as z from 'zod';
import { authorize } from './authorize.ts';
import { hasIntegrityHeader, receiveDocument } from './body.ts';
import { xmlReply } from './bucket-operations.ts';
import { bucketOf, type Call, definedHeaders, type Reply, shownVersionId } from './call.ts';
import { bareETag } from './conditions.ts';
import { S3Error } from './errors.ts';
import { refuseLockedDeletion } from './object-lock.ts';
import type { VersionRecord } from './records.ts';
import type { Bucket } from './store.ts';
import { document, element, optionalElement, parseDocument } from './xml.ts';

type Target = {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly eTag?: string | undefined;
};
type Deleted = { readonly deleteMarker: boolean; readonly versionId: string | undefined };

export function deleteObject(call: Call): Reply {
  const target = { key: call.key, versionId: call.query.get('versionId'), eTag: call.header('if-match') };
  const { deleteMarker, versionId } = deleteOne(call, target);
  return {
    status: 204,
    headers: definedHeaders({
      'x-amz-version-id': versionId,
      'x-amz-delete-marker': deleteMarker ? 'true' : undefined,
    }),
  };
}

const DeleteXml = z.object({
  Delete: z.object({
    Quiet: z.enum(['true', 'false']).optional(),
    // "The request can contain a list of up to 1,000 keys" (API Reference, DeleteObjects)
    Object: z
      .array(
        z.object({ Key: z.string().min(1), VersionId: z.string().optional(), ETag: z.string().optional() }),
      )
      .min(1)
      .max(1000),
  }),
});

export async function deleteObjects(call: Call): Promise<Reply> {
  if (!hasIntegrityHeader(call)) {
    throw new S3Error(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    );
  }
  const { Delete } = parseDocument(await receiveDocument(call, { ownChecksum: true }), DeleteXml);
  const results = Delete.Object.map(({ Key, VersionId, ETag }) =>
    deleteOrExplain(call, { key: Key, versionId: VersionId, eTag: ETag }),
  );
  // "Quiet mode: ... the response includes only keys where the delete operation encountered an error"
  const shown = results.filter(({ failed }) => failed || Delete.Quiet !== 'true');
  return xmlReply(
    document(
      'DeleteResult',
      shown.map(({ xml }) => xml),
    ),
  );
}

function deleteOrExplain(call: Call, target: Target): { failed: boolean; xml: string } {
  const named = [element('Key', target.key), optionalElement('VersionId', target.versionId)];
  try {
    const { deleteMarker, versionId } = deleteOne(call, target);
    const marker = deleteMarker
      ? [element('DeleteMarker', true), optionalElement('DeleteMarkerVersionId', versionId)]
      : [];
    return { failed: false, xml: element('Deleted', [...named, ...marker]) };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const explained = [element('Code', error.code), element('Message', error.message)];
    return { failed: true, xml: element('Error', [...named, ...explained]) };
  }
}

function deleteOne(call: Call, target: Target): Deleted {
  const bucket = bucketOf(call);
  const action = target.versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
  authorize(call, { action, key: target.key, keys: { 's3:versionid': target.versionId } });
  requireETag(bucket, target);
  const deleted =
    target.versionId === undefined
      ? deleteCurrent(call, bucket, target.key)
      : deleteVersion(call, bucket, { key: target.key, versionId: target.versionId });
  bucket.objects.noteDeletion(target.key, call.store.nextSequence());
  return deleted;
}

// "If versioning is enabled, a simple DELETE cannot permanently delete an object. Instead, Amazon S3 inserts a delete
// marker in the bucket, and that marker becomes the current version" (User Guide, Deleting object versions)
function deleteCurrent(call: Call, bucket: Bucket, key: string): Deleted {
  const { versioning } = bucket.record;
  if (versioning === 'Off') {
    const current = bucket.objects.current(key);
    if (current) call.store.remove(bucket, current);
    return { deleteMarker: false, versionId: undefined };
  }
  const marker: VersionRecord = {
    key,
    headers: {},
    metadata: {},
    versionId: versioning === 'Enabled' ? call.store.newId() : 'null',
    sequence: call.store.nextSequence(),
    deleteMarker: true,
    lastModified: call.now(),
    size: 0,
    eTag: '',
  };
  call.store.commit(bucket, marker);
  return { deleteMarker: true, versionId: marker.versionId };
}

function deleteVersion(call: Call, bucket: Bucket, target: { key: string; versionId: string }): Deleted {
  const version = bucket.objects.find(target.key, target.versionId);
  if (version === undefined) return { deleteMarker: false, versionId: target.versionId };
  const bypassGovernance = bypassesGovernance(call, target.key);
  refuseLockedDeletion(version, { now: call.now(), bypassGovernance });
  call.store.remove(bucket, version);
  return { deleteMarker: version.deleteMarker, versionId: shownVersionId(bucket, version) };
}

/** True where the request asks to bypass governance mode; throws where the policy denies it that. */
export function bypassesGovernance(call: Call, key: string): boolean {
  if (call.header('x-amz-bypass-governance-retention')?.toLowerCase() !== 'true') return false;
  authorize(call, { action: 's3:BypassGovernanceRetention', key });
  return true;
}

function requireETag(bucket: Bucket, target: Target): void {
  if (target.eTag === undefined) return;
  const current = bucket.objects.current(target.key);
  const exists = current !== undefined && !current.deleteMarker;
  if (exists && (target.eTag === '*' || bareETag(target.eTag) === current.eTag)) return;
  throw new S3Error(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold: If-Match',
  );
}
