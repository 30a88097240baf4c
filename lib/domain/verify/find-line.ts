import type { EntriesRow } from './inventory.ts';
import type { LogSource } from './log-source.ts';
import { entriesKey, HOUR_MS, readObjectName } from './object-name.ts';

/** By how much the clock that made an id may be ahead of the clock that named the objects. */
const CLOCKS_MS = 300_000;

export type FoundLine = { readonly index: number; readonly line: string };

/** The line of a decision, read as it lies there; undefined if the log has none made at `since` or later. */
export async function findDecisionLine(
  source: LogSource,
  decisionId: string,
  since: number,
): Promise<FoundLine | undefined> {
  const member = `"decisionId":${JSON.stringify(decisionId)}`;
  // An object is named by the hour in which it was begun, and is begun after its entries were made, but for clocks.
  const rows = (await entriesRows(source)).filter(({ hour }) => hour + HOUR_MS + CLOCKS_MS > since);
  for (const row of rows) {
    const lines = await linesOf(source, row);
    const at = lines.findIndex((line) => line.includes(member));
    if (at !== -1) return { index: row.first + at, line: lines[at] ?? '' };
  }
  return undefined;
}

/** The line at an index. */
export async function findLineAt(source: LogSource, index: number): Promise<FoundLine | undefined> {
  const row = (await entriesRows(source)).findLast(({ first }) => first <= index);
  if (row === undefined) return undefined;
  const line = (await linesOf(source, row))[index - row.first];
  return line === undefined ? undefined : { index, line };
}

type Row = Pick<EntriesRow, 'first' | 'hour'>;

async function entriesRows(source: LogSource): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { key } of source.versions('entries/')) {
    const name = readObjectName(key);
    if (name?.kind === 'ENTRIES') rows.push({ first: name.first, hour: name.hour });
  }
  return rows.sort((a, b) => a.first - b.first);
}

async function linesOf(source: LogSource, row: Row): Promise<readonly string[]> {
  const read = await source.read(entriesKey(row));
  const text = read.state === 'READ' ? await source.gunzip(read.bytes) : undefined;
  return text === undefined ? [] : text.toString('utf8').split('\n').slice(0, -1);
}
