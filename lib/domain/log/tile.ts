/** Hashes of a full tile: tlog-tiles has tiles of height 8. */
export const TILE_WIDTH = 256;
const HASH_BYTES = 32;

/** Where a tile of the log's tree lies; `width` is the number of its hashes, 1 to 256. */
export type TilePlace = { readonly level: number; readonly index: number; readonly width: number };

/** `bytes` is one hash of 32 bytes after the other. */
export type Tile = { readonly level: number; readonly index: number; readonly bytes: Uint8Array };

/** The key of a tile, `tile/<L>/<N>[.p/<W>]`: https://c2sp.org/tlog-tiles. */
export function tileKey({ level, index, width }: TilePlace): string {
  const groups = [index % 1000];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(rest % 1000);
  }
  const last = groups.length - 1;
  const path = groups.map((group, at) => `${at < last ? 'x' : ''}${String(group).padStart(3, '0')}`);
  const full = `tile/${level}/${path.join('/')}`;
  return width === TILE_WIDTH ? full : `${full}.p/${width}`;
}

export function tilePlace({ level, index, bytes }: Tile): TilePlace {
  return { level, index, width: bytes.length / HASH_BYTES };
}

/** The partial tiles of a tree of `size` leaves, from level 0 up: all that it takes to go on from there. */
export function partialTiles(size: number): readonly TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    if (width > 0) places.push({ level, index: Math.floor(count / TILE_WIDTH), width });
  }
  return places;
}

/** The hashes of a tile. */
export function hashesOf(bytes: Uint8Array): Buffer[] {
  const count = Math.floor(bytes.length / HASH_BYTES);
  return Array.from({ length: count }, (_, at) =>
    Buffer.from(bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
}
