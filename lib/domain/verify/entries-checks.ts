import { diffEntries } from './diff-entries.ts';
import type { ScannedEntries } from './entries-object.ts';
import type { Finding } from './findings.ts';
import type { EntriesRow } from './inventory.ts';
import { entriesKey, HOUR_MS } from './object-name.ts';
import type { StoredLog } from './stored-log.ts';

/** The clocks of the functions that make entries, of the writer and of S3 may differ by this much. */
const CLOCKS_MS = 60_000;

/** Objects that begin at the same index: one, or one and what somebody put beside it. */
export type Candidates = {
  readonly rows: readonly EntriesRow[];
  /** Where the next object begins, or else the signed log ends; absent beyond it. */
  readonly end: number | undefined;
};

export type ScannedRow = { readonly row: EntriesRow; readonly scanned: ScannedEntries | undefined };

/** The rows that begin at the same index together, with the end that each must have. */
export function* candidatesOf(rows: readonly EntriesRow[], signedSize: number): Generator<Candidates> {
  let group: EntriesRow[] = [];
  for (const row of rows) {
    const [{ first } = row] = group;
    if (row.first !== first) {
      yield { rows: group, end: first < signedSize ? Math.min(row.first, signedSize) : row.first };
      group = [];
    }
    group.push(row);
  }
  const [last] = group;
  if (last !== undefined) yield { rows: group, end: last.first < signedSize ? signedSize : undefined };
}

/**
 * Checks that the hour in a key can be the one in which the writer fixed it: the oldest entry waited then, the object
 * was not yet written, and the object before it had its key (docs/log-format.md, Entries).
 */
export class HourChecks {
  readonly #report: (finding: Finding) => void;
  #before: EntriesRow | undefined;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  check(row: EntriesRow, oldestAt: number): void {
    const { hour, lastModified } = row;
    const tooEarly = oldestAt - CLOCKS_MS >= hour + HOUR_MS;
    const tooLate = hour > lastModified + CLOCKS_MS;
    const before = this.#before;
    const disordered =
      before !== undefined && hour < before.hour && before.lastModified > before.hour + CLOCKS_MS;
    if (tooEarly || tooLate || disordered) {
      const detail = `its first entry is of ${iso(oldestAt)}, it was written at ${iso(lastModified)}`;
      this.#report({ code: 'KEY_MOVED', key: entriesKey(row), index: row.first, detail });
    } else {
      this.#before = row;
    }
  }
}

/**
 * Says which of the objects that begin at one index is the log's: the one that holds what the tiles say.
 *
 * @returns its place among them, and the leaf hashes to go on with; those of the tiles where no object fits.
 */
export async function arbitrate(
  log: StoredLog,
  { end, isBoundary, scannedRows }: Arbitration,
): Promise<{
  readonly chosen: number;
  readonly leaves: Buffer | undefined;
  readonly difference?: Difference;
}> {
  const first = scannedRows[0]?.row.first ?? 0;
  for (const [chosen, { scanned }] of scannedRows.entries()) {
    if (scanned === undefined) continue;
    const logged = await log.leaves(first, first + scanned.count);
    const stopsAt = first + scanned.count;
    const whole = end === undefined || stopsAt >= end || isBoundary(stopsAt);
    if (whole && logged?.equals(scanned.hashes)) return { chosen, leaves: scanned.hashes };
  }
  const logged = end === undefined ? undefined : await log.leaves(first, end);
  const chosen = Math.max(
    0,
    scannedRows.findIndex(({ scanned }) => scanned !== undefined),
  );
  const has = scannedRows[chosen]?.scanned?.hashes;
  if (logged === undefined || has === undefined) return { chosen, leaves: logged ?? has };
  const difference = diffEntries(first, has, logged);
  return { chosen, leaves: logged, ...(difference === undefined ? {} : { difference }) };
}

export type Arbitration = {
  readonly scannedRows: readonly ScannedRow[];
  readonly end: number | undefined;
  /** Whether an object can end there: a checkpoint is signed at the end of an object only. */
  readonly isBoundary: (size: number) => boolean;
};

type Difference = NonNullable<ReturnType<typeof diffEntries>>;

function iso(at: number): string {
  return Number.isNaN(at) ? 'no time' : new Date(at).toISOString();
}
