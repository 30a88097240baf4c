import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash } from '../../../../lib/domain/log/hashing.ts';
import { MerkleTree } from '../../../../lib/domain/log/merkle.ts';
import { VECTOR_LEAVES, VECTOR_ROOTS } from '../../../support/tree-vectors.ts';

function rootOf(leaves: readonly Uint8Array[]): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.rootHex();
}

/** RFC 6962, section 2.1, word for word. */
function recursiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return leafHash(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(recursiveRoot(leaves.slice(0, split)), recursiveRoot(leaves.slice(split)));
}

describe('MerkleTree', () => {
  it.each(VECTOR_ROOTS.map((root, size) => ({ size, root })))(
    'has the known root of $size leaves',
    ({ size, root }) => {
      expect(rootOf(VECTOR_LEAVES.slice(0, size))).toBe(root.toString('hex'));
    },
  );

  it('agrees with the recursive definition for any leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { minLength: 1, maxLength: 70 }), (leaves) => {
        expect(rootOf(leaves)).toBe(recursiveRoot(leaves).toString('hex'));
      }),
    );
  });

  it('counts its leaves', () => {
    const tree = new MerkleTree();
    tree.add('a');
    tree.add('b');
    expect(tree.size).toBe(2);
  });
});
