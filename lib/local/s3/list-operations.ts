import * as z from 'zod';
import { encodePath } from '../request-target.ts';
import { xmlReply } from './bucket-operations.ts';
import { bucketOf, type Call, type Reply } from './call.ts';
import { quoteETag } from './conditions.ts';
import { S3Error } from './errors.ts';
import { type Cursor, commonPrefixOf, compareUtf8, type ListingQuery, listPage } from './listing.ts';
import type { VersionRecord } from './records.ts';
import type { Bucket } from './store.ts';
import { document, element, optionalElement } from './xml.ts';

const MAX_KEYS = 1000;
const CursorToken = z.object({ after: z.string(), isPrefix: z.boolean() });

export function listObjectsV2(call: Call): Reply {
  if (call.query.get('list-type') !== '2') {
    throw new S3Error('NotImplemented', 'ListObjects is not implemented; use ListObjectsV2.');
  }
  const bucket = bucketOf(call);
  const token = call.query.get('continuation-token');
  const startAfter = call.query.get('start-after');
  const query = listingQuery(call, token === undefined ? keyCursor(startAfter) : readToken(token));
  const page = listPage(
    bucket.objects.keys(),
    query,
    (key) => bucket.objects.current(key)?.deleteMarker === false,
  );
  const encode = keyEncoder(call);
  const contents = page.keys.flatMap((key) => {
    const version = bucket.objects.current(key);
    return version ? [element('Contents', objectElements(version, encode))] : [];
  });
  return xmlReply(
    document('ListBucketResult', [
      ...commonElements(call, query, encode),
      element('KeyCount', page.keys.length + page.commonPrefixes.length),
      optionalElement('ContinuationToken', token),
      optionalElement('StartAfter', startAfter && encode(startAfter)),
      element('IsTruncated', page.next !== undefined),
      optionalElement('NextContinuationToken', page.next && writeToken(page.next)),
      ...contents,
      ...page.commonPrefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))])),
    ]),
  );
}

export function listObjectVersions(call: Call): Reply {
  const bucket = bucketOf(call);
  const keyMarker = call.query.get('key-marker');
  const versionMarker = call.query.get('version-id-marker');
  const encode = keyEncoder(call);
  const query = listingQuery(call, undefined);
  const page = pageVersions(bucket, query, { keyMarker, versionMarker });
  return xmlReply(
    document('ListVersionsResult', [
      ...commonElements(call, query, encode),
      element('KeyMarker', encode(keyMarker ?? '')),
      element('VersionIdMarker', versionMarker ?? ''),
      element('IsTruncated', page.truncated),
      ...(page.truncated ? nextMarkers(page.entries.at(-1), encode) : []),
      ...page.entries.map((entry) =>
        'version' in entry
          ? versionElement(call, bucket, { version: entry.version, encode })
          : element('CommonPrefixes', [element('Prefix', encode(entry.commonPrefix))]),
      ),
    ]),
  );
}

type Entry = { readonly version: VersionRecord } | { readonly commonPrefix: string };
type Markers = { readonly keyMarker: string | undefined; readonly versionMarker: string | undefined };

/** Versions and rolled-up prefixes in the order of their keys, from behind the markers on. */
function* versionEntries(bucket: Bucket, query: ListingQuery, markers: Markers): Generator<Entry> {
  const { keyMarker, versionMarker } = markers;
  let rolledUp = keyMarker;
  for (const key of bucket.objects.keys()) {
    if (!key.startsWith(query.prefix)) continue;
    const commonPrefix = commonPrefixOf(key, query);
    if (commonPrefix !== undefined && commonPrefix === rolledUp) continue;
    const order = keyMarker === undefined ? 1 : compareUtf8(key, keyMarker);
    if (order < 0) continue;
    if (commonPrefix !== undefined) yield { commonPrefix };
    else
      yield* (order === 0 ? versionsAfter(bucket, key, versionMarker) : bucket.objects.versionsOf(key)).map(
        asEntry,
      );
    rolledUp = commonPrefix;
  }
}

