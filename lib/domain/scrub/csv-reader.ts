import { CsvPage, type PageMemory, PageShape, pageMemory } from './csv-page.ts';
import { type RecordScan, scanRecord } from './csv-record.ts';
import { type FileDefect, FileRejected } from './defect.ts';

export type CsvRecord = {
  /** 1 is the header. */
  readonly row: number;
  /** Physical line on which the record begins, from 1. */
  readonly line: number;
  /** Every byte of the record with its line end; of the first record without the BOM. */
  readonly raw: Uint8Array;
  /** Start and end of each field in `raw`, quotes included. */
  readonly bounds: readonly number[];
};

/** The bytes of one of a record's fields, quotes included. */
export function fieldOf({ raw, bounds }: Pick<CsvRecord, 'raw' | 'bounds'>, position: number): Uint8Array {
  return raw.subarray(bounds[position * 2], bounds[position * 2 + 1]);
}

const MAX_RECORD_BYTES = 64 * 1024;
/** Several of the longest records. */
const PAGE_BYTES = 256 * 1024;
const MAX_COLUMNS = 1000;
const LF = 0x0a;
const UTF8_BOM = '\xef\xbb\xbf';

// The first bytes of what is often mistaken for CSV. https://www.garykessler.net/library/file_sigs.html
const COMPRESSED = [
  'PK',
  '\x1f\x8b',
  'BZh',
  '\xfd7zXZ',
  '\x28\xb5\x2f\xfd',
  '7z\xbc\xaf',
  '\xd0\xcf\x11\xe0',
];
const UTF16_OR_32 = ['\xff\xfe', '\xfe\xff', '\x00\x00\xfe\xff'];

type Limits = { readonly delimiter: number; readonly maxBytes: number };

/**
 * Reads a CSV file strictly, page by page, from chunks cut anywhere. What is on a page depends on the file's bytes alone.
 * Memory: a page for each that is in use.
 */
