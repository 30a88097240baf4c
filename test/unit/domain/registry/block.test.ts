import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockHas, encodeBlock, placeOf } from '../../../../lib/domain/registry/block.ts';
import { blockEndings } from '../../../support/block-endings.ts';

const ending = fc.integer({ min: 0, max: 9999 });
const ascending = (endings: Iterable<number>) => [...new Set(endings)].toSorted((a, b) => a - b);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index * 16);

describe('a registry block', () => {
  it.each([
    { form: 'sorted', maxLength: 100 },
    { form: 'either', maxLength: 700 },
    { form: 'bitmap', minLength: 1000, maxLength: 2000 },
  ])('holds exactly the endings it was made of: $form', ({ minLength = 0, maxLength }) => {
    fc.assert(
      fc.property(fc.array(ending, { minLength, maxLength, size: 'max' }), ending, (endings, other) => {
        const block = encodeBlock(endings);
        expect(blockEndings(block)).toEqual(ascending(endings));
        expect(blockHas(block, other)).toBe(endings.includes(other));
      }),
      { numRuns: 60 },
    );
  });

  it('is the same bytes for the same set, in any order and with repetitions', () => {
    fc.assert(
      fc.property(fc.array(ending), (endings) => {
        expect(encodeBlock([...endings.toReversed(), ...endings])).toEqual(encodeBlock(endings));
      }),
    );
  });

  it.each([
    { count: 0, bytes: 1 },
    { count: 1, bytes: 3 },
    { count: 624, bytes: 1249 },
    { count: 625, bytes: 1251 },
  ])('of $count endings takes $bytes bytes', ({ count, bytes }) => {
    const block = encodeBlock(upTo(count));
    expect(block).toHaveLength(bytes);
    expect(blockEndings(block)).toEqual(upTo(count));
  });

  it('holds all 10,000', () => {
    const all = Array.from({ length: 10_000 }, (_, index) => index);
    expect(blockEndings(encodeBlock(all))).toEqual(all);
  });

  it.each([-1, 10_000, 0.5, Number.NaN])('refuses the ending %s', (bad) => {
    expect(() => encodeBlock([bad])).toThrow(expect.objectContaining({ code: 'BAD_ENDING' }));
  });

  it.each([
    { title: 'nothing', bytes: [] },
    { title: 'an unknown tag', bytes: [2, 0, 1] },
    { title: 'a sorted form cut within a value', bytes: [0, 0] },
    { title: 'a sorted form longer than the bitmap', bytes: [0, ...new Array<number>(1252).fill(0)] },
    { title: 'a bitmap cut short', bytes: [1, ...new Array<number>(1249).fill(255)] },
    { title: 'a bitmap with a byte too many', bytes: [1, ...new Array<number>(1251).fill(0)] },
  ])('throws on $title rather than say "not listed"', ({ bytes }) => {
    expect(() => blockHas(Uint8Array.from(bytes), 1)).toThrow(expect.objectContaining({ code: 'BAD_BLOCK' }));
  });

  it.each([
    { e164: '+12125550100', prefix: '1212555', ending: 100 },
    { e164: '+12125550009', prefix: '1212555', ending: 9 },
    { e164: '+442079460000', prefix: '44207946', ending: 0 },
  ])('is found by the number: $e164', ({ e164, prefix, ending: last }) => {
    expect(placeOf(e164)).toEqual({ prefix, ending: last });
  });
});
