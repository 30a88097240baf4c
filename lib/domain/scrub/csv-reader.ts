import { joinedBytes } from '../bytes.ts';
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

export const MAX_RECORD_BYTES = 64 * 1024;
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

/** Reads a CSV file strictly, record by record, from chunks cut anywhere. Memory: one chunk and one record. */
export class CsvReader {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #limits: { readonly delimiter: number; readonly maxBytes: number };
  readonly #bounds: number[] = [];
  #row = 0;
  #line = 1;
  /** The byte order mark that the file begins with, if any. */
  bom: Uint8Array = new Uint8Array(0);

  constructor(
    source: AsyncIterable<Uint8Array>,
    limits: { readonly delimiter: number; readonly maxBytes: number },
  ) {
    this.#source = source;
    this.#limits = limits;
  }

  /** @throws FileRejected with line and cause, after every record before it was given out. */
  async *records(): AsyncGenerator<readonly CsvRecord[]> {
    let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
    let started = false;
    for await (const bytes of this.#chunks()) {
      const joined = rest.length === 0 ? bytes : joinedBytes([rest, bytes]);
      const text = started ? joined : this.#withoutSignature(joined);
      started = true;
      const { records, end, defect } = this.#scan(text, false);
      yield records;
      if (defect !== undefined) throw defect;
      rest = text.slice(end);
    }
    const { records, defect } = this.#scan(rest, true);
    yield records;
    if (defect !== undefined) throw defect;
  }

  /** The source in pieces that are large enough for no record to be scanned more than a few times. */
  async *#chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { maxBytes } = this.#limits;
    let held: Uint8Array[] = [];
    let heldBytes = 0;
    let total = 0;
    for await (const chunk of this.#source) {
      const permitted = chunk.subarray(0, maxBytes - total);
      held.push(permitted);
      heldBytes += permitted.length;
      total += chunk.length;
      if (total > maxBytes) break;
      if (heldBytes < MAX_RECORD_BYTES) continue;
      yield joinedBytes(held);
      held = [];
      heldBytes = 0;
    }
    if (total === 0) throw new FileRejected('EMPTY_FILE');
    if (heldBytes > 0) yield joinedBytes(held);
    if (total > maxBytes)
      throw new FileRejected('TOO_LARGE', { detail: `expected at most ${maxBytes} bytes` });
  }

  #withoutSignature(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    if (COMPRESSED.some((magic) => startsWith(bytes, magic)))
      throw new FileRejected('COMPRESSED', { line: 1 });
    if (UTF16_OR_32.some((magic) => startsWith(bytes, magic))) throw new FileRejected('UTF16', { line: 1 });
    if (!startsWith(bytes, UTF8_BOM)) return bytes;
    this.bom = bytes.slice(0, UTF8_BOM.length);
    return bytes.subarray(UTF8_BOM.length);
  }

  // What is found must depend on the bytes alone and never on where a chunk ends: a record is judged when it is
  // complete, or when the longest permitted record that could begin there has arrived.
  #scan(bytes: Uint8Array, isLast: boolean): Scanned {
    const records: CsvRecord[] = [];
    let at = 0;
    while (at < bytes.length) {
      const window = bytes.subarray(at, at + MAX_RECORD_BYTES + 1);
      const reachesEnd = isLast && at + window.length === bytes.length;
      const scan = { bytes: window, delimiter: this.#limits.delimiter, isLast: reachesEnd };
      const found = scanRecord(scan, this.#bounds);
      const size = found.kind === 'record' ? found.end : window.length;
      const cause = defectOf(found, { size, reachesEnd, columns: this.#bounds.length / 2 });
      if (cause !== undefined) return { records, end: at, defect: this.#refused(cause) };
      if (found.kind !== 'record') break;
      const raw = window.subarray(0, size);
      if (raw.includes(0)) return { records, end: at, defect: this.#refused('NUL_BYTE') };
      records.push(this.#record(raw));
      at += size;
    }
    return { records, end: at };
  }

  #record(raw: Uint8Array): CsvRecord {
    this.#row += 1;
    const line = this.#line;
    this.#line += lineFeeds(raw);
    return { row: this.#row, line, raw, bounds: [...this.#bounds] };
  }

  #refused(cause: FileDefect): FileRejected {
    return new FileRejected(cause, { line: this.#line });
  }
}

type Scanned = {
  readonly records: readonly CsvRecord[];
  readonly end: number;
  readonly defect?: FileRejected;
};

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
