/** What holds many digits and is no number: days and times, UUIDs, digests, tokens, LIMIT. */
const HARMLESS: readonly RegExp[] = [
  /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z?)?(?![\d-])/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})\b/gi,
  /\b(?:h\.)?p[1-9]\d{0,5}\.[\w-]{22,43}/g,
  /\bLIMIT\s+\d+/gi,
];
/** Seven digits, in whatever grouping, can be a subscriber number. */
const LIKE_A_NUMBER = /\d(?:[\s().:_/-]*\d){6}/;
const LIKE_AN_ADDRESS = /[^\s'"@%]@[^\s'"@%]+\.[^\s'"@%]/;

/**
 * Whether a query may name a person in clear. The log holds tokens alone, so that such a query finds nothing, and leaves a
 * number in shell histories and in Athena's own record of queries.
 */
export function mayNameAPerson(sql: string): boolean {
  const rest = HARMLESS.reduce((text, harmless) => text.replaceAll(harmless, ' # '), sql);
  return LIKE_A_NUMBER.test(rest) || LIKE_AN_ADDRESS.test(rest);
}
