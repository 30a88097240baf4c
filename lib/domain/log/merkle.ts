import { createHash } from 'node:crypto';

type Hash = Buffer;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962, section 2.1: the hash of one leaf, SHA-256(0x00 || leaf). */
export function leafHash(leaf: string | Uint8Array): Hash {
  return createHash('sha256').update(LEAF).update(leaf).digest();
}

/** RFC 6962, section 2.1: the hash of an inner node, SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/**
 * The Merkle tree hash of RFC 6962, section 2.1, over leaves that come one by one. It keeps one hash for each complete
 * subtree, so a million leaves need twenty hashes of memory.
 */
export class MerkleTree {
  readonly #subtrees: Hash[] = [];
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