function pageVersions(
  bucket: Bucket,
  query: ListingQuery,
  markers: Markers,
): { entries: Entry[]; truncated: boolean } {
  const entries: Entry[] = [];
  for (const entry of versionEntries(bucket, query, markers)) {
    if (entries.length >= query.maxKeys) return { entries, truncated: entries.length > 0 };
    entries.push(entry);
  }
  return { entries, truncated: false };
}

function asEntry(version: VersionRecord): Entry {
  return { version };
}

function versionsAfter(bucket: Bucket, key: string, versionId: string | undefined): readonly VersionRecord[] {
  const versions = bucket.objects.versionsOf(key);
  const place = versions.findIndex((version) => version.versionId === versionId);
  return place === -1 ? [] : versions.slice(place + 1);
}

function nextMarkers(last: Entry | undefined, encode: KeyEncoder): (string | undefined)[] {
  if (last === undefined) return [];
  if ('commonPrefix' in last) return [element('NextKeyMarker', encode(last.commonPrefix))];
  return [
    element('NextKeyMarker', encode(last.version.key)),
    element('NextVersionIdMarker', last.version.versionId),
  ];
}

function versionElement(
  call: Call,
  bucket: Bucket,
  shown: { version: VersionRecord; encode: KeyEncoder },
): string {
  const { version, encode } = shown;
  const common = [
    element('VersionId', version.versionId),
    element('IsLatest', bucket.objects.current(version.key) === version),
    element('Owner', [element('ID', call.accountId)]),
  ];
  if (!version.deleteMarker) return element('Version', [...objectElements(version, encode), ...common]);
  const marker = [
    element('Key', encode(version.key)),
    element('LastModified', new Date(version.lastModified).toISOString()),
  ];
  return element('DeleteMarker', [...marker, ...common]);
}

function objectElements(version: VersionRecord, encode: KeyEncoder): (string | undefined)[] {
  return [
    element('Key', encode(version.key)),
    element('LastModified', new Date(version.lastModified).toISOString()),
    element('ETag', quoteETag(version.eTag)),
    optionalElement('ChecksumAlgorithm', version.checksum?.algorithm),
    optionalElement('ChecksumType', version.checksum?.type),
    element('Size', version.size),
    element('StorageClass', 'STANDARD'),
  ];
}

function commonElements(call: Call, query: ListingQuery, encode: KeyEncoder): (string | undefined)[] {
  return [
    element('Name', call.bucketName),
    element('Prefix', encode(query.prefix)),
    element('MaxKeys', query.maxKeys),
    query.delimiter === '' ? undefined : element('Delimiter', encode(query.delimiter)),
    optionalElement('EncodingType', call.query.get('encoding-type')),
  ];
}

function listingQuery(call: Call, cursor: Cursor | undefined): ListingQuery {
  const maxKeys = Number(call.query.get('max-keys') ?? MAX_KEYS);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new S3Error('InvalidArgument', 'Argument max-keys must be an integer between 0 and 2147483647');
  }
  const { query } = call;
  const prefix = query.get('prefix') ?? '';
  return { prefix, delimiter: query.get('delimiter') ?? '', cursor, maxKeys: Math.min(maxKeys, MAX_KEYS) };
}

function keyCursor(startAfter: string | undefined): Cursor | undefined {
  return startAfter === undefined ? undefined : { after: startAfter, isPrefix: false };
}

function writeToken(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readToken(token: string): Cursor {
  try {
    return CursorToken.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect');
  }
}

type KeyEncoder = (key: string) => string;

function keyEncoder(call: Call): KeyEncoder {
  const encoding = call.query.get('encoding-type');
  if (encoding === undefined) return (key) => key;
  if (encoding !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid Encoding Method specified in Request');
  return encodePath;
}
