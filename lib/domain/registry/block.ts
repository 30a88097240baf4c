import { ComplianceError } from '../errors.ts';

/**
 * A block says which of the 10,000 numbers that share all but their last four digits are on a registry. One tag byte,
 * then whichever is smaller: 1,250 bytes of bitmap (bit n: the number that ends in n), or the endings themselves as
 * ascending big-endian 16-bit values. Exact; no number is ever added or lost by the form.
 */
export type Block = Uint8Array;

const NUMBERS = 10_000;
const BITMAP_BYTES = NUMBERS / 8;
const SORTED = 0;
const BITMAP = 1;

/** Where a number stands: its block, and its ending 0-9999 in it. */
export function placeOf(e164: string): { readonly prefix: string; readonly ending: number } {
  return { prefix: e164.slice(1, -4), ending: Number(e164.slice(-4)) };
}

/** Encodes endings, in any order and with repetitions. */
export function encodeBlock(endings: Iterable<number>): Block {
  const bitmap = new BlockBitmap();
  for (const ending of endings) bitmap.add(ending);
  return bitmap.encode();
}

/** A block while its numbers are still being gathered. */
export class BlockBitmap {
  readonly #bits = new Uint8Array(BITMAP_BYTES);
  #size = 0;

  /** How many different endings were added. */
  get size(): number {
    return this.#size;
  }

  /** Returns whether the ending is new. */
  add(ending: number): boolean {
    if (!Number.isInteger(ending) || ending < 0 || ending >= NUMBERS) {
      throw new ComplianceError({ code: 'BAD_ENDING', message: 'expected an ending from 0 to 9999' });
    }
    const bit = 1 << (ending & 7);
    const before = this.#bits[ending >> 3] ?? 0;
    if ((before & bit) !== 0) return false;
    this.#bits[ending >> 3] = before | bit;
    this.#size += 1;
    return true;
  }

  encode(): Block {
    return this.#size * 2 < BITMAP_BYTES
      ? Uint8Array.of(SORTED, ...sortedBytes(this.#bits))
      : Uint8Array.of(BITMAP, ...this.#bits);
  }
}

function* sortedBytes(bitmap: Uint8Array): Generator<number> {
  for (let ending = 0; ending < NUMBERS; ending += 1) {
    if (((bitmap[ending >> 3] ?? 0) >> (ending & 7)) & 1) {
      yield ending >> 8;
      yield ending & 0xff;
    }
  }
}

/**
 * Whether the number with this ending is in the block.
 *
 * @throws ComplianceError BAD_BLOCK if the bytes are no block: membership is then unknown, not absent.
 */
export function blockHas(block: Block, ending: number): boolean {
  const tag = block[0];
  if (tag === BITMAP && block.length === BITMAP_BYTES + 1) {
    return (((block[1 + (ending >> 3)] ?? 0) >> (ending & 7)) & 1) === 1;
  }
  if (tag === SORTED && block.length % 2 === 1 && block.length < BITMAP_BYTES + 1)
    return sortedHas(block, ending);
  throw new ComplianceError({ code: 'BAD_BLOCK', message: 'expected a registry block, got other bytes' });
}

function sortedHas(block: Block, ending: number): boolean {
  let low = 0;
  let high = (block.length - 1) / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = ((block[1 + middle * 2] ?? 0) << 8) | (block[2 + middle * 2] ?? 0);
    if (value === ending) return true;
    if (value < ending) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** The endings in a block, ascending. */
export function* blockEndings(block: Block): Generator<number> {
  for (let ending = 0; ending < NUMBERS; ending += 1) if (blockHas(block, ending)) yield ending;
}
