import { hash } from 'node:crypto';
import { type ScannedEntries, scanEntries } from './entries-object.ts';
import type { Finding } from './findings.ts';
import { HASH_BYTES, HashTree } from './hash-tree.ts';
import { digestOf, type EntriesRow, type Inventory } from './inventory.ts';
import { lockFinding } from './locks.ts';
import type { DefaultLock, LogSource, ReadLock } from './log-source.ts';
import { entriesKey } from './object-name.ts';
import { edgeTiles, TILE_WIDTH, type TileName, tileKey } from './tile-name.ts';

export type StoredLogDeps = {
  readonly source: LogSource;
  readonly inventory: Inventory;
  readonly expectedLock: DefaultLock | undefined;
  readonly report: (finding: Finding) => void;
};

/** The objects of a log that were found, each read with what must hold of it by itself. */
export class StoredLog {
  readonly #deps: StoredLogDeps;

  constructor(deps: StoredLogDeps) {
    this.#deps = deps;
  }

  /** An object's bytes, its lock checked; undefined, and reported, if it is not there or has decayed. */
  async read(key: string): Promise<Buffer | undefined> {
    const versionId = this.#deps.inventory.originals.get(key);
    const read = await this.#deps.source.read(key, versionId);
    if (read.state === 'READ') {
      this.checkLock(key, versionId, read.locked);
      return read.bytes;
    }
    this.#deps.report({ code: read.state === 'MISSING' ? 'OBJECT_MISSING' : 'BYTES_CHANGED', key });
    return undefined;
  }

  /** An object's bytes, without a report: of what is read a second time, or is not known to be there. */
  async peek(key: string): Promise<Buffer | undefined> {
    const read = await this.#deps.source.read(key, this.#deps.inventory.originals.get(key));
    return read.state === 'READ' ? read.bytes : undefined;
  }

  /** The SHA-256 of an object, hex, in the same way. */
  async digest(key: string): Promise<string | undefined> {
    const versionId = this.#deps.inventory.originals.get(key);
    const read = await this.#deps.source.digest(key, versionId);
    if (read.state === 'READ') {
      this.checkLock(key, versionId, read.locked);
      return read.sha256;
    }
    this.#deps.report({ code: read.state === 'MISSING' ? 'OBJECT_MISSING' : 'BYTES_CHANGED', key });
    return undefined;
  }

  /** Reports what is wrong with the lock of a version that was read. */
  checkLock(key: string, versionId: string | undefined, locked: ReadLock | undefined): void {
    const { expectedLock, report } = this.#deps;
    if (locked === undefined || expectedLock === undefined) return;
    const finding = lockFinding({ key, versionId, ...locked }, expectedLock);
    if (finding !== undefined) report(finding);
  }

  /** The entries of an object, hashed; undefined, and reported, where they cannot be read. */
  async entries(row: EntriesRow): Promise<ScannedEntries | undefined> {
    const { source, report } = this.#deps;
    const key = entriesKey(row);
    const bytes = await this.read(key);
    if (bytes === undefined) return undefined;
    if (row.digest !== undefined && digestOf(hash('sha256', bytes)) !== row.digest) {
      report({ code: 'BYTES_CHANGED', key });
    }
    const text = await source.gunzip(bytes);
    const scanned = text === undefined ? undefined : scanEntries(text, row.first);
    if (scanned === undefined) report({ code: 'UNREADABLE', key, index: row.first });
    return scanned;
  }

  /** Leaf hashes as the tiles have them, from one index up to another; undefined where the tiles lack them. */
  async leaves(from: number, to: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / TILE_WIDTH);
      const begin = number * TILE_WIDTH;
      const end = this.#widestTile(number);
      const until = Math.min(to, begin + TILE_WIDTH);
      if (end === undefined || end < until) return undefined;
      const bytes = await this.#tile({ level: 0, number, width: end - begin });
      if (bytes === undefined) return undefined;
      parts.push(bytes.subarray((at - begin) * HASH_BYTES, (until - begin) * HASH_BYTES));
      at = until;
    }
    return Buffer.concat(parts);
  }

  /** The tree of a size as the tiles have it; undefined where they lack its right edge. */
  async tree(size: number): Promise<HashTree | undefined> {
    const edge = new Map<number, Uint8Array>();
    for (const tile of edgeTiles(size)) {
      const bytes = await this.#tile(tile);
      if (bytes !== undefined) edge.set(tile.level, bytes);
    }
    return HashTree.ofEdge(size, edge);
  }

  async #tile(name: TileName): Promise<Buffer | undefined> {
    const bytes = await this.peek(tileKey(name));
    return bytes?.length === name.width * HASH_BYTES ? bytes : undefined;
  }

  /** Where the widest stored level-0 tile of a number ends, in leaves. */
  #widestTile(number: number): number | undefined {
    const ends = this.#deps.inventory.tileEnds[0] ?? [];
    const above = ends.findLastIndex((end) => end <= (number + 1) * TILE_WIDTH);
    const end = ends[above];
    return end !== undefined && end > number * TILE_WIDTH ? end : undefined;
  }
}
