import type { FindingCode } from './findings.ts';
import { HASH_BYTES } from './hash-tree.ts';

export type EntriesDifference = {
  readonly code: Extract<FindingCode, `ENTRY_${string}` | `ENTRIES_${string}`>;
  /** The first index where the two differ. */
  readonly index: number;
};

/**
 * What was done to a run of entries, told from the leaf hashes that it has and those that were logged; undefined where
 * they are the same.
 */
export function diffEntries(first: number, has: Buffer, logged: Buffer): EntriesDifference | undefined {
  const got = hashList(has);
  const expected = hashList(logged);
  const same = got.findIndex((hash, at) => hash !== expected[at]);
  const from = same === -1 ? Math.min(got.length, expected.length) : same;
  const tail = sameAtEnd(got.slice(from), expected.slice(from));
  const added = got.slice(from, got.length - tail);
  const removed = expected.slice(from, expected.length - tail);
  if (added.length === 0 && removed.length === 0) return undefined;
  return { code: codeOf(added, removed, new Set(expected)), index: first + from };
}

function codeOf(
  added: readonly string[],
  removed: readonly string[],
  logged: ReadonlySet<string>,
): EntriesDifference['code'] {
  if (added.length === 0) return 'ENTRY_DELETED';
  if (removed.length === 0) {
    return added.every((hash) => logged.has(hash)) ? 'ENTRY_DUPLICATED' : 'ENTRY_INSERTED';
  }
  const inner = added.slice(1, -1).every((hash, at) => hash === removed[at + 1]);
  const swapped = added.length > 1 && added[0] === removed.at(-1) && added.at(-1) === removed[0];
  return swapped && inner && added.length === removed.length ? 'ENTRIES_SWAPPED' : 'ENTRY_CHANGED';
}

function hashList(hashes: Buffer): readonly string[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, at) =>
    hashes.toString('latin1', at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

function sameAtEnd(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < Math.min(a.length, b.length) && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  return same;
}
