/** Path and query of a request line. The path stays as it was sent; names and values of the query are decoded. */
export type RequestTarget = {
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
};

/**
 * Splits a request line's target without the URL class, which would fold `..` and re-encode: both would change what
 * was signed. A `+` is a plus sign, as AWS's clients write a space as %20. Throws URIError on a malformed escape.
 */
export function splitTarget(url: string): RequestTarget {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const pairs = mark === -1 ? [] : url.slice(mark + 1).split('&');
  return { path, query: pairs.filter((pair) => pair !== '').map(splitPair) };
}

/** RFC 3986 escapes as AWS signs them: everything but the unreserved characters, in upper-case hex. */
function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Escapes each segment of a path and keeps its slashes. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeRfc3986).join('/');
}

/** Escaped, then sorted by name and by value, as the canonical request wants it. */
export function canonicalQuery(query: RequestTarget['query']): string {
  const encoded = query.map(([name, value]) => [encodeRfc3986(name), encodeRfc3986(value)] as const);
  const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
  return encoded
    .toSorted((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function splitPair(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=');
  if (equals === -1) return [decodeURIComponent(pair), ''];
  return [decodeURIComponent(pair.slice(0, equals)), decodeURIComponent(pair.slice(equals + 1))];
}
