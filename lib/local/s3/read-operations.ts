import { bucketOf, type Call, definedHeaders, type Reply, readableVersion, shownVersionId } from './call.ts';
import { checksumHeader } from './checksums.ts';
import { type ByteRange, checkReadConditions, parseRange, quoteETag } from './conditions.ts';
import { S3Error } from './errors.ts';
import type { VersionRecord } from './records.ts';
import { type Bucket, bodyPath } from './store.ts';

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** GetObject and HeadObject: the same answer, whose body the server leaves out for HEAD. */
export function getObject(call: Call): Reply {
  if (call.query.has('partNumber'))
    throw new S3Error('NotImplemented', 'Reading by part number is not implemented.');
  const bucket = bucketOf(call);
  const version = readableVersion(bucket, call.key, call.query.get('versionId'));
  checkReadConditions(call.header, version);
  const range = parseRange(call.header('range'), version.size);
  const headers = definedHeaders({
    ...version.headers,
    ...overriddenHeaders(call),
    ...objectHeaders(bucket, version),
    ...(range ? rangeHeaders(range, version.size) : checksumHeaders(call, version)),
    'content-length': String(range ? range.end - range.start + 1 : version.size),
  });
  const { start, end } = range ?? { start: 0, end: version.size - 1 };
  return { status: range ? 206 : 200, headers, file: { path: bodyPath(bucket, version), start, end } };
}

function objectHeaders(bucket: Bucket, version: VersionRecord): Record<string, string | undefined> {
  const metadata = Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    ...Object.fromEntries(metadata),
    'accept-ranges': 'bytes',
    etag: quoteETag(version.eTag),
    'last-modified': new Date(version.lastModified).toUTCString(),
    'x-amz-version-id': shownVersionId(bucket, version),
    'x-amz-object-lock-mode': version.retention?.mode,
    'x-amz-object-lock-retain-until-date':
      version.retention && new Date(version.retention.until).toISOString(),
    'x-amz-object-lock-legal-hold':
      version.legalHold === undefined ? undefined : version.legalHold ? 'ON' : 'OFF',
  };
}

function rangeHeaders(range: ByteRange, size: number): Record<string, string> {
  return { 'content-range': `bytes ${range.start}-${range.end}/${size}` };
}

function checksumHeaders(call: Call, { checksum }: VersionRecord): Record<string, string> {
  if (checksum === undefined || call.header('x-amz-checksum-mode')?.toUpperCase() !== 'ENABLED') return {};
  return { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type };
}

function overriddenHeaders(call: Call): Record<string, string | undefined> {
  return Object.fromEntries(
    OVERRIDES.flatMap((name) => {
      const value = call.query.get(`response-${name}`);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
