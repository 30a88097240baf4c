import type { Call } from './call.ts';
import { ChecksumAlgorithm } from './checksums.ts';
import { S3Error } from './errors.ts';
import { type ObjectDescription, RetentionMode } from './records.ts';

const STORED_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
];
const METADATA_PREFIX = 'x-amz-meta-';
// "the user-defined metadata is limited to 2 KB in size" (Amazon S3 User Guide, Working with object metadata)
const MAX_METADATA_BYTES = 2048;

// What would change where or how an object is kept, and is not done here: refused, not passed over.
const REFUSED_HEADERS = [
  'x-amz-acl',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
];

/** What the headers of an upload say of the object. Throws NotImplemented on headers that are not honoured. */
export function describeObject(call: Call): ObjectDescription {
  const refused = REFUSED_HEADERS.find(
    (name) => call.header(name) !== undefined && call.header(name) !== 'STANDARD',
  );
  if (refused !== undefined) {
    throw new S3Error(
      'NotImplemented',
      `A header you provided implies functionality that is not implemented: ${refused}`,
    );
  }
  return { headers: storedHeaders(call), metadata: userMetadata(call), ...requestedLock(call) };
}

/** What x-amz-object-lock-* ask for. Throws where only one of mode and date is given. */
export function requestedLock(call: Call): Pick<ObjectDescription, 'retention' | 'legalHold'> {
  const mode = call.header('x-amz-object-lock-mode');
  const until = call.header('x-amz-object-lock-retain-until-date');
  const hold = call.header('x-amz-object-lock-legal-hold');
  if ((mode === undefined) !== (until === undefined)) {
    throw new S3Error(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  return {
    ...(mode !== undefined && until !== undefined && { retention: readRetention(mode, until) }),
    ...(hold !== undefined && { legalHold: readLegalHold(hold) }),
  };
}

/** The algorithm that x-amz-checksum-algorithm names, if it is there. Throws InvalidRequest. */
export function requestedAlgorithm(call: Call): ChecksumAlgorithm | undefined {
  const known = ChecksumAlgorithm.optional().safeParse(
    call.header('x-amz-checksum-algorithm')?.toUpperCase(),
  );
  if (known.success) return known.data;
  throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
}

/** Reads a mode and an ISO 8601 date. Throws InvalidArgument. */
export function readRetention(mode: string, untilIso: string) {
  const until = Date.parse(untilIso);
  const known = RetentionMode.safeParse(mode);
  if (!known.success) throw new S3Error('InvalidArgument', 'Unknown wormMode directive.');
  if (Number.isNaN(until)) throw new S3Error('InvalidArgument', 'The retain until date is not ISO 8601.');
  return { mode: known.data, until };
}

/** Reads ON or OFF. Throws InvalidArgument. */
export function readLegalHold(status: string): boolean {
  if (status !== 'ON' && status !== 'OFF') {
    throw new S3Error('InvalidArgument', 'Legal Hold must be either of: ON, OFF');
  }
  return status === 'ON';
}

function storedHeaders(call: Call): Record<string, string> {
  const headers = Object.fromEntries(
    STORED_HEADERS.flatMap((name) => {
      const value = call.header(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  // "aws-chunked" tells how the body travelled, not what it is; S3 does not store it
  const encodings = (call.header('content-encoding') ?? '').split(',').map((one) => one.trim());
  const encoding = encodings.filter((one) => one !== '' && one !== 'aws-chunked').join(',');
  return {
    'content-type': 'application/octet-stream',
    ...headers,
    ...(encoding !== '' && { 'content-encoding': encoding }),
  };
}

function userMetadata(call: Call): Record<string, string> {
  const inHeaders = Object.entries(call.request.headers).map(
    ([name, value]) => [name, String(value)] as const,
  );
  const inQuery = [...call.query].map(([name, value]) => [name.toLowerCase(), value] as const);
  const entries = [...inQuery, ...inHeaders]
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value] as const);
  const bytes = entries.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  }
  return Object.fromEntries(entries);
}
