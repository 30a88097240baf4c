import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '../../../../lib/domain/log/hashing.ts';
import { MerkleTree } from '../../../../lib/domain/log/merkle.ts';
import { treeHash } from '../../../support/audit/test-log.ts';
import { VECTOR_LEAVES, VECTOR_ROOTS } from '../../../support/tree-vectors.ts';

function rootOf(leaves: readonly Uint8Array[]): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.rootHex();
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
        expect(rootOf(leaves)).toBe(treeHash(leaves.map((leaf) => leafHash(leaf))).toString('hex'));
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
