/** A tile of 256 hashes, or of the first `width` of them (https://c2sp.org/tlog-tiles). */
export type TileName = { readonly level: number; readonly number: number; readonly width: number };

export const TILE_WIDTH = 256;
const TILE_PREFIX = 'tile/';

const KEY = /^tile\/(0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** `tile/<L>/<N>[.p/<W>]`: N in elements of three digits, all but the last with an x. */
export function tileKey({ level, number, width }: TileName): string {
  const digits = String(number);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const elements = padded.match(/\d{3}/g) ?? [];
  const path = elements.map((element, at) => (at === elements.length - 1 ? element : `x${element}`));
  return `${TILE_PREFIX}${level}/${path.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads a key; undefined if no tile is named so. */
export function readTileKey(key: string): TileName | undefined {
  const [, level, upper = '', last = '', width] = KEY.exec(key) ?? [];
  if (level === undefined) return undefined;
  const number = Number(upper.replace(/[x/]/g, '') + last);
  const name = { level: Number(level), number, width: width === undefined ? TILE_WIDTH : Number(width) };
  return tileKey(name) === key ? name : undefined;
}

/** Hashes of a level in a tree of `size` leaves: whole subtrees of 256**level leaves. */
export function hashesOfLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The tiles at the right edge of a tree of `size` leaves that are not full, lowest level first. */
export function edgeTiles(size: number): readonly TileName[] {
  const tiles: TileName[] = [];
  for (let level = 0; hashesOfLevel(level, size) > 0; level += 1) {
    const hashes = hashesOfLevel(level, size);
    const width = hashes % TILE_WIDTH;
    if (width > 0) tiles.push({ level, number: Math.floor(hashes / TILE_WIDTH), width });
  }
  return tiles;
}
