import { S3Error } from './errors.ts';
import type { BucketRecord, DefaultRetention, Retention, VersionRecord } from './records.ts';

// Quotations are from the Amazon S3 User Guide: [OL] Locking objects with Object Lock (object-lock.html), [OLM] Object
// Lock considerations (object-lock-managing.html), [OLC] Configuring S3 Object Lock (object-lock-configure.html).

const DAY_MS = 86_400_000;

/** What a request is held against: the clock in epoch milliseconds, and x-amz-bypass-governance-retention. */
export type LockContext = { readonly now: number; readonly bypassGovernance: boolean };

/** What an upload asks for its version. */
export type RequestedLock = {
  readonly retention?: Retention | undefined;
  readonly legalHold?: boolean | undefined;
};

/**
 * The lock that a new version gets. Throws where an upload asks for one in a bucket that has no Object Lock.
 * [OL] "If you configure a default retention period on a bucket, ... Object Lock ... calculates a retain until date by
 * adding the specified duration to the object version's creation timestamp"; [OL] "An object version's own retention
 * setting overrides the bucket's default".
 */
export function lockOfNewVersion(bucket: BucketRecord, asked: RequestedLock, now: number): RequestedLock {
  requireObjectLock(bucket, asked);
  if (asked.retention) requireFuture(asked.retention.until, now);
  const retention =
    asked.retention ?? (bucket.defaultRetention && startRetention(bucket.defaultRetention, now));
  return {
    ...(retention && { retention }),
    ...(asked.legalHold !== undefined && { legalHold: asked.legalHold }),
  };
}

/**
 * Throws AccessDenied where a lock keeps a version from being removed for good. A simple DELETE never comes here:
 * [OLM] "Delete markers are not WORM-protected, regardless of any retention period or legal hold in place on the
 * underlying object", and a delete without a version id removes nothing.
 */
export function refuseLockedDeletion(version: VersionRecord, context: LockContext): void {
  // [OL] "A legal hold provides the same protection as a retention period, but it has no expiration date. Instead, a
  // legal hold remains in place until you explicitly remove it."
  if (version.legalHold === true) throw locked();
  const retention = activeRetention(version.retention, context.now);
  if (retention === undefined) return;
  // [OL] "In compliance mode, a protected object version can't be overwritten or deleted by any user, including the
  // root user in your AWS account."
  if (retention.mode === 'COMPLIANCE') throw locked();
  // [OL] "To override or remove governance-mode retention settings, you must have the s3:BypassGovernanceRetention
  // permission and must explicitly include x-amz-bypass-governance-retention:true as a request header".
  if (!context.bypassGovernance) throw locked();
}

/** Throws AccessDenied where a lock may not be changed into `next`; `undefined` asks to remove it. */
export function refuseRetentionChange(
  version: VersionRecord,
  next: Retention | undefined,
  context: LockContext,
): void {
  if (next) requireFuture(next.until, context.now);
  const current = activeRetention(version.retention, context.now);
  if (current === undefined) return;
  // [OL] "You can extend a retention period ... by submitting a new lock request for the object version".
  if (next?.mode === current.mode && next.until >= current.until) return;
  // [OL] "When an object is locked in compliance mode, its retention mode can't be changed, and its retention period
  // can't be shortened."
  if (current.mode === 'COMPLIANCE') throw locked();
  // [OL] "In governance mode, users can't overwrite or delete an object version or alter its lock settings unless they
  // have special permissions."
  if (!context.bypassGovernance) throw locked();
}

/** Throws where the bucket has no Object Lock but the request speaks of one. */
export function requireObjectLock(bucket: BucketRecord, asked: RequestedLock): void {
  if (bucket.objectLock || (asked.retention === undefined && asked.legalHold === undefined)) return;
  throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** [OLC] "After you enable Object Lock on a bucket, you can't disable Object Lock or suspend versioning for that bucket." */
export function refuseSuspension(bucket: BucketRecord): void {
  if (!bucket.objectLock) return;
  throw new S3Error(
    'InvalidBucketState',
    'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
  );
}

/** [OLC] "Before you lock any objects, you must enable S3 Versioning and Object Lock on a general purpose bucket." */
export function requireVersioning(bucket: BucketRecord): void {
  if (bucket.versioning === 'Enabled') return;
  throw new S3Error(
    'InvalidBucketState',
    "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
  );
}

function startRetention(rule: DefaultRetention, now: number): Retention {
  if (rule.unit === 'Days') return { mode: rule.mode, until: now + rule.count * DAY_MS };
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + rule.count);
  return { mode: rule.mode, until: end.getTime() };
}

// [OL] "After the retention period expires, the object version can be overwritten or deleted."
function activeRetention(retention: Retention | undefined, now: number): Retention | undefined {
  return retention !== undefined && now < retention.until ? retention : undefined;
}

function requireFuture(until: number, now: number): void {
  if (until <= now) throw new S3Error('InvalidArgument', 'The retain until date must be in the future!');
}

function locked(): S3Error {
  return new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
}
