import { S3Error } from './errors.ts';
import type { VersionRecord } from './records.ts';

export type HeaderReader = (name: string) => string | undefined;

/** What a conditional write is held against at the moment it would become visible. */
export type WriteMoment = {
  /** The newest version of the key, if there is any. */
  readonly current: VersionRecord | undefined;
  /** The key was deleted after the write began. */
  readonly deletedMeanwhile: boolean;
};

// Quotations: Amazon S3 User Guide, "How to prevent object overwrites with conditional writes" (conditional-writes.html).

/** Throws where If-None-Match or If-Match of a write do not hold. */
export function checkWriteConditions(header: HeaderReader, moment: WriteMoment): void {
  const ifNoneMatch = header('if-none-match');
  const ifMatch = header('if-match');
  if (ifNoneMatch === undefined && ifMatch === undefined) return;
  // "Expects the '*' (asterisk) character." (API Reference, PutObject)
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw notImplemented('If-None-Match');
  if (ifNoneMatch !== undefined && ifMatch !== undefined) throw notImplemented('If-Match');
  // "In versioned buckets, if there's no current object version with the same name, or if the current object version is
  // a delete marker, the write operation succeeds. Otherwise, it results in a failed write operation."
  const existing = moment.current?.deleteMarker === false ? moment.current : undefined;
  if (ifNoneMatch === '*' && existing !== undefined) throw failed('If-None-Match');
  // "if a delete request to an object succeeds before a conditional write operation to that object completes ... S3
  // returns a 409 Conflict"
  if (moment.deletedMeanwhile) {
    throw new S3Error(
      'ConditionalRequestConflict',
      'The conditional request cannot succeed due to a conflicting operation against this resource.',
    );
  }
  if (ifMatch === undefined) return;
  // "If there's no current object version with the same name, or if the current object version is a delete marker, the
  // operation fails with a 404 Not Found error."
  if (existing === undefined) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (!listsETag(ifMatch, existing.eTag)) throw failed('If-Match');
}

/**
 * Throws PreconditionFailed or NotModified where the conditions of a read do not hold, in the order of RFC 9110 13.2.2:
 * If-Match before If-Unmodified-Since, If-None-Match before If-Modified-Since. `prefix` is for copy sources.
 */
export function checkReadConditions(header: HeaderReader, version: VersionRecord, prefix = ''): void {
  const ifMatch = header(`${prefix}if-match`);
  const unmodifiedSince = parseDate(header(`${prefix}if-unmodified-since`));
  const ifNoneMatch = header(`${prefix}if-none-match`);
  const modifiedSince = parseDate(header(`${prefix}if-modified-since`));
  const modifiedSeconds = Math.floor(version.lastModified / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!listsETag(ifMatch, version.eTag)) throw failed('If-Match');
  } else if (unmodifiedSince !== undefined && modifiedSeconds > unmodifiedSince)
    throw failed('If-Unmodified-Since');
  const unchanged =
    ifNoneMatch === undefined
      ? modifiedSince !== undefined && modifiedSeconds <= modifiedSince
      : listsETag(ifNoneMatch, version.eTag);
  if (!unchanged) return;
  if (prefix !== '') throw failed(ifNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match');
  throw new S3Error('NotModified', 'Not Modified', { etag: quoteETag(version.eTag) });
}

/** First and last byte, both inclusive. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * Reads a Range header. Undefined where the whole object is meant: no header, another unit, or more than one range, as
 * "Amazon S3 doesn't support retrieving multiple ranges of data per GET request" (API Reference, GetObject). Throws
 * InvalidRange where it lies outside the object.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      'content-range': `bytes */${size}`,
    });
  }
  return { start, end };
}

/** An entity tag in the quotes that HTTP wants. */
export function quoteETag(eTag: string): string {
  return `"${eTag}"`;
}

/** An entity tag without its quotes, as clients send it either way. */
export function bareETag(eTag: string): string {
  return eTag.trim().replace(/^"|"$/g, '');
}

function listsETag(header: string, eTag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || bareETag(one) === eTag);
}

function parseDate(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? '');
  return Number.isNaN(at) ? undefined : at;
}

function failed(condition: string): S3Error {
  return new S3Error(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
  );
}

function notImplemented(header: string): S3Error {
  return new S3Error(
    'NotImplemented',
    `A header you provided implies functionality that is not implemented: ${header}`,
  );
}
