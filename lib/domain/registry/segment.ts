import { sha256Hex } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { type Block, blockHasAt, placeOf } from './block.ts';

const GROUP_DIGITS = 4;
const ENDINGS = 10_000;
const GROUPS = 10 ** GROUP_DIGITS;
/** What follows `1` and an area code in a North American block's prefix has three digits. */
const NANP_RESTS = 1000;
const NANP_REST_DIGITS = 3;
const LINE_FEED = 0x0a;
const COLON = 0x3a;

/** The segment and the place in it where a number's block is looked for. */
export function groupOf(e164: string): {
  readonly group: string;
  readonly rest: string;
  readonly ending: number;
} {
  const { prefix, ending } = placeOf(e164);
  return { group: prefix.slice(0, GROUP_DIGITS), rest: prefix.slice(GROUP_DIGITS), ending };
}

/** The same segment for a number as an integer: the digits of E.164 without the plus. */
export function groupOfNumber(number: number): string {
  let group = Math.floor(number / ENDINGS);
  while (group >= GROUPS) group = Math.floor(group / 10);
  return String(group);
}

/** What a segment begins with: what follows the group's digits in each block's prefix, and the block's size. */
export function segmentTable(
  blocks: readonly { readonly rest: string; readonly bytes: number }[],
): Uint8Array {
  return new TextEncoder().encode(`${blocks.map(({ rest, bytes }) => `${rest}:${bytes}`).join(',')}\n`);
}

/**
 * Every listed number that begins with the same four digits (in the North American plan: one area code), in memory and
 * ready to be asked many times. Where each block begins is worked out once.
 */
export class Segment {
  readonly group: string;
  readonly #number: number;
  readonly #bytes: Uint8Array;
  /** What follows the group's digits, as 10^digits + rest: the leading one keeps `01` and `1` apart. */
  readonly #rests: readonly number[];
  /** Where the n-th block begins; one more than there are blocks. Empty where there is the table below. */
  readonly #starts: readonly number[];
  /** Position of a block by its rest. */
  readonly #positions: ReadonlyMap<number, number>;
  /**
   * For a segment of the North American plan, where the block of each rest from 000 begins, and after it the next one: what
   * takes time is to wait for memory, so a number is found by way of one table. A block that is not there has no bytes.
   */
  readonly #nanp: Int32Array | undefined;

  /**
   * @param bytes - table and blocks, as a snapshot has them.
   * @throws ComplianceError BAD_SNAPSHOT
   */
  constructor(group: string, bytes: Uint8Array) {
    this.group = group;
    this.#bytes = bytes;
    const { rests, starts } = readTable(bytes);
    this.#rests = rests;
    if (starts[rests.length] !== bytes.length) throw badSegment();
    const isNanp = group.length === GROUP_DIGITS && group.startsWith('1');
    this.#number = Number(group);
    this.#nanp = isNanp ? startsByRest(rests, starts) : undefined;
    this.#starts = isNanp ? [] : starts;
    this.#positions = isNanp ? new Map() : new Map(rests.map((rest, at) => [rest, at]));
  }

  /** A segment without numbers. */
  static empty(group: string): Segment {
    return new Segment(group, Uint8Array.of(LINE_FEED));
  }

  /**
   * Reads a segment that was read alone.
   *
   * @throws ComplianceError BAD_SNAPSHOT if the bytes are not the ones that the directory names.
   */
  static decode(
    bytes: Uint8Array,
    place: { readonly group: string; readonly bytes: number; readonly sha256: string },
  ): Segment {
    if (bytes.length !== place.bytes || sha256Hex(bytes) !== place.sha256) throw badSegment();
    return new Segment(place.group, bytes);
  }

  /** What follows the group's digits in the prefix of each block, ascending. */
  rests(): readonly string[] {
    return this.#rests.map((rest) => String(rest).slice(1));
  }

  block(rest: string): Block | undefined {
    const place = this.#placeOf(Number(`1${rest}`), rest.length);
    return place === undefined ? undefined : this.#bytes.subarray(place.from, place.to);
  }

  /**
   * Whether a number is listed.
   *
   * @param number - the digits of E.164 without the plus, as an integer: 12125550100. One of another group is not.
   * @throws ComplianceError BAD_BLOCK: membership is then unknown, not absent.
   */
  has(number: number): boolean {
    const prefix = Math.floor(number / ENDINGS);
    const group = this.#number;
    let scale = 1;
    let digits = 0;
    while (prefix >= (group + 1) * scale) {
      scale *= 10;
      digits += 1;
    }
    const rest = prefix - group * scale;
    if (rest < 0) return false;
    const place = this.#placeOf(scale + rest, digits);
    return place !== undefined && blockHasAt(this.#bytes, place, number - prefix * ENDINGS);
  }

  /**
   * Asks about many numbers of this group in one loop.
   *
   * @param numbers - integers as in `has`; a typed array is fastest.
   * @param out - `out[i]` becomes 1 where `numbers[i]` is listed, else 0.
   * @returns how many are listed.
   */
  probe(numbers: ArrayLike<number>, out: Uint8Array): number {
    let listed = 0;
    for (let at = 0; at < numbers.length; at += 1) {
      const isListed = this.has(numbers[at] ?? 0) ? 1 : 0;
      out[at] = isListed;
      listed += isListed;
    }
    return listed;
  }

  #placeOf(restKey: number, digits: number): { readonly from: number; readonly to: number } | undefined {
    const isNanp = this.#nanp !== undefined;
    if (isNanp && digits !== NANP_REST_DIGITS) return undefined;
    const starts = this.#nanp ?? this.#starts;
    const position = isNanp ? restKey - NANP_RESTS : (this.#positions.get(restKey) ?? -1);
    const from = starts[position] ?? 0;
    const to = starts[position + 1] ?? 0;
    return position < 0 || from === to ? undefined : { from, to };
  }
}

/** The line `rest:bytes,...` that a segment begins with; an empty line for no blocks. As numbers: a registry has 286,000. */
function readTable(bytes: Uint8Array): { rests: number[]; starts: number[] } {
  const rests: number[] = [];
  const sizes: number[] = [];
  let [rest, size] = [1, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const inSize = rests.length > sizes.length;
    if (byte === COLON) rests.push(rest);
    else if (byte >= 0x30 && byte <= 0x39) {
      if (inSize) size = size * 10 + byte - 0x30;
      else rest = rest * 10 + byte - 0x30;
    } else {
      if (inSize) sizes.push(size);
      [rest, size] = [1, 0];
      if (byte === LINE_FEED) return { rests, starts: startsOf(sizes, at + 1) };
    }
  }
  throw badSegment();
}

function startsOf(sizes: readonly number[], first: number): number[] {
  const starts = [first];
  let next = first;
  for (const size of sizes) {
    next += size;
    starts.push(next);
  }
  return starts;
}

/** `starts` with an entry for every rest of three digits, in order. */
function startsByRest(rests: readonly number[], starts: readonly number[]): Int32Array {
  const byRest = new Int32Array(NANP_RESTS + 1);
  let next = 0;
  for (let rest = 0; rest <= NANP_RESTS; rest += 1) {
    byRest[rest] = starts[next] ?? 0;
    if (rests[next] === NANP_RESTS + rest) next += 1;
  }
  // Not three digits each, or not in order.
  if (next !== rests.length) throw badSegment();
  return byRest;
}

function badSegment(): ComplianceError {
  return new ComplianceError({
    code: 'BAD_SNAPSHOT',
    message: 'expected a registry snapshot, but a segment is not what was written',
  });
}
