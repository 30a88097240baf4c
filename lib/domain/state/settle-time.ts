/** How far ahead of the server's clock another clock may be before its word is no longer taken for an honest error. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * The time from which a statement counts: what was stated, but never later than its arrival, so that no statement
 * outranks one that is made after it. `futureDated`: the stated time is beyond any honest clock error, and the caller
 * decides whether the statement is taken at all. Epoch milliseconds.
 */
export function settleTime(
  statedAt: number | undefined,
  receivedAt: number,
): { readonly effectiveAt: number; readonly futureDated: boolean } {
  const stated = statedAt ?? receivedAt;
  return { effectiveAt: Math.min(stated, receivedAt), futureDated: stated > receivedAt + CLOCK_SKEW_MS };
}
