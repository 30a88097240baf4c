import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consistencyHolds, inclusionHolds } from '../../../../lib/domain/verify/proofs.ts';
import { Prover } from '../../../../lib/domain/verify/prover.ts';
import { sha256, treeHash } from '../../../support/audit/test-log.ts';
import { VECTOR_LEAVES, VECTOR_ROOTS } from '../../../support/tree-vectors.ts';

// The tree of seven leaves of RFC 9162, sections 2.1.3.3 and 2.1.4.3 (and RFC 6962, 2.1.3), over the leaves that the
// Certificate Transparency test suites hash.
const leafHashes = VECTOR_LEAVES.map((leaf) => sha256(Buffer.of(0), leaf));
const [, ...ROOTS] = VECTOR_ROOTS;
const node = (a: Buffer | undefined, b: Buffer | undefined): Buffer =>
  sha256(Buffer.of(1), a ?? Buffer.alloc(0), b ?? Buffer.alloc(0));

describe('the vectors of RFC 6962 and RFC 9162', () => {
  const [a, b, c, d, e, f, j] = leafHashes;
  const g = node(a, b);
  const h = node(c, d);
  const i = node(e, f);
  const k = node(g, h);
  const l = node(i, j);
  const size = 7;
  const root = ROOTS[6] ?? Buffer.alloc(0);

  it('gives the published roots', () => {
    expect(ROOTS.map((_, at) => treeHash(leafHashes.slice(0, at + 1)))).toEqual(ROOTS);
  });

  it.each([
    { leaf: 'd0', index: 0, path: [b, h, l] },
    { leaf: 'd3', index: 3, path: [c, g, l] },
    { leaf: 'd4', index: 4, path: [f, j, k] },
    { leaf: 'd6', index: 6, path: [i, k] },
  ])('the inclusion proof of $leaf', ({ index, path }) => {
    const proof = {
      index,
      size,
      root,
      leafHash: leafHashes[index] ?? root,
      path: path.map((p) => p ?? root),
    };
    expect(inclusionHolds(proof)).toBe(true);
    expect(inclusionHolds({ ...proof, index: index + 1 })).toBe(false);
    expect(inclusionHolds({ ...proof, path: proof.path.slice(1) })).toBe(false);
    expect(inclusionHolds({ ...proof, path: [...proof.path, root] })).toBe(false);
  });

  it.each([
    { older: 3, path: [c, d, g, l] },
    { older: 4, path: [l] },
    { older: 6, path: [i, j, k] },
  ])('the consistency proof from $older leaves', ({ older, path }) => {
    const first = { size: older, root: ROOTS[older - 1] ?? root };
    const proof = { first, second: { size, root }, path: path.map((p) => p ?? root) };
    expect(consistencyHolds(proof)).toBe(true);
    expect(consistencyHolds({ ...proof, path: proof.path.slice(0, -1) })).toBe(false);
    expect(consistencyHolds({ ...proof, path: [] })).toBe(false);
    expect(consistencyHolds({ ...proof, first: { ...first, root } })).toBe(false);
    expect(consistencyHolds({ ...proof, second: { size, root: first.root } })).toBe(false);
  });
});

describe('trees of 0 to 600 leaves', () => {
  const leaves = Array.from({ length: 600 }, (_, at) => sha256(Buffer.from(`leaf ${at}`)));
  const roots = new Map<number, Buffer>();
  const rootOf = (size: number): Buffer => {
    const root = roots.get(size) ?? treeHash(leaves.slice(0, size));
    roots.set(size, root);
    return root;
  };
  /** The tile of a key, from the leaves. */
  const tileOf = (size: number) => async (key: string) => {
    const [, level = '0', number = '0'] = /^tile\/(\d)\/(\d+)/.exec(key) ?? [];
    const scale = 256 ** Number(level);
    const hashes = Array.from({ length: Math.floor(size / scale) }, (_, at) =>
      treeHash(leaves.slice(at * scale, (at + 1) * scale)),
    );
    return Buffer.concat(hashes.slice(Number(number) * 256, (Number(number) + 1) * 256));
  };
  const sizes = fc.integer({ min: 0, max: 600 });

  it('every leaf of some sizes is proved, and no other leaf by its proof', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, chance) => {
        fc.pre(size > 0);
        const index = chance % size;
        const path = await new Prover(tileOf(size), size).inclusionPath(index);
        const proof = { index, size, root: rootOf(size), leafHash: leaves[index] ?? rootOf(0), path };
        expect(inclusionHolds(proof)).toBe(true);
        const other = (index + 1 + (chance % Math.max(1, size - 1))) % size;
        expect(inclusionHolds({ ...proof, leafHash: rootOf(0) })).toBe(false);
        if (other !== index) expect(inclusionHolds({ ...proof, index: other })).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('every tree continues every smaller one, and none with another root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)].map((size) => ({
          size,
          root: rootOf(size),
        }));
        if (first === undefined || second === undefined) throw new Error('no sizes');
        const path = await new Prover(tileOf(second.size), second.size).consistencyPath(first.size);
        const wrong = sha256(Buffer.from('wrong'));
        expect(consistencyHolds({ first, second, path })).toBe(true);
        if (first.size > 0) {
          expect(consistencyHolds({ first: { ...first, root: wrong }, second, path })).toBe(false);
          expect(consistencyHolds({ first, second: { ...second, root: wrong }, path })).toBe(false);
        }
        if (first.size < second.size)
          expect(consistencyHolds({ first: second, second: first, path })).toBe(false);
        for (const at of path.keys()) {
          const changed = path.map((hash, nth) => (nth === at ? wrong : hash));
          expect(consistencyHolds({ first, second, path: changed })).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });
});
