import { type Call, existingBucket } from './call.ts';
import { S3Error } from './errors.ts';
import type { RequestKeys } from './policy-conditions.ts';

const DAY_MS = 86_400_000;

export type Permission = {
  readonly action: string;
  /** The bucket and key asked for, where they are not the request's own. */
  readonly bucketName?: string;
  readonly key?: string;
  /** Condition keys that stand in the body, not in headers. */
  readonly keys?: RequestKeys;
};

/** Throws AccessDenied where the bucket's policy denies the action on the object, or on the bucket where key is ''. */
export function authorize(call: Call, permission: Permission): void {
  const bucketName = permission.bucketName ?? call.bucketName;
  const key = permission.key ?? call.key;
  const resource = `arn:aws:s3:::${bucketName}${key === '' ? '' : `/${key}`}`;
  const keys = { ...requestKeys(call), ...permission.keys };
  const denied = existingBucket(call, bucketName).policy.deniedBy({
    action: permission.action,
    resource,
    keys,
  });
  if (denied === undefined) return;
  throw new S3Error(
    'AccessDenied',
    `Not authorized to perform: ${permission.action} with an explicit deny in a resource-based policy: ${denied}`,
  );
}

/** The condition keys that a retention asked for in a header or a body stands for. */
export function retentionKeys(
  mode: string | undefined,
  untilIso: string | undefined,
  now: number,
): RequestKeys {
  const until = Date.parse(untilIso ?? '');
  return {
    's3:object-lock-mode': mode,
    's3:object-lock-retain-until-date': untilIso,
    // AWS does not say how it rounds; unrounded, a request for one millisecond under the limit is under the limit
    's3:object-lock-remaining-retention-days': Number.isNaN(until)
      ? undefined
      : String((until - now) / DAY_MS),
  };
}

function requestKeys(call: Call): RequestKeys {
  const multipart = call.query.has('uploads') || call.query.has('partNumber');
  return {
    // The local stack speaks plain HTTP on the loopback interface, in the place of TLS.
    'aws:securetransport': 'true',
    's3:tlsversion': '1.3',
    // the one key pair is the account's own
    'aws:principalarn': `arn:aws:iam::${call.accountId}:root`,
    'aws:principalisawsservice': 'false',
    's3:if-match': call.header('if-match'),
    's3:if-none-match': call.header('if-none-match'),
    's3:versionid': call.query.get('versionId'),
    's3:object-lock-legal-hold': call.header('x-amz-object-lock-legal-hold'),
    // "to exempt the CreateMultipartUpload, UploadPart, and UploadPartCopy operations, as these APIs don't accept
    // conditional headers" (User Guide, Enforce conditional writes on Amazon S3 buckets)
    's3:objectcreationoperation': String(!multipart),
    ...retentionKeys(
      call.header('x-amz-object-lock-mode'),
      call.header('x-amz-object-lock-retain-until-date'),
      call.now(),
    ),
  };
}
