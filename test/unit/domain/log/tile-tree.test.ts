import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, leafHash, nodeHash } from '../../../../lib/domain/log/hashing.ts';
import { MerkleTree } from '../../../../lib/domain/log/merkle.ts';
import { partialTiles, type Tile, tileKey, tilePlace } from '../../../../lib/domain/log/tile.ts';
import { TileTree } from '../../../../lib/domain/log/tile-tree.ts';

// The test log of github.com/transparency-dev/trillian-tessera, testdata/log: its leaves, and roots by size.
const TESSERA = 'one two three four five six seven eit nain ten ileven twelf threeten fourten fivten'.split(
  ' ',
);
const TESSERA_ROOTS = new Map([
  [7, 'IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U='],
  [15, 'rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs='],
]);

/** MTH(D[from:to]) of RFC 6962, section 2.1, word for word. */
function treeHash(leaves: readonly Buffer[], from: number, to: number): Buffer {
  const [only] = leaves.slice(from, to);
  if (to - from === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < to - from) split *= 2;
  return nodeHash(treeHash(leaves, from, from + split), treeHash(leaves, from + split, to));
}

/** Every tile of a tree by its key, as https://c2sp.org/tlog-tiles defines them. */
function tilesByDefinition(leaves: readonly Buffer[]): Map<string, string> {
  const tiles = new Map<string, string>();
  for (let level = 0, span = 1; leaves.length >= span; level += 1, span *= 256) {
    const hashes = Array.from({ length: Math.floor(leaves.length / span) }, (_, at) =>
      treeHash(leaves, at * span, (at + 1) * span),
    );
    for (let index = 0; index * 256 < hashes.length; index += 1) {
      const some = hashes.slice(index * 256, (index + 1) * 256);
      tiles.set(tileKey({ level, index, width: some.length }), Buffer.concat(some).toString('hex'));
    }
  }
  return tiles;
}

function byKey(tiles: readonly Tile[]): Map<string, string> {
  return new Map(tiles.map((tile) => [tileKey(tilePlace(tile)), Buffer.from(tile.bytes).toString('hex')]));
}

function leavesOf(size: number): Buffer[] {
  return Array.from({ length: size }, (_, n) => leafHash(`leaf ${n}`));
}

/** A tree over the leaves, with the full tiles that came out of it. */
function grown(leaves: readonly Buffer[], tree = new TileTree()): { tree: TileTree; full: Tile[] } {
  return { tree, full: leaves.flatMap((leaf) => tree.add(leaf)) };
}

describe('TileTree', () => {
  it('has the roots of a public test log', () => {
    const tree = new TileTree();
    for (const leaf of TESSERA) {
      tree.add(leafHash(leaf));
      const known = TESSERA_ROOTS.get(tree.size);
      if (known !== undefined) expect(tree.root().toString('base64')).toBe(known);
    }
    expect(tree.size).toBe(15);
  });

  it('is empty at first', () => {
    expect(new TileTree().root()).toEqual(EMPTY_ROOT);
    expect(new TileTree().partial()).toEqual([]);
  });

  it('has just the tiles that the specification defines, across three levels', () => {
    const leaves = leavesOf(70_000);
    const { tree, full } = grown(leaves);
    const tiles = byKey([...full, ...tree.partial()]);
    expect(tiles).toEqual(tilesByDefinition(leaves));
    expect([...tiles.keys()].filter((key) => key.startsWith('tile/0/') && !key.includes('.p/'))).toHaveLength(
      273,
    );
    expect(tree.root()).toEqual(treeHash(leaves, 0, leaves.length));
  });

  it('goes on from its partial tiles as if it had never stopped', () => {
    const sizes = fc.oneof(fc.nat({ max: 1100 }), fc.constantFrom(255, 256, 257, 511, 512));
    const more = fc.oneof(fc.nat({ max: 600 }), fc.constantFrom(1, 256));
    const leaves = leavesOf(1_700);
    fc.assert(
      fc.property(sizes, more, (size, count) => {
        const { tree: before } = grown(leaves.slice(0, size));
        expect(before.partial().map(tilePlace)).toEqual(partialTiles(size));
        const { tree, full } = grown(leaves.slice(size, size + count), new TileTree(size, before.partial()));
        const whole = grown(leaves.slice(0, size + count));
        expect(tree.size).toBe(size + count);
        expect(tree.root()).toEqual(whole.tree.root());
        expect(tree.partial()).toEqual(whole.tree.partial());
        expect(full).toEqual(whole.full.slice(whole.full.length - full.length));
      }),
      { numRuns: 40 },
    );
  });

  it('goes on where a third level begins', () => {
    const leaves = leavesOf(65_537);
    const { tree: before } = grown(leaves.slice(0, 65_535));
    const { tree, full } = grown(leaves.slice(65_535), new TileTree(65_535, before.partial()));
    expect(full.map((tile) => tileKey(tilePlace(tile)))).toEqual(['tile/0/255', 'tile/1/000']);
    expect(tree.root()).toEqual(treeHash(leaves, 0, leaves.length));
  });

  it('agrees with the plain Merkle tree', () => {
    const plain = new MerkleTree();
    const tree = new TileTree();
    for (let n = 0; n < 1000; n += 1) {
      plain.add(`leaf ${n}`);
      tree.add(leafHash(`leaf ${n}`));
      expect(tree.root().toString('hex')).toBe(plain.rootHex());
    }
  });
});
