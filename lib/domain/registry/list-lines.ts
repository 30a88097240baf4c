import { ComplianceError } from '../errors.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';

/** How the numbers of a list are written, where they are not `areacode,number` or E.164. */
export type NationalForm = {
  /** Goes before numbers in national form: '44'. */
  readonly callingCode: string;
  /** What national form begins with and E.164 has not: '0', or nothing. */
  readonly trunkPrefix: string;
};

export type ListForm = {
  /** Area codes that may occur; undefined: any number of any country. */
  readonly areaCodes?: ReadonlySet<string> | undefined;
  readonly national?: NationalForm | undefined;
};

const LINE_LIMIT = 64;
const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;
const ZERO = 0x30;
const FLAT_BYTES = 'ddd,ddddddd'.length;
const SLOWEST_CHECK = FLAT_BYTES + 2;
/** `000\n`, little-endian: what is left of three digits and a line feed are the digits' values. */
const DIGITS_AND_LF = 0x0a303030;

// NANP: neither area code nor exchange begins with 0 or 1.
const FLAT_LINE = /^([2-9]\d\d),([2-9]\d{6})$/;
const E164 = /^(?:1[2-9]\d\d[2-9]\d{6}|[2-9]\d{6,14})$/;

/**
 * Takes a full list into a builder, one number a line: `818,2596712` as the FTC gives it, `+442079460000`, or national
 * form where the list is known to use one; LF or CRLF, blanks at the end of a line or of the file. Anything else refuses
 * the whole file and says in which line; the line itself is never shown.
 */
export class ListLines {
  readonly #builder: SnapshotBuilder;
  readonly #form: ListForm;
  #bytes = new Uint8Array(1 << 17);
  #kept = 0;
  #lines = 0;
  #blankLines = 0;

  constructor(builder: SnapshotBuilder, form: ListForm = {}) {
    this.#builder = builder;
    this.#form = form;
  }

  /** Lines with a number, until now. */
  get lines(): number {
    return this.#lines;
  }

