import type { Finding } from './findings.ts';
import type { LogSource, StoredVersion } from './log-source.ts';
import { type ObjectName, POINTER, readObjectName } from './object-name.ts';
import { TILE_WIDTH } from './tile-name.ts';

/** Rows are kept as plain numbers: a log of years has millions of objects, and a name each would not fit in memory. */
export type EntriesRow = {
  readonly first: number;
  readonly hour: number;
  readonly lastModified: number;
  /** The first 48 bits of the bytes' SHA-256, where the listing has it. */
  readonly digest: number | undefined;
};
export type CheckpointRow = {
  readonly size: number;
  readonly idleHour: number;
  readonly lastModified: number;
};

/** What the log has, by kind, each in the log's order. */
export type Inventory = {
  readonly objects: number;
  readonly entries: readonly EntriesRow[];
  readonly checkpoints: readonly CheckpointRow[];
  /** By level: where the tiles end, in hashes of that level, ascending. */
  readonly tileEnds: readonly (readonly number[])[];
  readonly policies: ReadonlySet<string>;
  readonly evidence: readonly string[];
  readonly hasVkey: boolean;
  readonly hasPointer: boolean;
  /** The version to verify of each key that has more than the one: the oldest, which is the one that was logged. */
  readonly originals: ReadonlyMap<string, string>;
};

type Report = (finding: Finding) => void;
type CheckVersion = (version: StoredVersion) => void;

/** Lists every version, says what may not lie there, and sorts the rest. `check` sees each version that may. */
export async function takeInventory(
  source: Pick<LogSource, 'versions'>,
  report: Report,
  check: CheckVersion,
): Promise<Inventory> {
  const collected = new Collected();
  for await (const versions of byKey(source.versions())) collected.take(versions, report, check);
  return collected.sorted();
}

/** The versions of each key together. */
async function* byKey(versions: AsyncIterable<StoredVersion>): AsyncGenerator<readonly StoredVersion[]> {
  let group: StoredVersion[] = [];
  for await (const version of versions) {
    if (group.length > 0 && group[0]?.key !== version.key) {
      yield group;
      group = [];
    }
    // Of the pointer, which has a version a minute, only that there is one matters here.
    const another = version.key === POINTER && group.some(({ deleteMarker }) => !deleteMarker);
    if (!another || version.deleteMarker) group.push(version);
  }
  if (group.length > 0) yield group;
}

function reportAll(
  versions: readonly StoredVersion[],
  code: 'STRAY_OBJECT' | 'NEW_VERSION',
  report: Report,
): void {
  for (const { key, versionId } of versions) report({ code, key, versionId });
}

class Collected {
  readonly #entries: EntriesRow[] = [];
  readonly #checkpoints: CheckpointRow[] = [];
  readonly #tileEnds: number[][] = [];
  readonly #policies = new Set<string>();
  readonly #evidence: string[] = [];
  readonly originals = new Map<string, string>();
  #objects = 0;
  #hasVkey = false;
  #hasPointer = false;

  /** All versions of one key, the newest first. */
  take(versions: readonly StoredVersion[], report: Report, check: CheckVersion): void {
    const real: StoredVersion[] = [];
    for (const version of versions) {
      const { key, versionId, deleteMarker } = version;
      if (deleteMarker) report({ code: 'DELETE_MARKER', key, versionId });
      else real.push(version);
    }
    const original = real.at(-1);
    const name = original === undefined ? undefined : readObjectName(original.key);
    if (original === undefined) return;
    if (name === undefined) {
      reportAll(real, 'STRAY_OBJECT', report);
      return;
    }
    this.#add(name, original);
    if (name.kind === 'POINTER') return;
    for (const version of real) check(version);
    reportAll(real.slice(0, -1), 'NEW_VERSION', report);
    if (versions.length > 1) this.originals.set(original.key, original.versionId);
  }

  #add(name: ObjectName, { key, lastModified, sha256 }: StoredVersion): void {
    this.#objects += 1;
    switch (name.kind) {
      case 'ENTRIES':
        this.#entries.push({
          first: name.first,
          hour: name.hour,
          lastModified,
          digest: sha256 === undefined ? undefined : digestOf(sha256),
        });
        break;
      case 'CHECKPOINT':
        this.#checkpoints.push({ size: name.size, idleHour: name.idleHour, lastModified });
        break;
      case 'TILE': {
        const { level, number, width } = name.tile;
        while (this.#tileEnds.length <= level) this.#tileEnds.push([]);
        this.#tileEnds[level]?.push(number * TILE_WIDTH + width);
        break;
      }
      case 'POLICY':
        this.#policies.add(name.hash);
        break;
      case 'EVIDENCE':
        this.#evidence.push(key);
        break;
      case 'VKEY':
        this.#hasVkey = true;
        break;
      case 'POINTER':
        this.#hasPointer = true;
    }
  }

  sorted(): Inventory {
    for (const ends of this.#tileEnds) ends.sort((a, b) => a - b);
    return {
      objects: this.#objects,
      entries: this.#entries.sort((a, b) => a.first - b.first || a.lastModified - b.lastModified),
      checkpoints: this.#checkpoints.sort((a, b) => a.size - b.size || a.idleHour - b.idleHour),
      tileEnds: this.#tileEnds,
      policies: this.#policies,
      evidence: this.#evidence,
      hasVkey: this.#hasVkey,
      hasPointer: this.#hasPointer,
      originals: this.originals,
    };
  }
}

/** The first 48 bits of a SHA-256 in hex: enough to tell bytes that have decayed. */
export function digestOf(sha256: string): number {
  return Number.parseInt(sha256.slice(0, 12), 16);
}
