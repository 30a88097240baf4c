import { hash } from 'node:crypto';
import { nodeHash } from '../log/hashing.ts';
import { hashesOfLevel, TILE_WIDTH, type TileName } from './tile-name.ts';

export const HASH_BYTES = 32;
const NODE = 1;
const PAIR_BYTES = 2 * HASH_BYTES;

/** Called with each tile that became full; the bytes are the tree's own and change with the next leaf. */
export type OnFullTile = (tile: TileName, bytes: Buffer) => void;

/** A growing tree that keeps, of each level, the hashes of its last tile: some 8 KB a level, whatever its size. */
export class HashTree {
  readonly #levels: Buffer[] = [];
  #size = 0;

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** The tree of `size` leaves whose right edge the given tiles are; undefined unless they are exactly its edge. */
  static ofEdge(size: number, edge: ReadonlyMap<number, Uint8Array>): HashTree | undefined {
    const tree = new HashTree();
    tree.#size = size;
    for (let level = 0; hashesOfLevel(level, size) > 0; level += 1) {
      const width = hashesOfLevel(level, size) % TILE_WIDTH;
      const bytes = edge.get(level) ?? new Uint8Array(0);
      if (bytes.length !== width * HASH_BYTES) return undefined;
      tree.#level(level).set(bytes);
    }
    return tree;
  }

  /** Adds leaf hashes, 32 bytes each; no more than there is room for in the tile under way. */
  append(hashes: Uint8Array, onFullTile: OnFullTile): void {
    this.#level(0).set(hashes, (this.#size % TILE_WIDTH) * HASH_BYTES);
    this.#size += hashes.length / HASH_BYTES;
    for (let level = 0; hashesOfLevel(level, this.#size) % TILE_WIDTH === 0; level += 1) {
      const bytes = this.#level(level);
      const ends = hashesOfLevel(level, this.#size);
      onFullTile({ level, number: ends / TILE_WIDTH - 1, width: TILE_WIDTH }, bytes);
      const above = hashesOfLevel(level + 1, this.#size) - 1;
      this.#level(level + 1).set(rootOfPowerOfTwo(bytes), (above % TILE_WIDTH) * HASH_BYTES);
    }
  }

  /** How many more leaves the level-0 tile under way takes. */
  get room(): number {
    return TILE_WIDTH - (this.#size % TILE_WIDTH);
  }

  /** The hashes of the tile under way on a level. */
  edge(level: number): Buffer {
    return this.#level(level).subarray(0, (hashesOfLevel(level, this.#size) % TILE_WIDTH) * HASH_BYTES);
  }

  /** RFC 6962, section 2.1: of no leaves, SHA-256 of nothing. */
  root(): Buffer {
    let root: Buffer | undefined;
    for (let level = 0; hashesOfLevel(level, this.#size) > 0; level += 1) {
      for (const subtree of wholeSubtrees(this.edge(level))) {
        root = root === undefined ? subtree : nodeHash(subtree, root);
      }
    }
    return root ?? hash('sha256', '', 'buffer');
  }

  #level(level: number): Buffer {
    const known = this.#levels[level];
    if (known !== undefined) return known;
    const made = Buffer.alloc(TILE_WIDTH * HASH_BYTES);
    this.#levels[level] = made;
    return made;
  }
}

/** The roots of the largest whole subtrees over a run of hashes that begins at one of 256, from the right. */
function wholeSubtrees(hashes: Buffer): readonly Buffer[] {
  const roots: Buffer[] = [];
  let end = hashes.length / HASH_BYTES;
  for (let width = 1; end > 0; width *= 2) {
    if (end % (width * 2) === 0) continue;
    roots.push(rootOfPowerOfTwo(hashes.subarray((end - width) * HASH_BYTES, end * HASH_BYTES)));
    end -= width;
  }
  return roots;
}

/** The root over 2^n hashes. */
export function rootOfPowerOfTwo(hashes: Uint8Array): Buffer {
  // One byte ahead of each pair becomes its 0x01. It is the last byte of the pair before, which is hashed already; and
  // the hash of a pair overwrites only what is hashed. So a level needs no copies.
  const work = Buffer.allocUnsafe(1 + hashes.length);
  work.set(hashes, 1);
  for (let bytes = hashes.length; bytes > HASH_BYTES; bytes /= 2) {
    for (let from = 0; from < bytes; from += PAIR_BYTES) {
      work[from] = NODE;
      // A hash as a latin1 string costs half of what a buffer costs.
      const node = hash('sha256', work.subarray(from, from + 1 + PAIR_BYTES), 'binary');
      work.write(node, 1 + from / 2, HASH_BYTES, 'latin1');
    }
  }
  return work.subarray(1, 1 + HASH_BYTES);
}
