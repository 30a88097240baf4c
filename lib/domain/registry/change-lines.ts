import { ComplianceError } from '../errors.ts';
import { badLine, digitsOf, type ListForm, wrongAreaCode } from './list-lines.ts';
import type { SnapshotBuilder } from './snapshot-builder.ts';

// The registry's change list: ten digits, when, A for an addition or D for a deletion. Its author's word for "D" is not
// published, so any other letter refuses the file rather than be taken for one.
const CHANGE = /^([^,]+|\d{3},\d{7}),(\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z?)?),([AD])$/;
const EXPECTED = '"number,time,A" or "number,time,D"';
const LINE_LIMIT = 96;
/** Below so many changes nothing can be told from their share. */
const FEW = 100;

type Change = { readonly number: number; readonly at: string; readonly added: boolean };

/** Applies a change list, the earliest change first, to the numbers of the version that it follows. */
export class ChangeLines {
  readonly #builder: SnapshotBuilder;
  readonly #form: ListForm;
  readonly #decoder = new TextDecoder('latin1');
  readonly #changes: Change[] = [];
  #rest = '';
  #blankLines = 0;

  constructor(builder: SnapshotBuilder, form: ListForm = {}) {
    this.#builder = builder;
    this.#form = form;
  }

  get lines(): number {
    return this.#changes.length;
  }

  /** @throws ComplianceError BAD_REGISTRY_LINE, WRONG_AREA_CODE */
  push(chunk: Uint8Array): void {
    const pieces = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = pieces.pop() ?? '';
    for (const piece of pieces) this.#line(piece);
    if (this.#rest.length > LINE_LIMIT) throw badLine(this.lines + 1, EXPECTED);
  }

  /** @throws ComplianceError NOT_FOR_THIS_VERSION if most of it has happened already, or is about other numbers. */
  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
    // Of one moment, additions come last: when in doubt the number is listed.
    this.#changes.sort((a, b) => (a.at === b.at ? Number(a.added) - Number(b.added) : a.at < b.at ? -1 : 1));
    let idle = 0;
    for (const { number, added } of this.#changes) {
      if (this.#builder.has(number) === added) idle += 1;
      else if (added) this.#builder.add(number);
      else this.#builder.remove(number);
    }
    if (this.lines >= FEW && idle * 2 > this.lines) throw notForThisVersion(idle, this.lines);
  }

  #line(line: string): void {
    const text = line.replace(/[ \t]*\r?$/, '');
    if (text === '') {
      this.#blankLines += 1;
      return;
    }
    const [, written = '', at = '', flag] = CHANGE.exec(text) ?? [];
    const number = digitsOf(/^\d{10}$/.test(written) ? `+1${written}` : written, this.#form.national);
    if (number === undefined || this.#blankLines > 0) throw badLine(this.lines + 1, EXPECTED);
    const { areaCodes } = this.#form;
    if (areaCodes !== undefined && !(number.startsWith('1') && areaCodes.has(number.slice(1, 4)))) {
      throw wrongAreaCode(this.lines + 1);
    }
    this.#changes.push({ number: Number(number), at, added: flag === 'A' });
  }
}

function notForThisVersion(idle: number, lines: number): ComplianceError {
  return new ComplianceError({
    code: 'NOT_FOR_THIS_VERSION',
    message:
      `expected the changes since the version in use, but ${idle} of ${lines} change nothing: ` +
      'import the full list instead; nothing was imported',
  });
}
