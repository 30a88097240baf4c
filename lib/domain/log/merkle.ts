import { createHash } from 'node:crypto';
import { leafHash, nodeHash } from './hashing.ts';

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
    let hash = leafHash(leaf);
    // Each trailing 1 bit of the count is a complete subtree that the new leaf completes a larger one with.
    for (let count = this.#leaves; count % 2 === 1; count = Math.floor(count / 2)) {
      const left = this.#subtrees.pop();
      if (left !== undefined) hash = nodeHash(left, hash);
    }
    this.#subtrees.push(hash);
    this.#leaves += 1;
  }

  /** Lower-case hex; of no leaves, the SHA-256 of nothing. */
  rootHex(): string {
    const [last, ...larger] = this.#subtrees.toReversed();
    if (last === undefined) return createHash('sha256').digest('hex');
    return larger.reduce((right, left) => nodeHash(left, right), last).toString('hex');
  }
}
