import { nodeHash } from '../log/hashing.ts';
import { HASH_BYTES, rootOfPowerOfTwo } from './hash-tree.ts';
import { hashesOfLevel, TILE_WIDTH, type TileName, tileKey } from './tile-name.ts';

/** Bits of a level: a tile's hash stands for 256 of the level below. */
const TILE_HEIGHT = 8;

/** Makes proofs from the tiles of a log. They prove nothing until they are checked against a signed checkpoint. */
export class Prover {
  readonly #read: (key: string) => Promise<Uint8Array | undefined>;
  readonly #size: number;
  readonly #tiles = new Map<string, Promise<Uint8Array | undefined>>();

  /** @param size - of the tree that proofs are about; a checkpoint of this size must exist. */
  constructor(read: (key: string) => Promise<Uint8Array | undefined>, size: number) {
    this.#read = read;
    this.#size = size;
  }

  /** RFC 9162, section 2.1.3.1: PATH(m, D[n]). */
  async inclusionPath(index: number): Promise<readonly Buffer[]> {
    let from = 0;
    let to = this.#size;
    const path: Buffer[] = [];
    while (to - from > 1) {
      const middle = from + largestPowerBelow(to - from);
      if (index < middle) {
        path.unshift(await this.#hash(middle, to));
        to = middle;
      } else {
        path.unshift(await this.#hash(from, middle));
        from = middle;
      }
    }
    return path;
  }

  /** RFC 9162, section 2.1.4.1: PROOF(m, D[n]); empty where the older tree is empty or the same. */
  async consistencyPath(older: number): Promise<readonly Buffer[]> {
    if (older === 0 || older === this.#size) return [];
    let from = 0;
    let to = this.#size;
    const path: Buffer[] = [];
    while (to !== older) {
      const middle = from + largestPowerBelow(to - from);
      if (older <= middle) {
        path.unshift(await this.#hash(middle, to));
        to = middle;
      } else {
        path.unshift(await this.#hash(from, middle));
        from = middle;
      }
    }
    // The older tree's own root is known to whoever checks, where the way to it never turned right.
    return from === 0 ? path : [await this.#hash(from, to), ...path];
  }

  /** MTH(D[from:to]), from whole subtrees. */
  async #hash(from: number, to: number): Promise<Buffer> {
    const width = to - from;
    const below = largestPowerBelow(width);
    if (width > 1 && below * 2 !== width) {
      const middle = from + below;
      return nodeHash(await this.#hash(from, middle), await this.#hash(middle, to));
    }
    const level = Math.floor(Math.log2(width) / TILE_HEIGHT);
    const scale = TILE_WIDTH ** level;
    const first = from / scale;
    const number = Math.floor(first / TILE_WIDTH);
    const hashes = await this.#tile({ level, number, width: this.#widthOf(level, number) });
    const begin = (first - number * TILE_WIDTH) * HASH_BYTES;
    return rootOfPowerOfTwo(hashes.subarray(begin, begin + (width / scale) * HASH_BYTES));
  }

  #widthOf(level: number, number: number): number {
    return Math.min(TILE_WIDTH, hashesOfLevel(level, this.#size) - number * TILE_WIDTH);
  }

  async #tile(name: TileName): Promise<Uint8Array> {
    const key = tileKey(name);
    const reading = this.#tiles.get(key) ?? this.#read(key);
    this.#tiles.set(key, reading);
    const bytes = await reading;
    if (bytes?.length === name.width * HASH_BYTES) return bytes;
    throw new Error(`expected the tile ${key} of ${name.width} hashes; run \`dialguard audit verify\``);
  }
}

/** The largest power of two below a number greater than one; 1 for one. */
function largestPowerBelow(number: number): number {
  let power = 1;
  while (power * 2 < number) power *= 2;
  return power;
}