export class CsvReader {
  readonly #chunks: AsyncGenerator<Uint8Array>;
  readonly #limits: Limits;
  readonly #bounds: number[] = [];
  readonly #spare: PageMemory[] = [];
  #memory: PageMemory = pageMemory(PAGE_BYTES);
  /** How much of the memory is filled, and which part of the last chunk is not in it yet. */
  #size = 0;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;
  #isTooLarge = false;
  #next = { at: 0, row: 1, line: 1 };
  /** The byte order mark that the file begins with, if any. */
  bom: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>, limits: Limits) {
    this.#limits = limits;
    this.#chunks = this.#permitted(source);
  }

  /**
   * The file's first record.
   *
   * @throws FileRejected with line and cause.
   */
  async header(): Promise<CsvRecord> {
    await this.#fill();
    this.#next.at = this.#skipSignature();
    if (this.#size === this.#next.at && !this.#isTooLarge) throw new FileRejected('EMPTY_FILE');
    const found = this.#scanOne(this.#next);
    if ('cause' in found) throw new FileRejected(found.cause, { line: 1 });
    if (found.kind === 'incomplete') throw this.#tooLarge();
    const raw = new Uint8Array(this.#memory.bytes.subarray(this.#next.at, this.#next.at + found.end));
    this.#next = { at: this.#next.at + found.end, row: 2, line: 1 + lineFeeds(raw) };
    return { row: 1, line: 1, raw, bounds: [...this.#bounds] };
  }

  /**
   * Every record after the header, each with `columns` fields. A page is the caller's until it is given back.
   *
   * @throws FileRejected with line and cause, after every record before it was given out.
   */
  async *pages(columns: number): AsyncGenerator<CsvPage> {
    const { delimiter } = this.#limits;
    const shape = new PageShape({ delimiter, columns, maxRecordBytes: MAX_RECORD_BYTES });
    for (;;) {
      await this.#fill();
      const page = new CsvPage(this.#memory, shape, this.#next);
      const defect = this.#read(page, columns);
      const isLast = this.#ended && this.#rest.length === 0;
      this.#turnPage(page);
      if (page.count > 0) yield page;
      else this.release(page);
      if (defect !== undefined) throw defect;
      if (isLast && this.#isTooLarge) throw this.#tooLarge();
      if (isLast) return;
    }
  }

  /** Gives a page back: its memory is written over from now on. */
  release(page: CsvPage): void {
    this.#spare.push(page.memory);
  }

  /** Lets go of the source. */
  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }

  async *#permitted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let total = 0;
    for await (const chunk of source) {
      const permitted = chunk.subarray(0, this.#limits.maxBytes - total);
      total += chunk.length;
      this.#isTooLarge = total > this.#limits.maxBytes;
      yield permitted;
      if (this.#isTooLarge) return;
    }
  }

  /** Fills the memory, so that where a page ends does not depend on where a chunk does. */
  async #fill(): Promise<void> {
    while (this.#size < PAGE_BYTES) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next();
        this.#ended = done === true;
        if (done === true) return;
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, PAGE_BYTES - this.#size);
      this.#memory.bytes.set(part, this.#size);
      this.#size += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
  }

  /** Puts every complete record of the memory on the page; a defect if that is where they end. */
  #read(page: CsvPage, columns: number): FileRejected | undefined {
    for (;;) {
      page.scan(this.#size);
      if (page.end === this.#size) return undefined;
      const line = page.nextLine;
      const found = this.#scanOne({ at: page.end });
      if ('cause' in found) return new FileRejected(found.cause, { line });
      if (found.kind === 'incomplete') return undefined;
      const cells = this.#bounds.length / 2;
      if (cells !== columns) {
        return new FileRejected('RAGGED_ROW', { line, detail: `expected ${columns} cells, got ${cells}` });
      }
      const feeds = lineFeeds(this.#memory.bytes.subarray(page.end, page.end + found.end));
      page.add(this.#bounds, found.end, feeds);
    }
  }

  // What is found must depend on the bytes alone and never on where a chunk ends: a record is judged when it is
  // complete, or when the longest permitted record that could begin there has arrived.
  #scanOne({ at }: { readonly at: number }): RecordScan | { readonly cause: FileDefect } {
    const window = this.#memory.bytes.subarray(at, Math.min(at + MAX_RECORD_BYTES + 1, this.#size));
    const isWhole = this.#ended && !this.#isTooLarge && this.#rest.length === 0;
    const reachesEnd = isWhole && at + window.length === this.#size;
    const { delimiter } = this.#limits;
    const found = scanRecord({ bytes: window, delimiter, isLast: reachesEnd }, this.#bounds);
    const size = found.kind === 'record' ? found.end : window.length;
    const cause = defectOf(found, { size, reachesEnd, columns: this.#bounds.length / 2 });
    if (cause !== undefined) return { cause };
    return found.kind === 'record' && window.subarray(0, size).includes(0) ? { cause: 'NUL_BYTE' } : found;
  }

  /** Goes on to the next page, which begins with the record that this one has only a part of. */
  #turnPage(page: CsvPage): void {
    const memory = this.#spare.pop() ?? pageMemory(PAGE_BYTES);
    this.#memory.bytes.copy(memory.bytes, 0, page.end, this.#size);
    this.#memory = memory;
    this.#size -= page.end;
    this.#next = { at: 0, row: page.firstRow + page.count, line: page.nextLine };
  }

  /** Where the text begins. */
  #skipSignature(): number {
    const bytes = this.#memory.bytes.subarray(0, this.#size);
    if (COMPRESSED.some((magic) => startsWith(bytes, magic)))
      throw new FileRejected('COMPRESSED', { line: 1 });
    if (UTF16_OR_32.some((magic) => startsWith(bytes, magic))) throw new FileRejected('UTF16', { line: 1 });
    if (!startsWith(bytes, UTF8_BOM)) return 0;
    this.bom = new Uint8Array(bytes.subarray(0, UTF8_BOM.length));
    return UTF8_BOM.length;
  }

  #tooLarge(): FileRejected {
    return new FileRejected('TOO_LARGE', { detail: `expected at most ${this.#limits.maxBytes} bytes` });
  }
}

function defectOf(
  found: RecordScan,
  { size, reachesEnd, columns }: { size: number; reachesEnd: boolean; columns: number },
): FileDefect | undefined {
  if (found.kind === 'defect') return found.cause;
  if (size > MAX_RECORD_BYTES) return 'RECORD_TOO_LONG';
  if (found.kind === 'incomplete') return reachesEnd ? 'UNCLOSED_QUOTE' : undefined;
  return columns > MAX_COLUMNS ? 'TOO_MANY_COLUMNS' : undefined;
}

function lineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return [...magic].every((character, at) => bytes[at] === character.charCodeAt(0));
}
