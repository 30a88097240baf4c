import * as z from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { parsedJson } from '../json.ts';
import { Entry } from './entry.ts';
import { homesOf } from './home.ts';

/** An entry that waits for the log, as it was written: `line` may hold more than this version of Dialguard knows. */
export type PendingEntry = {
  /** The key of the item that carries it. */
  readonly home: string;
  readonly entry: Entry;
  readonly line: UnnumberedLine;
  /** Length of its text in UTF-16 code units. */
  readonly size: number;
};

/** A line of the log without its index: the canonical JSON before the member `index`, and after it. */
export type UnnumberedLine = { readonly before: string; readonly after: string };

/** Where an entry waits, for it to be cleared from there. */
export type PendingPlace = { readonly home: string; readonly id: string };

const JsonRecord = z.record(z.string(), z.unknown());

/**
 * Reads what an item holds under `pending.<id>`. Undefined if it is no entry, names itself otherwise than its place
 * does, waits where no writer puts it, or brings its own index: such a thing is left where it is, and alarmed.
 */
export function readPending({ home, id }: PendingPlace, stored: unknown): PendingEntry | undefined {
  if (typeof stored !== 'string') return undefined;
  const record = JsonRecord.safeParse(parsedJson(stored));
  const entry = Entry.safeParse(record.data);
  if (!record.success || !entry.success || 'index' in record.data) return undefined;
  if (entry.data.id !== id || !homesOf(entry.data).includes(home)) return undefined;
  const line = unnumberedLine(stored, record.data);
  return { home, entry: entry.data, line, size: stored.length };
}

/** The line of the log, without its line feed, whose RFC 6962 leaf hash the log commits to: canonical JSON (RFC 8785). */
export function numberedLine({ before, after }: UnnumberedLine, index: number): string {
  return `${before}"index":${index}${after}`;
}

/** Cuts the text where canonical JSON has the member `index`, so that numbering an entry is no work of its own. */
function unnumberedLine(stored: string, record: Readonly<Record<string, unknown>>): UnnumberedLine {
  // Nearly always the text is canonical, which is far cheaper to see than to bring about.
  const isCanonical = isSorted(record) && JSON.stringify(record) === stored;
  const text = isCanonical ? stored : canonicalJson(record);
  // Every entry has members on both sides: `id` before the index, `kind` after it.
  const last = Object.fromEntries(Object.entries(record).filter(([name]) => name > 'index'));
  const after = (isCanonical ? JSON.stringify(last) : canonicalJson(last)).slice(1);
  return { before: text.slice(0, text.length - after.length), after: `,${after}` };
}

/** Whether all members of all objects within are in the order of RFC 8785, section 3.2.3: by UTF-16 code units. */
function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last = '';
  for (const [name, member] of Object.entries(value)) {
    if (name < last || !isSorted(member)) return false;
    last = name;
  }
  return true;
}
