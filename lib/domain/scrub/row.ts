import type { Residency } from '../contact-point/residency.ts';
import type { Token } from '../contact-point/token.ts';
import type { UnreadableCause } from '../contact-point/unreadable.ts';
import { systemReason } from '../decision/reasons.ts';
import type { ContactKind, ContactKinds } from './contact-kind.ts';
import type { CellReading, ContactReader } from './contact-reader.ts';
import type { CsvPage } from './csv-page.ts';
import { fieldText } from './csv-record.ts';
import { FileRejected } from './defect.ts';
import type { Columns } from './header.ts';
import type { Ground } from './human-report.ts';

export type RowOutcome = 'APPROVED' | 'REJECTED' | 'QUARANTINED' | 'OTHER_REGION';

/** What became of a row. `ground` is undefined where nothing stands against it. */
export type Verdict = { readonly outcome: RowOutcome; readonly ground: Ground | undefined };

const QUOTE = 0x22;

/**
 * The contact points of a page's rows, those of one row after those of the row before, and the verdicts on rows that
 * are settled without them being looked up.
 */
export class PageContacts {
  readonly tokens: Token[] = [];
  /** The digits of E.164 as integers; 0 for e-mail addresses. */
  readonly numbers: number[] = [];
  readonly kinds: ContactKind[] = [];
  /** For each row, how many contact points it and the rows before it have. */
  readonly ends: number[] = [];
  readonly settled = new Map<number, Verdict>();
}

/** Reads the contact points of rows. Verdicts that are equal are one object. */
export class RowReader {
  readonly #columns: Columns;
  readonly #reader: ContactReader;
  readonly #kinds: ContactKinds;
  readonly #verdicts = new Map<string, Verdict>();

  constructor(columns: Columns, reader: ContactReader, kinds: ContactKinds) {
    this.#columns = columns;
    this.#reader = reader;
    this.#kinds = kinds;
  }

  /**
   * Reads the rows of a page. A contact point that cannot be read settles its row, since nobody can say whose it is; so
   * does one of another region, and a row that has none.
   *
   * @throws FileRejected INVALID_UTF8
   */
  read(page: CsvPage): PageContacts {
    const contacts = new PageContacts();
    for (let row = 0; row < page.count; row += 1) {
      const begin = contacts.tokens.length;
      const verdict = this.#readRow(page, row, contacts);
      if (verdict !== undefined) {
        contacts.settled.set(row, verdict);
        contacts.tokens.length = begin;
        contacts.numbers.length = begin;
        contacts.kinds.length = begin;
      }
      contacts.ends.push(contacts.tokens.length);
    }
    return contacts;
  }

  #readRow(page: CsvPage, row: number, contacts: PageContacts): Verdict | undefined {
    const begin = contacts.tokens.length;
    let unreadable: UnreadableCause | undefined;
    let elsewhere: Residency | undefined;
    const take = (reading: CellReading | undefined): void => {
      if (reading === undefined) return;
      if (reading.kind === 'unreadable') unreadable ??= reading.cause;
      else if (reading.kind === 'elsewhere') elsewhere = reading.residency;
      else {
        contacts.tokens.push(reading.token);
        contacts.numbers.push(reading.number);
        contacts.kinds.push(reading.about);
      }
    };
    for (const column of this.#columns.phone) take(this.#phone(page, row, column));
    for (const column of this.#columns.email) {
      const text = cellText(page, row, column);
      if (text.trim() !== '') take(this.#reader.email(text));
    }
    if (unreadable !== undefined) return this.#quarantined(unreadable);
    if (elsewhere !== undefined) return this.#ofRegion(elsewhere);
    if (contacts.tokens.length === begin) return this.#quarantined('NO_CONTACT_POINT');
    this.#place(page, { row, begin }, contacts.kinds);
    return undefined;
  }

  #phone(page: CsvPage, row: number, column: number): CellReading | undefined {
    let start = page.startOf(row, column);
    let end = page.endOf(row, column);
    if (start === end) return undefined;
    if (page.bytes[start] === QUOTE) {
      start += 1;
      end -= 1;
    }
    const quick = this.#reader.phoneIn(page.bytes, start, end);
    if (quick !== undefined) return quick;
    const text = cellText(page, row, column);
    return text.trim() === '' ? undefined : this.#reader.phone(text);
  }

  /** Where the row's address says that its people live. */
  #place(page: CsvPage, { row, begin }: { row: number; begin: number }, kinds: ContactKind[]): void {
    const cell = (column: number | undefined) =>
      (column === undefined ? '' : cellText(page, row, column).trim()) || undefined;
    const address = { state: cell(this.#columns.state), postalCode: cell(this.#columns.postalCode) };
    if (address.state === undefined && address.postalCode === undefined) return;
    for (let at = begin; at < kinds.length; at += 1) {
      const kind = kinds[at];
      if (kind !== undefined) kinds[at] = this.#kinds.livingAt(kind, address);
    }
  }

  #quarantined(cause: UnreadableCause | 'NO_CONTACT_POINT'): Verdict {
    return this.#verdict({
      outcome: 'QUARANTINED',
      ground: { ...systemReason('UNREADABLE_INPUT'), code: cause },
    });
  }

  #ofRegion(residency: Residency): Verdict {
    const ground = { ...systemReason('WRONG_REGION'), ruleId: `residency:${residency}` };
    return this.#verdict({ outcome: 'OTHER_REGION', ground });
  }

  #verdict(verdict: Verdict): Verdict {
    const key = `${verdict.ground?.code} ${verdict.ground?.ruleId}`;
    const known = this.#verdicts.get(key);
    if (known === undefined) this.#verdicts.set(key, verdict);
    return known ?? verdict;
  }
}

function cellText(page: CsvPage, row: number, column: number): string {
  try {
    return fieldText(page.bytes.subarray(page.startOf(row, column), page.endOf(row, column)));
  } catch {
    throw new FileRejected('INVALID_UTF8', { line: page.lineOf(row), detail: `column ${column + 1}` });
  }
}
