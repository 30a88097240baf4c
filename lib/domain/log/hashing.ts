import { createHash } from 'node:crypto';

// The one thing that the log's writer and its verifier share: whatever else one of them gets wrong, the other sees.

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** RFC 6962, section 2.1: the hash of one leaf, SHA-256(0x00 || leaf), 32 bytes. */
export function leafHash(leaf: string | Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(leaf).digest();
}

/** RFC 6962, section 2.1: the hash of an inner node, SHA-256(0x01 || left || right), 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}
