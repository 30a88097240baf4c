import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { checkNote } from './checkpoint-checks.ts';
import type { Finding } from './findings.ts';
import type { CheckpointRow } from './inventory.ts';
import type { LogSource, StoredVersion } from './log-source.ts';
import { checkpointKey, hourOf, NOT_IDLE, POINTER } from './object-name.ts';
import type { OpenedLog } from './opened-log.ts';
import { readAhead } from './read-ahead.ts';

const VERSIONS_AHEAD = 16;
const VERSIONS_AT_A_TIME = 1000;
/** The writers' clocks differ by seconds, and one that was overtaken may be 55 seconds behind (docs/log-format.md). */
const CLOCKS_MS = 120_000;

export type PointerDeps = OpenedLog & {
  readonly source: Pick<LogSource, 'versions' | 'read'>;
};

type Report = (finding: Finding) => void;

/** Checks every version of the pointer: a copy of a checkpoint that is there, none older than the version before it. */
export async function checkPointer(deps: PointerDeps, report: Report): Promise<void> {
  if (!deps.inventory.hasPointer) report({ code: 'OBJECT_MISSING', key: POINTER });
  let newer: Checkpoint | undefined;
  for await (const { versionId, note } of notes(deps, report)) {
    const checkpoint = note && checkNote({ key: POINTER, note, signer: deps.signer }, report);
    if (note === undefined || checkpoint === undefined) continue;
    if (newer !== undefined && isAfter(checkpoint, newer)) {
      report({ code: 'POINTER_BACKWARDS', key: POINTER, versionId });
    }
    const place = await placeOfCopy(deps, { checkpoint, note, versionId }, report);
    // The pointer may be one run behind.
    const behind = deps.inventory.checkpoints.length - 1 - place;
    if (newer === undefined && behind > 1) {
      report({ code: 'POINTER_STALE', key: POINTER, versionId, detail: `${behind} checkpoints are newer` });
    }
    newer = checkpoint;
  }
}

/** The notes of all versions, the newest first. */
async function* notes({ source, log }: PointerDeps, report: Report) {
  const read = async ({ key, versionId, lastModified, lock }: StoredVersion) => {
    const version = await source.read(key, versionId);
    if (version.state !== 'READ') {
      report({ code: version.state === 'MISSING' ? 'OBJECT_MISSING' : 'BYTES_CHANGED', key, versionId });
      return { versionId, note: undefined };
    }
    log.checkLock(
      key,
      versionId,
      version.locked ?? (lock === undefined ? undefined : { lock, lastModified }),
    );
    return { versionId, note: version.bytes };
  };
  for await (const versions of inLots(source.versions(POINTER))) {
    yield* readAhead(versions, read, VERSIONS_AHEAD);
  }
}

async function* inLots(versions: AsyncIterable<StoredVersion>): AsyncGenerator<readonly StoredVersion[]> {
  let lot: StoredVersion[] = [];
  for await (const version of versions) {
    // What follows has the pointer's name as the beginning of its own.
    if (version.key !== POINTER) break;
    if (!version.deleteMarker) lot.push(version);
    if (lot.length < VERSIONS_AT_A_TIME) continue;
    yield lot;
    lot = [];
  }
  yield lot;
}

/** Where the checkpoint is that the pointer copies; the end of all, and reported, where there is none. */
async function placeOfCopy(
  { log, inventory, signer }: PointerDeps,
  version: { readonly checkpoint: Checkpoint; readonly note: Buffer; readonly versionId: string },
  report: Report,
): Promise<number> {
  const { size, time, root } = version.checkpoint;
  let missing: number = NOT_IDLE;
  for (const idleHour of [NOT_IDLE, hourOf(time)]) {
    const place = placeOf(inventory.checkpoints, { size, idleHour });
    const copy = place === -1 ? undefined : await log.peek(checkpointKey({ size, idleHour }));
    if (copy?.equals(version.note)) return place;
    if (copy === undefined) continue;
    // The first of its size is there: what is missing is a later one.
    missing = hourOf(time);
    const opened = openCheckpoint(copy, signer);
    if (opened.state === 'SIGNED' && !opened.checkpoint.root.equals(root)) {
      report({ code: 'FORK', key: POINTER, versionId: version.versionId, index: size });
      return Number.POSITIVE_INFINITY;
    }
  }
  report({ code: 'OBJECT_MISSING', key: checkpointKey({ size, idleHour: missing }) });
  return Number.POSITIVE_INFINITY;
}

function isAfter(a: Checkpoint, b: Checkpoint): boolean {
  return a.size > b.size || (a.size === b.size && a.time > b.time + CLOCKS_MS);
}

/** Where a row is among rows in order; -1 if it is not. */
function placeOf(
  rows: readonly CheckpointRow[],
  { size, idleHour }: Omit<CheckpointRow, 'lastModified'>,
): number {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const row = rows[middle];
    if (row === undefined) return -1;
    const order = row.size - size || row.idleHour - idleHour;
    if (order === 0) return middle;
    if (order < 0) from = middle + 1;
    else to = middle;
  }
  return -1;
}
