import * as z from 'zod';
import { Entry, homesOf } from './entry.ts';

/** An entry that waits for the log, as it was written: `record` may hold more than this version of Dialguard knows. */
export type PendingEntry = {
  /** The key of the item that carries it. */
  readonly home: string;
  readonly entry: Entry;
  readonly record: Readonly<Record<string, unknown>>;
  /** Length of its text in UTF-16 code units. */
  readonly size: number;
};

/** Where an entry waits, for it to be cleared from there. */
export type PendingPlace = { readonly home: string; readonly id: string };

const JsonRecord = z.record(z.string(), z.unknown());

/**
 * Reads what an item holds under `pending.<id>`. Undefined if it is no entry, names itself otherwise than its place
 * does, waits where no writer puts it, or brings its own index: such a thing is left where it is, and alarmed.
 */
export function readPending({ home, id }: PendingPlace, stored: unknown): PendingEntry | undefined {
  if (typeof stored !== 'string') return undefined;
  const record = JsonRecord.safeParse(parseJson(stored));
  const entry = Entry.safeParse(record.data);
  if (!record.success || !entry.success || 'index' in record.data) return undefined;
  if (entry.data.id !== id || !homesOf(entry.data).includes(home)) return undefined;
  return { home, entry: entry.data, record: record.data, size: stored.length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
