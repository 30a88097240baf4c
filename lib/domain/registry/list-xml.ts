import { ComplianceError } from '../errors.ts';
import { type ListForm, wrongAreaCode } from './list-lines.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';

/** Which elements an XML list is made of: `<ac val="818"><ph val="2596712"/></ac>`. */
export type XmlForm = { readonly areaCode: string; readonly number: string; readonly attribute: string };

// The registry does not publish the names; these are what its users report. Another list is refused, never misread.
const FTC_XML: XmlForm = { areaCode: 'ac', number: 'ph', attribute: 'val' };

const TAG =
  /<(?:\?[^>]*\?|!--[^>]*--|\/([\w.:-]+)\s*|([\w.:-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*(\/?))>/y;
const BETWEEN = /[^<]*/y;
const TAG_LIMIT = 1024;
const DEPTH_LIMIT = 16;

/** Takes an XML list into a builder. Elements that are neither area code nor number are passed over, texts refused. */
export class ListXml {
  readonly #builder: SnapshotBuilder;
  readonly #form: ListForm;
  readonly #xml: XmlForm;
  readonly #decoder = new TextDecoder('latin1');
  readonly #open: string[] = [];
  #areaCode: string | undefined;
  #rest = '';
  #numbers = 0;
  #elements = 0;

  constructor(builder: SnapshotBuilder, form: ListForm, xml: XmlForm = FTC_XML) {
    this.#builder = builder;
    this.#form = form;
    this.#xml = xml;
  }

  /** Elements with a number, until now. */
  get lines(): number {
    return this.#numbers;
  }

  /** @throws ComplianceError BAD_XML, WRONG_AREA_CODE */
  push(chunk: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
    let at = 0;
    for (;;) {
      BETWEEN.lastIndex = at;
      const between = BETWEEN.exec(text)?.[0] ?? '';
      if (between.trim() !== '') throw this.#bad('text between the elements');
      TAG.lastIndex = at + between.length;
      const tag = TAG.exec(text);
      if (tag === null) break;
      at = TAG.lastIndex;
      this.#take(tag);
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > TAG_LIMIT) throw this.#bad('something else');
  }

  end(): void {
    if (this.#rest.trim() !== '' || this.#open.length > 0 || this.#elements === 0) {
      throw this.#bad('the end of the file');
    }
  }

  #take([, closed, opened, attributes = '', alone]: RegExpExecArray): void {
    if (closed !== undefined) {
      if (this.#open.pop() !== closed) throw this.#bad('another end tag');
      if (closed === this.#xml.areaCode) this.#areaCode = undefined;
      return;
    }
    if (opened === undefined) return;
    this.#elements += 1;
    if (this.#open.length === 0 && this.#elements > 1) throw this.#bad('a second list');
    const { areaCode, number, attribute } = this.#xml;
    const value = new RegExp(`\\s${attribute}\\s*=\\s*["'](\\d+)["']`).exec(attributes)?.[1];
    if (opened === areaCode) this.#areaCode = this.#digits(value, 3);
    if (opened === number) this.#add(this.#digits(value, 7));
    if (alone === '') this.#open.push(opened);
    if (this.#open.length > DEPTH_LIMIT) throw this.#bad('deeper elements');
  }

  #add(number: string): void {
    if (this.#areaCode === undefined) throw this.#bad('a number without an area code');
    this.#numbers += 1;
    if (this.#form.areaCodes?.has(this.#areaCode) === false) throw wrongAreaCode(this.#numbers);
    this.#builder.add(Number(`1${this.#areaCode}${number}`));
  }

  #digits(value: string | undefined, length: number): string {
    if (value?.length === length && value >= '2') return value;
    throw this.#bad(`an element without ${length} digits`);
  }

  #bad(got: string): ComplianceError {
    const { areaCode, number, attribute } = this.#xml;
    return new ComplianceError({
      code: 'BAD_XML',
      message:
        `after ${this.#numbers} numbers: expected <${areaCode} ${attribute}="..."> with <${number} ${attribute}="..."/> ` +
        `in one list, got ${got}; nothing was imported`,
    });
  }
}
