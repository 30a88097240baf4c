import { createHash } from 'node:crypto';
import { sha256Hex } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { BITMAP_BYTES, bitsInWords, blockBytes, decodeInto, writeBlock } from './block.ts';
import { groupOfNumber, Segment, segmentTable } from './segment.ts';
import { encodeIndex, type SegmentPlace } from './snapshot.ts';
import type { RegistryVersion } from './version.ts';

/** A snapshot ready to be written, and the SHA-256 of the whole. */
export type BuiltSnapshot = {
  readonly bytes: number;
  readonly sha256: string;
  readonly numbers: number;
  readonly blocks: number;
  /** Its bytes in order, made while they are taken: the numbers must stay as they are until then. */
  parts(): Generator<Uint8Array>;
};

const ENDINGS = 10_000;
const SLAB_SLOTS = 1024;
/** A bitmap, and two bytes that stay zero so that each begins at a 32-bit word. */
const SLOT_BYTES = BITMAP_BYTES + 2;
const SLOT_WORDS = SLOT_BYTES / 4;
/** Prefixes of the North American plan: `1`, area code, exchange. */
const NANP_FIRST = 1_000_000;
const NANP_PREFIXES = 1_000_000;

/**
 * The numbers of one registry version while they are gathered: a bitmap for each block that has any, all of them in a
 * few large pieces. Memory: 1,250 bytes a block, so 360 MB for all of the US registry, and 4 MB for finding them.
 */
export class SnapshotBuilder {
  readonly #slabs: Uint8Array[] = [];
  readonly #prefixes: number[] = [];
  readonly #others = new Map<number, number>();
  #nanp: Int32Array | undefined;
  #lastPrefix = -1;
  #lastSlot = 0;

