import type { CsvRecord } from './csv-reader.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const NUL = 0;

/** What a page is made in; taken again for a later page once nobody reads this one any more. */
export type PageMemory = {
  /** One byte longer than a page can be: the byte after the last one is ours, and says where the page ends. */
  readonly bytes: Buffer;
  starts: Int32Array;
  lines: Int32Array;
};

export function pageMemory(pageBytes: number): PageMemory {
  return { bytes: Buffer.alloc(pageBytes + 1), starts: new Int32Array(4096), lines: new Int32Array(1024) };
}

/** How the records of one file look. */
export class PageShape {
  readonly delimiter: number;
  readonly columns: number;
  readonly maxRecordBytes: number;
  /** 1 for each byte at which a field without quotes ends, or goes wrong. */
  readonly stops: Uint8Array;

  constructor({ delimiter, columns, maxRecordBytes }: Omit<PageShape, 'stops'>) {
    this.delimiter = delimiter;
    this.columns = columns;
    this.maxRecordBytes = maxRecordBytes;
    this.stops = new Uint8Array(256);
    for (const byte of [delimiter, LF, CR, QUOTE, NUL]) this.stops[byte] = 1;
  }
}

/** Complete records of a file, one after the other, each with the same number of fields. */
export class CsvPage {
  readonly memory: PageMemory;
  /** 1 is the header. */
  readonly firstRow: number;
  readonly #shape: PageShape;
  #count = 0;
  #line: number;
  /** For each record where its fields begin, and one past the end of the last; the end of a field is one less. */
  #starts: Int32Array;
  #lines: Int32Array;
  #end: number;

  /** `at`: where in the memory its first record begins. */
  constructor(memory: PageMemory, shape: PageShape, begin: { at: number; row: number; line: number }) {
    this.memory = memory;
    this.#shape = shape;
    this.firstRow = begin.row;
    this.#line = begin.line;
    this.#starts = memory.starts;
    this.#lines = memory.lines;
    this.#end = begin.at;
  }

  /** How many records it holds. */
  get count(): number {
    return this.#count;
  }

  /** Where the record after its last one begins. */
  get end(): number {
    return this.#end;
  }

  /** Physical line on which the record after its last one begins. */
  get nextLine(): number {
    return this.#line;
  }

  get bytes(): Buffer {
    return this.memory.bytes;
  }

  /** Physical line on which a record begins, from 1. */
  lineOf(record: number): number {
    return this.#lines[record] ?? 0;
  }

  /** Where a field begins, its quotes included. */
  startOf(record: number, column: number): number {
    return this.#starts[record * (this.#shape.columns + 1) + column] ?? 0;
  }

  /** One past the last byte of a field, its quotes included. */
  endOf(record: number, column: number): number {
    return (this.#starts[record * (this.#shape.columns + 1) + column + 1] ?? 1) - 1;
  }

  /** One past the last byte of a record, its line end included. */
  recordEnd(record: number): number {
    return record + 1 < this.#count ? this.startOf(record + 1, 0) : this.#end;
  }

  /** A copy of one of its records. */
  record(record: number): CsvRecord {
    const begin = this.startOf(record, 0);
    const bounds: number[] = [];
    for (let column = 0; column < this.#shape.columns; column += 1) {
      bounds.push(this.startOf(record, column) - begin, this.endOf(record, column) - begin);
    }
    const raw = new Uint8Array(this.bytes.subarray(begin, this.recordEnd(record)));
    return { row: this.firstRow + record, line: this.lineOf(record), raw, bounds };
  }

  /** Takes a record that was read by other means; `bounds` as of `scanRecord`, which counts from the record's begin. */
  add(bounds: readonly number[], size: number, lineFeeds: number): void {
    this.#grow();
    const base = this.#count * (this.#shape.columns + 1);
    for (let column = 0; column < this.#shape.columns; column += 1) {
      this.#starts[base + column] = this.#end + (bounds[column * 2] ?? 0);
    }
    this.#starts[base + this.#shape.columns] = this.#end + (bounds.at(-1) ?? 0) + 1;
    this.#complete(this.#end + size, lineFeeds);
  }

  /**
   * Takes plain records as far as they go: up to `size`, or to the first one that is not complete, not of this shape, or
   * in any way unusual. Nothing is said of that one: it must be read by `scanRecord`.
   */
  scan(size: number): void {
    this.bytes[size] = NUL;
    for (;;) {
      this.#grow();
      const next = this.#scanOne();
      if (next < 0) return;
      this.#complete(next, this.#lineFeeds);
    }
  }

  /** Line feeds in the record that is being scanned. */
  #lineFeeds = 0;

  // The inner loop of every scrub: no objects. NUL ends the loops over bytes, in the data or after it.
  #scanOne(): number {
    const bytes = this.memory.bytes;
    const starts = this.#starts;
    const { delimiter, columns, maxRecordBytes } = this.#shape;
    let slot = this.#count * (columns + 1);
    const lastSlot = slot + columns - 1;
    this.#lineFeeds = 1;
    for (let at = this.#end; ; at += 1, slot += 1) {
      starts[slot] = at;
      at = bytes[at] === QUOTE ? this.#afterQuoted(at) : this.#afterPlain(at);
      const byte = bytes[at];
      if (byte === delimiter && slot < lastSlot) continue;
      const lineEnd = byte === LF ? 1 : byte === CR && bytes[at + 1] === LF ? 2 : 0;
      if (slot !== lastSlot || lineEnd === 0) return -1;
      starts[slot + 1] = at + 1;
      const next = at + lineEnd;
      return next - this.#end > maxRecordBytes ? -1 : next;
    }
  }

  #afterPlain(start: number): number {
    const bytes = this.memory.bytes;
    const { stops } = this.#shape;
    let at = start;
    while (stops[bytes[at] ?? NUL] === 0) at += 1;
    return at;
  }

  /** Where the byte after a quoted field's closing quote stands; the NUL where there is no closing quote before it. */
  #afterQuoted(quote: number): number {
    const bytes = this.memory.bytes;
    for (let at = quote + 1; ; at += 1) {
      const byte = bytes[at];
      if (byte === LF) this.#lineFeeds += 1;
      else if (byte === NUL) return at;
      else if (byte === QUOTE) {
        at += 1;
        if (bytes[at] !== QUOTE) return at;
      }
    }
  }

  #complete(next: number, lineFeeds: number): void {
    this.#lines[this.#count] = this.#line;
    this.#line += lineFeeds;
    this.#count += 1;
    this.#end = next;
  }

  /** Room for one record more. */
  #grow(): void {
    if ((this.#count + 1) * (this.#shape.columns + 1) > this.#starts.length) {
      this.#starts = grown(this.#starts, this.#shape.columns + 1);
      this.memory.starts = this.#starts;
    }
    if (this.#count === this.#lines.length) {
      this.#lines = grown(this.#lines, 1);
      this.memory.lines = this.#lines;
    }
  }
}

function grown(array: Int32Array, more: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2 + more);
  larger.set(array);
  return larger;
}
