import { EMPTY_ROOT, leafHash, nodeHash } from './hashing.ts';

/**
 * The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one. It keeps one hash for each complete
 * subtree, so a million leaves need twenty hashes of memory.
 */
export class MerkleTree {
  readonly #subtrees: Buffer[] = [];
  #leaves = 0;

  /** Number of leaves. */
  get size(): number {
    return this.#leaves;
  }

  add(leaf: string | Uint8Array): void {
    this.addHash(leafHash(leaf));
  }

  /** Adds a leaf by its hash, or a whole subtree by its root where all others are as large. */
  addHash(leaf: Buffer): void {
    let hash = leaf;
    // Each trailing 1 bit of the count is a complete subtree that the new leaf completes a larger one with.
    for (let count = this.#leaves; count % 2 === 1; count = Math.floor(count / 2)) {
      const left = this.#subtrees.pop();
      if (left !== undefined) hash = nodeHash(left, hash);
    }
    this.#subtrees.push(hash);
    this.#leaves += 1;
  }

  /** The root of this tree with a smaller one, given by its root, to its right; undefined if both are empty. */
  rootWith(right: Buffer | undefined): Buffer | undefined {
    return this.#subtrees.reduceRight<Buffer | undefined>(
      (root, left) => (root === undefined ? left : nodeHash(left, root)),
      right,
    );
  }

  /** Lower-case hex; of no leaves, the SHA-256 of nothing. */
  rootHex(): string {
    return (this.rootWith(undefined) ?? EMPTY_ROOT).toString('hex');
  }
}