  /** @throws ComplianceError BAD_REGISTRY_LINE, WRONG_AREA_CODE */
  push(chunk: Uint8Array): void {
    const end = this.#kept + chunk.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(end * 2);
      larger.set(this.#bytes.subarray(0, this.#kept));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#kept);
    const at = this.#take(end);
    this.#bytes.copyWithin(0, at, end);
    this.#kept = end - at;
    if (this.#kept > LINE_LIMIT) throw badLine(this.#lines + this.#blankLines + 1);
  }

  /** Takes a last line without an end. */
  end(): void {
    if (this.#kept > 0) this.#line(0, this.#kept);
    this.#kept = 0;
  }

  /** Takes whole lines; returns where the first one begins that is not whole. */
  #take(end: number): number {
    let at = 0;
    while (at < end) {
      at = this.#takeFlat(at, end);
      const lineEnd = this.#bytes.subarray(0, end).indexOf(LF, at);
      if (lineEnd < 0) return at;
      this.#line(at, lineEnd);
      at = lineEnd + 1;
    }
    return at;
  }

  /**
   * Takes flat lines for as long as they come; returns where something else begins. Four bytes at a time, little-endian:
   * `818,` `2596` `712\n`. In sorted lists the first two mostly repeat, and say which block the third goes into.
   */
  #takeFlat(start: number, end: number): number {
    const bytes = this.#bytes;
    const view = new DataView(bytes.buffer);
    let at = start;
    let area = 0;
    let exchange = 0;
    let slab: Uint8Array = NO_BYTES;
    let [base, thousands, lines] = [0, 0, 0];
    while (at + SLOWEST_CHECK <= end) {
      const first = view.getInt32(at, true);
      const second = view.getInt32(at + 4, true);
      if (first !== area || second !== exchange) {
        const prefix = this.#flatPrefixAt(at);
        if (prefix < 0) break;
        area = first;
        exchange = second;
        const slot = this.#builder.slotOf(prefix);
        slab = this.#builder.slabOf(slot);
        base = this.#builder.baseOf(slot);
        thousands = ((second >>> 24) - ZERO) * 1000;
      }
      let digits = view.getInt32(at + 8, true) ^ DIGITS_AND_LF;
      if (!areDigitsAndLf(digits)) {
        if (digits >>> 24 !== (CR ^ LF) || bytes[at + 12] !== LF) break;
        digits &= 0xffffff;
        if (!areDigitsAndLf(digits)) break;
        at += 1;
      }
      const ending = thousands + (digits & 15) * 100 + ((digits >> 8) & 15) * 10 + (digits >> 16);
      const byte = base + (ending >> 3);
      slab[byte] = (slab[byte] ?? 0) | (1 << (ending & 7));
      at += FLAT_BYTES + 1;
      lines += 1;
    }
    if (lines > 0) this.#noBlanksBefore();
    this.#lines += lines;
    return at;
  }

  /** The block of the flat line that stands there; -1 if none does, or one of an area code that may not occur. */
  #flatPrefixAt(at: number): number {
    const areaCode = this.#threeDigitsAt(at);
    const exchange = this.#threeDigitsAt(at + 4);
    const thousands = (this.#bytes[at + 7] ?? 0) - ZERO;
    if (areaCode < 200 || exchange < 200 || this.#bytes[at + 3] !== COMMA) return -1;
    if (thousands < 0 || thousands > 9 || this.#forbidden(areaCode)) return -1;
    return 1_000_000 + areaCode * 1000 + exchange;
  }

  /** -1 if they are none. */
  #threeDigitsAt(at: number): number {
    let value = 0;
    for (let place = at; place < at + 3; place += 1) {
      const digit = (this.#bytes[place] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #forbidden(areaCode: number): boolean {
    return this.#form.areaCodes !== undefined && !this.#form.areaCodes.has(String(areaCode));
  }

  #line(from: number, to: number): void {
    const text = latin1(this.#bytes, from, Math.min(to, from + LINE_LIMIT + 1)).replace(/[ \t]*\r?$/, '');
    if (text === '') {
      this.#blankLines += 1;
      return;
    }
    this.#noBlanksBefore();
    const number = digitsOf(text, this.#form.national);
    this.#lines += 1;
    if (number === undefined) throw badLine(this.#lines);
    const { areaCodes } = this.#form;
    if (areaCodes !== undefined && !(number.startsWith('1') && areaCodes.has(number.slice(1, 4)))) {
      throw wrongAreaCode(this.#lines);
    }
    this.#builder.add(Number(number));
  }

  #noBlanksBefore(): void {
    if (this.#blankLines > 0) throw badLine(this.#lines + 1);
  }
}

const NO_BYTES = new Uint8Array(0);

/** Of four bytes less `DIGITS_AND_LF`: three values up to 9, and nothing of the fourth. */
function areDigitsAndLf(bytes: number): boolean {
  return ((bytes | (bytes + 0x060606)) & 0xfff0f0f0) === 0;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** The digits of E.164 without the plus, of a number in any of the forms of a list; undefined if it is none. */
export function digitsOf(text: string, national: NationalForm | undefined): string | undefined {
  const flat = FLAT_LINE.exec(text);
  if (flat !== null) return `1${flat[1]}${flat[2]}`;
  if (text.startsWith('+')) return E164.test(text.slice(1)) ? text.slice(1) : undefined;
  if (national === undefined || !text.startsWith(national.trunkPrefix) || !/^\d+$/.test(text))
    return undefined;
  const number = `${national.callingCode}${text.slice(national.trunkPrefix.length)}`;
  return E164.test(number) ? number : undefined;
}

export function badLine(
  line: number,
  expected = '"areacode,number" (3 and 7 digits) or a number in E.164',
): ComplianceError {
  return new ComplianceError({
    code: 'BAD_REGISTRY_LINE',
    message: `line ${line}: expected ${expected}; nothing was imported`,
  });
}

export function wrongAreaCode(line: number): ComplianceError {
  return new ComplianceError({
    code: 'WRONG_AREA_CODE',
    message: `line ${line}: expected a number of the named area codes, got another; nothing was imported`,
  });
}
