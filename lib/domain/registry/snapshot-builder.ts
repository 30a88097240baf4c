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
  /** Its bytes in order, once: the builder lets its numbers go while they are taken. */
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

/** What a segment will be made of: its blocks that have numbers, with what is counted once and needed several times. */
type SegmentPlan = {
  readonly group: string;
  readonly table: Uint8Array;
  readonly slots: Int32Array;
  /** Bytes of the block of each slot. */
  readonly sizes: Int32Array;
  /** Of the whole segment. */
  readonly bytes: number;
  readonly numbers: number;
};

/**
 * The numbers of one registry version while they are gathered: a bitmap for each block that has any, all of them in a
 * few large pieces. Memory: 1,250 bytes a block, so 360 MB for all of the US registry, and 4 MB for finding them.
 */
export class SnapshotBuilder {
  readonly #slabs: Uint8Array<ArrayBuffer>[] = [];
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

  /** The piece of memory that a slot lies in. Throws RangeError once it was let go. */
  slabOf(slot: number): Uint8Array<ArrayBuffer> {
    const slab = this.#slabs[slabNumber(slot)];
    if (slab === undefined || slab.length === 0) throw new RangeError('expected a slot, not one let go');
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
    const plans = new Map(this.#plans().map((plan) => [plan.group, plan]));
    return {
      groups: () => [...plans.keys()],
      segment: async (group) => {
        const plan = plans.get(group);
        return plan === undefined ? Segment.empty(group) : new Segment(group, this.#segment(plan));
      },
    };
  }

  /**
   * Works out the snapshot. It is not held in memory: its parts are made twice to hash them, and again to write them.
   *
   * @throws ComplianceError EMPTY_REGISTRY: a registry without a number is a broken file, not an empty list.
   */
  build(about: Pick<RegistryVersion, 'registry' | 'versionAt' | 'areaCodes'>): BuiltSnapshot {
    const { registry, versionAt, areaCodes } = about;
    const plans = this.#plans();
    const places: SegmentPlace[] = [];
    const scratch = new Scratch();
    let [numbers, blocks, offset] = [0, 0, 0];
    for (const plan of plans) {
      const sha256 = sha256Hex(this.#segment(plan, scratch));
      places.push({ group: plan.group, offset, bytes: plan.bytes, sha256 });
      offset += plan.bytes;
      blocks += plan.slots.length;
      numbers += plan.numbers;
    }
    if (numbers === 0) throw emptyRegistry();
    const index = encodeIndex({ registry, versionAt, areaCodes, numbers, blocks }, places);
    const hash = createHash('sha256').update(index);
    for (const plan of plans) hash.update(this.#segment(plan, scratch));
    const parts = () => this.#parts(index, plans);
    return { bytes: index.length + offset, sha256: hash.digest('hex'), numbers, blocks, parts };
  }

  *#parts(index: Uint8Array, plans: readonly SegmentPlan[]): Generator<Uint8Array> {
    yield index;
    const waiting = new Int32Array(this.#slabs.length);
    for (const slot of plans.flatMap(({ slots }) => [...slots])) {
      const number = slabNumber(slot);
      waiting[number] = (waiting[number] ?? 0) + 1;
    }
    for (const plan of plans) {
      const bytes = this.#segment(plan);
      this.#letGo(plan, waiting);
      yield bytes;
    }
  }

  /** Frees the pieces of memory for which no other segment waits. */
  #letGo({ slots }: SegmentPlan, waiting: Int32Array): void {
    for (const slot of slots) {
      const number = slabNumber(slot);
      const left = (waiting[number] ?? 0) - 1;
      waiting[number] = left;
      // At once: the garbage collector would wait until there is a lot of it.
      if (left === 0) this.slabOf(slot).buffer.transfer(0);
    }
  }

  /** The segments that have numbers, in the order of the snapshot. */
  #plans(): readonly SegmentPlan[] {
    const groups = [...this.#slotsByGroup()].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return groups.map(([group, slots]) => this.#plan(group, slots)).filter(({ numbers }) => numbers > 0);
  }

  #plan(group: string, slots: readonly number[]): SegmentPlan {
    const filled = slots
      .map((slot) => ({ slot, rest: String(this.#prefixes[slot]).slice(4), size: this.#size(slot) }))
      .filter(({ size }) => size > 0)
      .toSorted((a, b) => (a.rest < b.rest ? -1 : 1));
    const sizes = filled.map(({ size }) => blockBytes(size));
    const table = segmentTable(filled.map(({ rest }, at) => ({ rest, bytes: sizes[at] ?? 0 })));
    return {
      group,
      table,
      slots: Int32Array.from(filled, ({ slot }) => slot),
      sizes: Int32Array.from(sizes),
      bytes: sizes.reduce((sum, size) => sum + size, table.length),
      numbers: filled.reduce((sum, { size }) => sum + size, 0),
    };
  }

  #segment(
    { table, slots, sizes, bytes: total }: SegmentPlan,
    memory: { take(bytes: number): Uint8Array } = FRESH,
  ): Uint8Array {
    const bytes = memory.take(total);
    bytes.set(table);
    let at = table.length;
    for (const [position, slot] of slots.entries()) {
      const next = at + (sizes[position] ?? 0);
      writeBlock(bytes.subarray(at, next), this.#bitmap(slot));
      at = next;
    }
    return bytes;
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

function slabNumber(slot: number): number {
  return Math.floor(slot / SLAB_SLOTS);
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