  /**
   * Where the bitmap of a block is; made if there is none.
   *
   * @param prefix - a number without its last four digits, as an integer.
   */
  slotOf(prefix: number): number {
    if (prefix === this.#lastPrefix) return this.#lastSlot;
    const slot = this.#known(prefix) ?? this.#make(prefix);
    this.#lastPrefix = prefix;
    this.#lastSlot = slot;
    return slot;
  }

  /** The piece of memory that a slot lies in. */
  slabOf(slot: number): Uint8Array {
    const slab = this.#slabs[Math.floor(slot / SLAB_SLOTS)];
    if (slab === undefined) throw new RangeError('expected a slot that was made');
    return slab;
  }

  /** Where in its piece of memory a slot begins. */
  baseOf(slot: number): number {
    return (slot % SLAB_SLOTS) * SLOT_BYTES;
  }

  /** @param number - the digits of E.164 without the plus, as an integer. */
  add(number: number): void {
    const { slab, at, bit } = this.#placeOf(number);
    slab[at] = (slab[at] ?? 0) | bit;
  }

  remove(number: number): void {
    const { slab, at, bit } = this.#placeOf(number);
    slab[at] = (slab[at] ?? 0) & ~bit;
  }

  has(number: number): boolean {
    const prefix = Math.floor(number / ENDINGS);
    if (this.#known(prefix) === undefined) return false;
    const { slab, at, bit } = this.#placeOf(number);
    return ((slab[at] ?? 0) & bit) !== 0;
  }

  /** Adds every number of a segment. */
  addSegment(segment: Segment): void {
    for (const rest of segment.rests()) {
      const block = segment.block(rest);
      if (block !== undefined)
        decodeInto(this.#bitmap(this.slotOf(Number(`${segment.group}${rest}`))), block);
    }
  }

  /** How many different numbers there are; counts them. */
  count(): number {
    return this.#prefixes.reduce((sum, _prefix, slot) => sum + this.#size(slot), 0);
  }

  /** Segments of what was gathered until now. */
  segments(): { groups(): readonly string[]; segment(group: string): Promise<Segment> } {
    const slots = this.#slotsByGroup();
    return {
      groups: () => [...slots.keys()].toSorted(),
      segment: async (group) => new Segment(group, this.#segment(slots.get(group) ?? []).bytes),
    };
  }

  /**
   * Works out the snapshot. It is not held in memory: its parts are made once to hash them, and again to write them.
   *
   * @throws ComplianceError EMPTY_REGISTRY: a registry without a number is a broken file, not an empty list.
   */
  build(about: Pick<RegistryVersion, 'registry' | 'versionAt' | 'areaCodes'>): BuiltSnapshot {
    const { registry, versionAt, areaCodes } = about;
    const slots = this.#slotsByGroup();
    const places: SegmentPlace[] = [];
    const scratch = new Scratch();
    let [numbers, blocks, offset] = [0, 0, 0];
    for (const group of [...slots.keys()].toSorted()) {
      const segment = this.#segment(slots.get(group) ?? [], scratch);
      if (segment.blocks === 0) continue;
      places.push({ group, offset, bytes: segment.bytes.length, sha256: sha256Hex(segment.bytes) });
      offset += segment.bytes.length;
      blocks += segment.blocks;
      numbers += segment.numbers;
    }
    if (numbers === 0) throw emptyRegistry();
    const index = encodeIndex({ registry, versionAt, areaCodes, numbers, blocks }, places);
    const segmentOf = (group: string): Uint8Array => this.#segment(slots.get(group) ?? []).bytes;
    function* parts(): Generator<Uint8Array> {
      yield index;
      for (const { group } of places) yield segmentOf(group);
    }
    const hash = createHash('sha256');
    hash.update(index);
    for (const { group } of places) hash.update(this.#segment(slots.get(group) ?? [], scratch).bytes);
    return { bytes: index.length + offset, sha256: hash.digest('hex'), numbers, blocks, parts };
  }

  /** Blocks that have numbers, as the bytes of a segment. */
  #segment(
    slots: readonly number[],
    memory: { take(bytes: number): Uint8Array } = FRESH,
  ): { bytes: Uint8Array; blocks: number; numbers: number } {
    const filled = slots
      .map((slot) => ({ slot, rest: String(this.#prefixes[slot]).slice(4), size: this.#size(slot) }))
      .filter(({ size }) => size > 0)
      .toSorted((a, b) => (a.rest < b.rest ? -1 : 1));
    const table = segmentTable(filled.map(({ rest, size }) => ({ rest, bytes: blockBytes(size) })));
    const total = filled.reduce((sum, { size }) => sum + blockBytes(size), table.length);
    const bytes = memory.take(total);
    bytes.set(table);
    let at = table.length;
    for (const { slot, size } of filled) {
      const next = at + blockBytes(size);
      writeBlock(bytes.subarray(at, next), this.#bitmap(slot));
      at = next;
    }
    return { bytes, blocks: filled.length, numbers: filled.reduce((sum, { size }) => sum + size, 0) };
  }

  #size(slot: number): number {
    const slab = this.slabOf(slot);
    const words = new Int32Array(slab.buffer, this.baseOf(slot), SLOT_WORDS);
    return bitsInWords(words);
  }

  #slotsByGroup(): ReadonlyMap<string, readonly number[]> {
    const groups = new Map<string, number[]>();
    for (const [slot, prefix] of this.#prefixes.entries()) {
      const group = groupOfNumber(prefix * ENDINGS);
      const slots = groups.get(group);
      if (slots === undefined) groups.set(group, [slot]);
      else slots.push(slot);
    }
    return groups;
  }

  #bitmap(slot: number): Uint8Array {
    const base = this.baseOf(slot);
    return this.slabOf(slot).subarray(base, base + BITMAP_BYTES);
  }

  #placeOf(number: number): { readonly slab: Uint8Array; readonly at: number; readonly bit: number } {
    const prefix = Math.floor(number / ENDINGS);
    const ending = number - prefix * ENDINGS;
    const slot = this.slotOf(prefix);
    return { slab: this.slabOf(slot), at: this.baseOf(slot) + (ending >> 3), bit: 1 << (ending & 7) };
  }

  #known(prefix: number): number | undefined {
    const nanp = prefix - NANP_FIRST;
    if (nanp < 0 || nanp >= NANP_PREFIXES) return this.#others.get(prefix);
    const slot = this.#nanp?.[nanp] ?? 0;
    return slot === 0 ? undefined : slot - 1;
  }

  #make(prefix: number): number {
    const slot = this.#prefixes.length;
    if (slot % SLAB_SLOTS === 0) this.#slabs.push(new Uint8Array(SLAB_SLOTS * SLOT_BYTES));
    this.#prefixes.push(prefix);
    const nanp = prefix - NANP_FIRST;
    if (nanp >= 0 && nanp < NANP_PREFIXES) {
      this.#nanp ??= new Int32Array(NANP_PREFIXES);
      this.#nanp[nanp] = slot + 1;
    } else this.#others.set(prefix, slot);
    return slot;
  }
}

const FRESH = { take: (bytes: number) => new Uint8Array(bytes) };

/** Memory that is taken again and again, for bytes that are needed once: a segment has a megabyte. */
class Scratch {
  #bytes = new Uint8Array(0);

  take(bytes: number): Uint8Array {
    if (bytes > this.#bytes.length) this.#bytes = new Uint8Array(bytes * 2);
    return this.#bytes.subarray(0, bytes);
  }
}

export function emptyRegistry(): ComplianceError {
  return new ComplianceError({
    code: 'EMPTY_REGISTRY',
    message: 'expected at least one number, got none; nothing was imported',
  });
}
