import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import { batchText } from '../../lib/domain/log/batch.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { homeOf } from '../../lib/domain/log/home.ts';
import { logObjectKey } from '../../lib/domain/log/object-key.ts';
import { readPending } from '../../lib/domain/log/pending.ts';

/** An entry, and where the log has it. */
export type Placed = {
  readonly entry: Entry;
  readonly index: number;
  readonly dt: string;
  readonly hh: string;
};
export type QueryLog = {
  readonly placed: readonly Placed[];
  /** Key of an entries object -> its text. */
  readonly objects: ReadonlyMap<string, string>;
};

/** How long after its making an entry is written. */
const MERGE_DELAY_MS = 30_000;

/** Logs entries as the writer does: by time, one object a minute, named by the minute in which it is begun. */
export function logOf(entries: readonly Entry[]): QueryLog {
  const minutes = Map.groupBy(
    entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    ({ at }) => Math.floor((Date.parse(at) + MERGE_DELAY_MS) / 60_000) * 60_000,
  );
  const placed: Placed[] = [];
  const objects = new Map<string, string>();
  for (const [minute, batch] of minutes) {
    const key = logObjectKey(placed.length, minute);
    const pending = batch.flatMap(
      (entry) => readPending({ home: homeOf(entry), id: entry.id }, canonicalJson(entry)) ?? [],
    );
    objects.set(key, batchText(placed.length, pending));
    const [, dt = '', hh = ''] = /dt=(.{10})\/hh=(..)\//.exec(key) ?? [];
    for (const entry of batch) placed.push({ entry, index: placed.length, dt, hh });
  }
  return { placed, objects };
}

/** Writes the objects below a folder, each under its key, as they are downloaded. */
export function writeLog(folder: string, { objects }: QueryLog): void {
  for (const [key, text] of objects) {
    const path = join(folder, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(text));
  }
}
