import { EMPTY_ROOT } from './hashing.ts';
import { MerkleTree } from './merkle.ts';
import { hashesOf, TILE_WIDTH, type Tile } from './tile.ts';

/**
 * The growing right edge of the log's tree: of each level the hashes of its unfinished tile, so that memory does not
 * depend on how long the log is. Full tiles leave it as they are completed.
 */
export class TileTree {
  #size: number;
  readonly #edge: Edge[] = [];

  /** Goes on from a tree of `size` leaves; `partial` are its partial tiles, all of them. */
  constructor(size = 0, partial: readonly Tile[] = []) {
    this.#size = size;
    for (const { level, bytes } of partial) {
      for (const hash of hashesOf(bytes)) this.#level(level).add(hash);
    }
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Appends a leaf by its hash and returns the tiles that it has completed, from level 0 up. */
  add(leaf: Buffer): readonly Tile[] {
    const completed: Tile[] = [];
    let hash = leaf;
    for (let level = 0, index = this.#size; ; level += 1) {
      index = Math.floor(index / TILE_WIDTH);
      const edge = this.#level(level);
      edge.add(hash);
      const full = edge.isFull ? edge.rootWith(undefined) : undefined;
      if (full === undefined) break;
      hash = full;
      completed.push({ level, index, bytes: edge.bytes() });
      this.#edge[level] = new Edge();
    }
    this.#size += 1;
    return completed;
  }

  /** The partial tiles of the tree as it is, from level 0 up. */
  partial(): readonly Tile[] {
    return this.#edge.flatMap((edge, level) => {
      const index = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
      return edge.isEmpty ? [] : [{ level, index, bytes: edge.bytes() }];
    });
  }

  /** The Merkle tree hash (RFC 6962, section 2.1) of all leaves. */
  root(): Buffer {
    const root = this.#edge.reduce<Buffer | undefined>((right, edge) => edge.rootWith(right), undefined);
    return root ?? EMPTY_ROOT;
  }

  #level(level: number): Edge {
    const known = this.#edge[level];
    if (known !== undefined) return known;
    const fresh = new Edge();
    this.#edge[level] = fresh;
    return fresh;
  }
}

/** The unfinished tile of one level. */
class Edge {
  readonly #hashes: Buffer[] = [];
  readonly #tree = new MerkleTree();

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  get isFull(): boolean {
    return this.#hashes.length === TILE_WIDTH;
  }

  add(hash: Buffer): void {
    this.#hashes.push(hash);
    this.#tree.addHash(hash);
  }

  rootWith(right: Buffer | undefined): Buffer | undefined {
    return this.#tree.rootWith(right);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#hashes);
  }
}
