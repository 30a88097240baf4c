import { nodeHash } from '../log/hashing.ts';

/** That a leaf is in a tree, and where. */
export type InclusionProof = {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
};

/** RFC 9162, section 2.1.3.2, step by step. Sizes may exceed 32 bits, so there are no bit operations. */
export function inclusionHolds({ index, size, leafHash, path, root }: InclusionProof): boolean {
  if (index >= size) return false;
  const climb = new Climb(index, size - 1);
  let hash = leafHash;
  for (const sibling of path) {
    if (climb.atTop) return false;
    hash = climb.isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    climb.up();
  }
  return climb.atTop && same(hash, root);
}

/** That a tree is the beginning of another. */
export type ConsistencyProof = {
  readonly first: { readonly size: number; readonly root: Uint8Array };
  readonly second: { readonly size: number; readonly root: Uint8Array };
  readonly path: readonly Uint8Array[];
};

/**
 * RFC 9162, section 2.1.4.2, step by step. What it leaves out is decided here: trees of one size must have one root,
 * and the empty tree is the beginning of every tree; neither has a path.
 */
export function consistencyHolds({ first, second, path }: ConsistencyProof): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && same(first.root, second.root);
  if (first.size === 0) return path.length === 0;
  const [start, ...rest] = isPowerOfTwo(first.size) ? [first.root, ...path] : path;
  if (start === undefined || path.length === 0) return false;
  const climb = new Climb(first.size - 1, second.size - 1);
  climb.upWhileRight();
  let older = start;
  let newer = start;
  for (const sibling of rest) {
    if (climb.atTop) return false;
    if (climb.isRight) older = nodeHash(sibling, older);
    newer = climb.isRight ? nodeHash(sibling, newer) : nodeHash(newer, sibling);
    climb.up();
  }
  return climb.atTop && same(older, first.root) && same(newer, second.root);
}

/** The way from a node up to the root: `fn` and `sn` of RFC 9162. */
class Climb {
  #node: number;
  #last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.#last = last;
  }

  get atTop(): boolean {
    return this.#last === 0;
  }

  /** Whether the sibling that comes next is on the left. */
  get isRight(): boolean {
    return isOdd(this.#node) || this.#node === this.#last;
  }

  up(): void {
    // The last node of a level may have no sibling on some levels: they are passed over.
    while (this.isRight && !isOdd(this.#node) && this.#node !== 0) this.#shift();
    this.#shift();
  }

  upWhileRight(): void {
    while (isOdd(this.#node)) this.#shift();
  }

  #shift(): void {
    this.#node = Math.floor(this.#node / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

function isOdd(number: number): boolean {
  return number % 2 === 1;
}

function isPowerOfTwo(number: number): boolean {
  return 2 ** Math.round(Math.log2(number)) === number;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
