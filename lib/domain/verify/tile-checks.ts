import type { Finding } from './findings.ts';
import type { HashTree } from './hash-tree.ts';
import { Pool } from './read-ahead.ts';
import type { StoredLog } from './stored-log.ts';
import { edgeTiles, hashesOfLevel, TILE_WIDTH, type TileName, tileKey } from './tile-name.ts';

const READS_AT_A_TIME = 32;

export type TileChecksDeps = {
  readonly log: StoredLog;
  /** Where the stored tiles end, by level. */
  readonly ends: readonly (readonly number[])[];
  /** Up to here every tile must be there. */
  readonly signedSize: number;
  readonly report: (finding: Finding) => void;
};

/** Compares every stored tile with the tree that grows from the entries. */
export class TileChecks {
  readonly #deps: TileChecksDeps;
  /** By level: which stored tile comes next. */
  readonly #next: number[];
  readonly #reads = new Pool(READS_AT_A_TIME);
  /** Tiles that differ from the tree: whose fault it is shows at the next checkpoint. */
  #suspects: { readonly tile: TileName; readonly until: number }[] = [];
  #verifiedSize = 0;

  /** @param from - tiles that end at this many leaves or before are passed over. */
  constructor(deps: TileChecksDeps, from: number) {
    this.#deps = deps;
    this.#next = deps.ends.map((ends, level) => {
      const after = ends.findIndex((end) => end > hashesOfLevel(level, from));
      return after === -1 ? ends.length : after;
    });
  }

  /** The next size at which a partial tile ends. */
  nextStop(): number {
    const stops = this.#deps.ends.map((ends, level) => {
      const end = ends[this.#next[level] ?? 0];
      return end === undefined ? Number.POSITIVE_INFINITY : end * TILE_WIDTH ** level;
    });
    return Math.min(...stops);
  }

  /** Compares a tile that has just become full. */
  async full(tile: TileName, hashes: Buffer): Promise<void> {
    const end = (tile.number + 1) * TILE_WIDTH;
    const isThere = await this.#compareAt(tile.level, end, hashes);
    if (!isThere && end * TILE_WIDTH ** tile.level <= this.#deps.signedSize) this.#missing(tile);
  }

  /** Compares the partial tiles that end where the tree now ends. */
  async partial(tree: HashTree): Promise<void> {
    for (const level of this.#deps.ends.keys()) {
      const end = hashesOfLevel(level, tree.size);
      if (end * TILE_WIDTH ** level !== tree.size || end % TILE_WIDTH === 0) continue;
      await this.#compareAt(level, end, Buffer.from(tree.edge(level)));
    }
  }

  /** Reports which tiles at the right edge of a signed tree, which the tree now is, are not there. */
  requireEdge(size: number): void {
    for (const tile of edgeTiles(size)) {
      const last = (this.#next[tile.level] ?? 0) - 1;
      const end = tile.number * TILE_WIDTH + tile.width;
      if (this.#deps.ends[tile.level]?.[last] !== end) this.#missing(tile);
    }
  }

  /** The entries up to here are those that were signed: tiles that differ from them are wrong. */
  verified(size: number): void {
    this.#verifiedSize = size;
    const wrong = this.#suspects.filter(({ until }) => until <= size);
    this.#suspects = this.#suspects.filter(({ until }) => until > size);
    for (const { tile } of wrong) this.#changed(tile);
  }

  /** Whether a tile differs from the entries so far; then forgets it, as the entries are to be judged. */
  async takeSuspects(): Promise<boolean> {
    await this.#reads.settled();
    const some = this.#suspects.length > 0;
    this.#suspects = [];
    return some;
  }

  /** Waits for what is under way; what no signed checkpoint could judge is the tiles' fault, and what is left a stray. */
  async finish(): Promise<void> {
    await this.#reads.settled();
    this.verified(Number.POSITIVE_INFINITY);
    for (const [level, ends] of this.#deps.ends.entries()) {
      for (const end of ends.slice(this.#next[level])) {
        const number = Math.ceil(end / TILE_WIDTH) - 1;
        const key = tileKey({ level, number, width: end - number * TILE_WIDTH });
        this.#deps.report({ code: 'STRAY_OBJECT', key });
      }
    }
  }

  async #compareAt(level: number, end: number, hashes: Buffer): Promise<boolean> {
    const ends = this.#deps.ends[level] ?? [];
    const at = this.#next[level] ?? 0;
    if (ends[at] !== end) return false;
    this.#next[level] = at + 1;
    const number = Math.ceil(end / TILE_WIDTH) - 1;
    const tile = { level, number, width: end - number * TILE_WIDTH };
    await this.#reads.run(() => this.#compare(tile, hashes));
    return true;
  }

  async #compare(tile: TileName, hashes: Buffer): Promise<void> {
    const stored = await this.#deps.log.read(tileKey(tile));
    if (stored === undefined || stored.equals(hashes)) return;
    const until = (tile.number * TILE_WIDTH + tile.width) * TILE_WIDTH ** tile.level;
    if (until <= this.#verifiedSize) this.#changed(tile);
    else this.#suspects.push({ tile, until });
  }

  #missing(tile: TileName): void {
    this.#deps.report({ code: 'OBJECT_MISSING', key: tileKey(tile) });
  }

  #changed(tile: TileName): void {
    const index = tile.number * TILE_WIDTH ** (tile.level + 1);
    this.#deps.report({ code: 'TILE_CHANGED', key: tileKey(tile), index });
  }
}
