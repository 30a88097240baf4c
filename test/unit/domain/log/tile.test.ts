import { describe, expect, it } from 'vitest';
import { partialTiles, tileKey } from '../../../../lib/domain/log/tile.ts';

describe('tileKey', () => {
  // The examples of https://c2sp.org/tlog-tiles and of golang.org/x/mod/sumdb/tlog, which puts the height before the level.
  it.each([
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 1, width: 256 }, 'tile/0/001'],
    [{ level: 0, index: 1, width: 5 }, 'tile/0/001.p/5'],
    [{ level: 5, index: 123456078, width: 256 }, 'tile/5/x123/x456/078'],
    [{ level: 5, index: 123456078, width: 2 }, 'tile/5/x123/x456/078.p/2'],
    [{ level: 0, index: 3057500, width: 256 }, 'tile/0/x003/x057/500'],
    [{ level: 63, index: 1000, width: 255 }, 'tile/63/x001/000.p/255'],
    [{ level: 1, index: 0, width: 1 }, 'tile/1/000.p/1'],
  ])('%o is %s', (place, key) => {
    expect(tileKey(place)).toBe(key);
  });
});

describe('partialTiles', () => {
  // Both examples of https://c2sp.org/tlog-tiles, and the sizes next to them.
  it.each([
    [0, []],
    [1, ['tile/0/000.p/1']],
    [255, ['tile/0/000.p/255']],
    [256, ['tile/1/000.p/1']],
    [257, ['tile/0/001.p/1', 'tile/1/000.p/1']],
    [65536, ['tile/2/000.p/1']],
    [70000, ['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']],
  ])('a tree of %i leaves has %o', (size, keys) => {
    expect(partialTiles(size).map(tileKey)).toEqual(keys);
  });
});
