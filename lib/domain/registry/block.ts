import { ComplianceError } from '../errors.ts';

/**
 * A block says which of the 10,000 numbers that share all but their last four digits are on a registry. One tag byte,
 * then whichever is smaller: 1,250 bytes of bitmap (bit n: the number that ends in n), or the endings themselves as
 * ascending big-endian 16-bit values. Exact; no number is ever added or lost by the form.
 */
export type Block = Uint8Array;

/** Bytes of a bitmap of 10,000 endings. */
export const BITMAP_BYTES = 1250;
const NUMBERS = BITMAP_BYTES * 8;
const SORTED = 0;
const BITMAP = 1;

/** Where a number stands: its block, and its ending 0-9999 in it. */
export function placeOf(e164: string): { readonly prefix: string; readonly ending: number } {
  return { prefix: e164.slice(1, -4), ending: Number(e164.slice(-4)) };
}

/** Encodes endings, in any order and with repetitions. */
export function encodeBlock(endings: Iterable<number>): Block {
  const bitmap = new Uint8Array(BITMAP_BYTES);
  for (const ending of endings) {
    if (!Number.isInteger(ending) || ending < 0 || ending >= NUMBERS) {
      throw new ComplianceError({ code: 'BAD_ENDING', message: 'expected an ending from 0 to 9999' });
    }
    bitmap[ending >> 3] = (bitmap[ending >> 3] ?? 0) | (1 << (ending & 7));
  }
  return encodeBitmap(bitmap);
}

/** Encodes a bitmap of 1,250 bytes. */
function encodeBitmap(bitmap: Uint8Array): Block {
  const size = bitsIn(bitmap);
  const block = new Uint8Array(blockBytes(size));
  writeBlock(block, bitmap);
  return block;
}

/** How large the block of so many numbers is. */
export function blockBytes(size: number): number {
  return 1 + Math.min(size * 2, BITMAP_BYTES);
}

/** Writes a bitmap as a block that fills `block`, which must be as large as `blockBytes` says. */
export function writeBlock(block: Uint8Array, bitmap: Uint8Array): void {
  if (block.length === BITMAP_BYTES + 1) {
    block[0] = BITMAP;
    block.set(bitmap, 1);
    return;
  }
  block[0] = SORTED;
  let at = 1;
  for (let byte = 0; byte < BITMAP_BYTES; byte += 1) {
    for (let bits = bitmap[byte] ?? 0; bits !== 0; bits &= bits - 1) {
      const ending = byte * 8 + 31 - Math.clz32(bits & -bits);
      block[at] = ending >> 8;
      block[at + 1] = ending & 0xff;
      at += 2;
    }
  }
}

/**
 * Sets the bits of a block's endings in a bitmap of 1,250 bytes, which may hold others already.
 *
 * @throws ComplianceError BAD_BLOCK
 */
export function decodeInto(bitmap: Uint8Array, block: Block): void {
  if (isBitmap(block, 0, block.length)) {
    for (let byte = 0; byte < BITMAP_BYTES; byte += 1) {
      bitmap[byte] = (bitmap[byte] ?? 0) | (block[byte + 1] ?? 0);
    }
    return;
  }
  for (let at = 1; at < block.length; at += 2) {
    const ending = ((block[at] ?? 0) << 8) | (block[at + 1] ?? 0);
    bitmap[ending >> 3] = (bitmap[ending >> 3] ?? 0) | (1 << (ending & 7));
  }
}

/**
 * Whether the number with this ending is in the block.
 *
 * @throws ComplianceError BAD_BLOCK if the bytes are no block: membership is then unknown, not absent.
 */
export function blockHas(block: Block, ending: number): boolean {
  return blockHasAt(block, { from: 0, to: block.length }, ending);
}

/** The same of a block that lies within other bytes. */
export function blockHasAt(
  bytes: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
  ending: number,
): boolean {
  if (isBitmap(bytes, from, to)) return (((bytes[from + 1 + (ending >> 3)] ?? 0) >> (ending & 7)) & 1) === 1;
  let low = 0;
  let high = ((to - from - 1) >> 1) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = from + 1 + middle * 2;
    const value = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (value === ending) return true;
    if (value < ending) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Whether the block is a bitmap rather than sorted endings. */
function isBitmap(bytes: Uint8Array, from: number, to: number): boolean {
  const size = to - from;
  const tag = bytes[from];
  if (tag === BITMAP && size === BITMAP_BYTES + 1) return true;
  if (tag === SORTED && size % 2 === 1 && size < BITMAP_BYTES + 1) return false;
  throw new ComplianceError({ code: 'BAD_BLOCK', message: 'expected a registry block, got other bytes' });
}

/** How many numbers are in one block and not in the other. */
export type BlockChange = { readonly entered: number; readonly left: number };

/** Counts what changed from one block to the next; undefined is a block without numbers. */
export function changeBetween(before: Block | undefined, after: Block | undefined): BlockChange {
  const then = new Uint8Array(BITMAP_BYTES);
  const now = new Uint8Array(BITMAP_BYTES);
  if (before !== undefined) decodeInto(then, before);
  if (after !== undefined) decodeInto(now, after);
  let entered = 0;
  let left = 0;
  for (let byte = 0; byte < BITMAP_BYTES; byte += 1) {
    const old = then[byte] ?? 0;
    const current = now[byte] ?? 0;
    if (old === current) continue;
    entered += bitsOf(current & ~old);
    left += bitsOf(old & ~current);
  }
  return { entered, left };
}

/** How many numbers are in a block. */
export function sizeOf(block: Block): number {
  return isBitmap(block, 0, block.length) ? bitsIn(block.subarray(1)) : (block.length - 1) / 2;
}

/** How many bits of a bitmap are set. */
function bitsIn(bitmap: Uint8Array): number {
  let count = 0;
  for (let byte = 0; byte < bitmap.length; byte += 1) count += bitsOf(bitmap[byte] ?? 0);
  return count;
}

function bitsOf(byte: number): number {
  return BITS[byte & 0xff] ?? 0;
}

const BITS = Uint8Array.from(
  { length: 256 },
  (_, byte) => [...byte.toString(2)].filter((bit) => bit === '1').length,
);

/** The same of 32-bit words, which is several times faster. */
export function bitsInWords(words: Int32Array): number {
  let count = 0;
  for (let at = 0; at < words.length; at += 1) {
    let word = words[at] ?? 0;
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}
