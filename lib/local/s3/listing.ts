/** Where a listing goes on: after a key, or after everything that a common prefix stands for. */
export type Cursor = { readonly after: string; readonly isPrefix: boolean };

export type ListingQuery = {
  readonly prefix: string;
  readonly delimiter: string;
  readonly cursor: Cursor | undefined;
  readonly maxKeys: number;
};

export type ListingPage = {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  /** Present where there is more. */
  readonly next: Cursor | undefined;
};

/**
 * One page of sorted keys. "Keys that begin with the indicated prefix" and hold the delimiter behind it roll up into
 * one common prefix, and "each rolled-up result counts as only one return against the MaxKeys value"
 * (Amazon S3 API Reference, ListObjectsV2). `accepts` leaves keys out that have nothing to show.
 */
export function listPage(
  sortedKeys: readonly string[],
  query: ListingQuery,
  accepts: (key: string) => boolean,
): ListingPage {
  const keys: string[] = [];
  const commonPrefixes: string[] = [];
  let last: Cursor | undefined = query.cursor;
  for (let i = firstIndex(sortedKeys, query); i < sortedKeys.length; i += 1) {
    const key = sortedKeys[i] ?? '';
    if (!key.startsWith(query.prefix)) break;
    if (isBehind(key, last) || !accepts(key)) continue;
    if (keys.length + commonPrefixes.length >= query.maxKeys) return { keys, commonPrefixes, next: last };
    const rolledUp = commonPrefixOf(key, query);
    if (rolledUp === undefined) keys.push(key);
    else commonPrefixes.push(rolledUp);
    last = rolledUp === undefined ? { after: key, isPrefix: false } : { after: rolledUp, isPrefix: true };
  }
  return { keys, commonPrefixes, next: undefined };
}

/** The prefix that a key rolls up into, if the query has a delimiter and the key holds it behind the prefix. */
export function commonPrefixOf(key: string, { prefix, delimiter }: ListingQuery): string | undefined {
  if (delimiter === '') return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

function isBehind(key: string, cursor: Cursor | undefined): boolean {
  if (cursor === undefined) return false;
  return compareUtf8(key, cursor.after) <= 0 || (cursor.isPrefix && key.startsWith(cursor.after));
}

function firstIndex(sortedKeys: readonly string[], { prefix, cursor }: ListingQuery): number {
  const from = cursor !== undefined && compareUtf8(cursor.after, prefix) > 0 ? cursor.after : prefix;
  let low = 0;
  let high = sortedKeys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareUtf8(sortedKeys[middle] ?? '', from) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Orders keys as S3 lists them: by the bytes of their UTF-8. */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
