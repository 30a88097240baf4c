import * as buckets from './bucket-operations.ts';
import type { Call, Operation } from './call.ts';
import { deleteObject, deleteObjects } from './delete-operations.ts';
import { S3Error } from './errors.ts';
import { listObjectsV2, listObjectVersions } from './list-operations.ts';
import * as locks from './lock-operations.ts';
import * as multipart from './multipart.ts';
import { getObject } from './read-operations.ts';
import { copyObject, putObject } from './write-operations.ts';

export type Route = {
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** The query parameter that names the subresource; absent where the bucket or object itself is meant. */
  readonly subresource?: string;
  readonly when?: (call: Call) => boolean;
  /** What the bucket's policy must not deny. Empty where the operation asks itself, as it needs the body for it. */
  readonly actions: (call: Call) => readonly string[];
  readonly run: Operation;
};

const none = (): readonly string[] => [];
const needs = (action: string) => (): readonly string[] => [action];

// Required permissions: the "Permissions" section of each operation in the Amazon S3 API Reference.
const ROUTES: readonly Route[] = [
  { method: 'GET', on: 'service', actions: none, run: buckets.listBuckets },
  { method: 'PUT', on: 'bucket', actions: none, run: buckets.createBucket },
  { method: 'HEAD', on: 'bucket', actions: needs('s3:ListBucket'), run: buckets.headBucket },
  { method: 'DELETE', on: 'bucket', actions: needs('s3:DeleteBucket'), run: buckets.deleteBucket },
  { method: 'GET', on: 'bucket', actions: needs('s3:ListBucket'), run: listObjectsV2 },
  ...onSubresource('bucket', 'location', { GET: ['s3:GetBucketLocation', buckets.getBucketLocation] }),
  ...onSubresource('bucket', 'versioning', {
    GET: ['s3:GetBucketVersioning', buckets.getBucketVersioning],
    PUT: ['s3:PutBucketVersioning', buckets.putBucketVersioning],
  }),
  ...onSubresource('bucket', 'object-lock', {
    GET: ['s3:GetBucketObjectLockConfiguration', buckets.getObjectLockConfiguration],
    PUT: ['s3:PutBucketObjectLockConfiguration', buckets.putObjectLockConfiguration],
  }),
  ...onSubresource('bucket', 'versions', { GET: ['s3:ListBucketVersions', listObjectVersions] }),
  { method: 'POST', on: 'bucket', subresource: 'delete', actions: none, run: deleteObjects },
  { method: 'PUT', on: 'object', when: isCopy, actions: putActions, run: copyObject },
  { method: 'PUT', on: 'object', actions: putActions, run: putObject },
  { method: 'GET', on: 'object', actions: getActions, run: getObject },
  { method: 'HEAD', on: 'object', actions: getActions, run: getObject },
  { method: 'DELETE', on: 'object', actions: none, run: deleteObject },
  { method: 'PUT', on: 'object', subresource: 'retention', actions: none, run: locks.putObjectRetention },
  { method: 'PUT', on: 'object', subresource: 'legal-hold', actions: none, run: locks.putObjectLegalHold },
  ...onSubresource('object', 'retention', { GET: ['s3:GetObjectRetention', locks.getObjectRetention] }),
  ...onSubresource('object', 'legal-hold', { GET: ['s3:GetObjectLegalHold', locks.getObjectLegalHold] }),
  {
    method: 'POST',
    on: 'object',
    subresource: 'uploads',
    actions: putActions,
    run: multipart.createMultipartUpload,
  },
  { method: 'PUT', on: 'object', subresource: 'uploadId', actions: putActions, run: multipart.uploadPart },
  {
    method: 'POST',
    on: 'object',
    subresource: 'uploadId',
    actions: putActions,
    run: multipart.completeMultipartUpload,
  },
  ...onSubresource('object', 'uploadId', {
    DELETE: ['s3:AbortMultipartUpload', multipart.abortMultipartUpload],
    GET: ['s3:ListMultipartUploadParts', multipart.listParts],
  }),
  // Not implemented, but a policy's denial comes first, as it does at AWS.
  ...unimplemented('bucket', 'policy', ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']),
  ...unimplemented('bucket', 'lifecycle', ['s3:GetLifecycleConfiguration', 's3:PutLifecycleConfiguration']),
  ...unimplemented('bucket', 'replication', [
    's3:GetReplicationConfiguration',
    's3:PutReplicationConfiguration',
  ]),
  ...unimplemented('bucket', 'encryption', [
    's3:GetEncryptionConfiguration',
    's3:PutEncryptionConfiguration',
  ]),
  ...unimplemented('bucket', 'notification', ['s3:GetBucketNotification', 's3:PutBucketNotification']),
  ...unimplemented('bucket', 'ownershipControls', [
    's3:GetBucketOwnershipControls',
    's3:PutBucketOwnershipControls',
  ]),
  ...unimplemented('bucket', 'publicAccessBlock', [
    's3:GetBucketPublicAccessBlock',
    's3:PutBucketPublicAccessBlock',
  ]),
  ...unimplemented('bucket', 'logging', ['s3:GetBucketLogging', 's3:PutBucketLogging']),
  ...unimplemented('bucket', 'tagging', ['s3:GetBucketTagging', 's3:PutBucketTagging']),
  ...unimplemented('bucket', 'acl', ['s3:GetBucketAcl', 's3:PutBucketAcl']),
  ...unimplemented('bucket', 'cors', ['s3:GetBucketCORS', 's3:PutBucketCORS']),
  ...unimplemented('bucket', 'website', [
    's3:GetBucketWebsite',
    's3:PutBucketWebsite',
    's3:DeleteBucketWebsite',
  ]),
  ...unimplemented('bucket', 'uploads', ['s3:ListBucketMultipartUploads', 's3:ListBucketMultipartUploads']),
  ...unimplemented('object', 'tagging', [
    's3:GetObjectTagging',
    's3:PutObjectTagging',
    's3:DeleteObjectTagging',
  ]),
  ...unimplemented('object', 'acl', ['s3:GetObjectAcl', 's3:PutObjectAcl']),
  ...unimplemented('object', 'attributes', ['s3:GetObjectAttributes', 's3:GetObjectAttributes']),
];

const SUBRESOURCES = new Set(ROUTES.flatMap(({ subresource }) => subresource ?? []));

/** The route of a request. Throws MethodNotAllowed where there is none. */
export function findRoute(call: Call): Route {
  const { method } = call.request;
  const on = call.bucketName === '' ? 'service' : call.key === '' ? 'bucket' : 'object';
  const subresource = [...call.query.keys()].find((name) => SUBRESOURCES.has(name) && isNamedOn(on, name));
  const route = ROUTES.find(
    (one) =>
      one.method === method && one.on === on && one.subresource === subresource && (one.when?.(call) ?? true),
  );
  if (!route)
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  return route;
}

function isNamedOn(on: Route['on'], name: string): boolean {
  return ROUTES.some((route) => route.on === on && route.subresource === name);
}

type ByMethod = { readonly [method: string]: readonly [action: string, run: Operation] };

function onSubresource(on: Route['on'], subresource: string, byMethod: ByMethod): Route[] {
  return Object.entries(byMethod).map(([method, [action, run]]) => ({
    method,
    on,
    subresource,
    actions: needs(action),
    run,
  }));
}

function unimplemented(
  on: Route['on'],
  subresource: string,
  [read, write, remove = write]: readonly [read: string, write: string, remove?: string],
): Route[] {
  const run = (): never => {
    throw new S3Error('NotImplemented', `The subresource ${subresource} is not implemented by the local S3.`);
  };
  return onSubresource(on, subresource, { GET: [read, run], PUT: [write, run], DELETE: [remove, run] });
}

function isCopy(call: Call): boolean {
  return call.header('x-amz-copy-source') !== undefined;
}

function getActions(call: Call): readonly string[] {
  return [call.query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject'];
}

// "To successfully set the retention or the legal hold with your PutObject request, you must have the
// s3:PutObjectRetention, s3:PutObjectLegalHold" (Amazon S3 User Guide, Object Lock: required permissions)
function putActions(call: Call): readonly string[] {
  return [
    's3:PutObject',
    ...(call.header('x-amz-object-lock-mode') === undefined ? [] : ['s3:PutObjectRetention']),
    ...(call.header('x-amz-object-lock-legal-hold') === undefined ? [] : ['s3:PutObjectLegalHold']),
  ];
}
