const HOUR_MS = 3_600_000;
const KEY = /^entries\/dt=(\d{4}-\d\d-\d\d)\/hh=(\d\d)\/(\d{12,})\.ndjson\.gz$/;

/** Where every entries object of the log lies. */
export const ENTRIES_PREFIX = 'entries/';

/**
 * The key of the object whose first entry has the index `first`, begun at `now` (epoch milliseconds). It does not say
 * how many entries follow: the writer must be able to fix it before it knows them (docs/adr/0003-audit-log-writer.md).
 */
export function logObjectKey(first: number, now: number): string {
  const at = new Date(now).toISOString();
  return `${entriesDayPrefix(now)}/hh=${at.slice(11, 13)}/${String(first).padStart(12, '0')}.ndjson.gz`;
}

/** What the keys of all objects have in common that were begun on the UTC day of `at` (epoch milliseconds). */
export function entriesDayPrefix(at: number): string {
  return `${ENTRIES_PREFIX}dt=${new Date(Math.max(0, at)).toISOString().slice(0, 10)}`;
}

export type LogObjectName = {
  readonly key: string;
  /** Index of the object's first entry. */
  readonly first: number;
  /** Epoch milliseconds of the hour in which the object was begun. */
  readonly hour: number;
};

/** Reads a key; undefined if no entries object is named so. */
export function readLogObjectKey(key: string): LogObjectName | undefined {
  const [, day, hour, first] = KEY.exec(key) ?? [];
  if (day === undefined || hour === undefined) return undefined;
  return { key, first: Number(first), hour: Date.parse(`${day}T${hour}:00:00Z`) };
}

/**
 * The objects, in the log's order, that can hold an entry made at `since` or later. An entry is written after it is
 * made, and an object that was begun in an earlier hour may have been written later: hence the one before.
 */
export function objectsSince(names: readonly LogObjectName[], since: number): readonly LogObjectName[] {
  const ordered = names.toSorted((a, b) => a.first - b.first);
  const hour = Math.floor(since / HOUR_MS) * HOUR_MS;
  const begunSince = ordered.findIndex((name) => name.hour >= hour);
  return begunSince === -1 ? ordered.slice(-1) : ordered.slice(Math.max(0, begunSince - 1));
}
