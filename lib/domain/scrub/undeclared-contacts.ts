import { parsePhoneNumber } from '../contact-point/phone-number.ts';
import type { CsvPage } from './csv-page.ts';
import { readableFieldText } from './csv-record.ts';
import { FileRejected } from './defect.ts';
import type { Columns } from './header.ts';
import type { ScrubProfile } from './profile.ts';

/** Share of a column's filled cells from which it counts as a column of contact points. */
const GOOD_PART = 0.4;
/** So many look-alikes of a column are read as numbers; after them every 64th. */
const READ_ALL = 500;
const READ_EVERY = 64;

const NAMED_LIKE_A_PHONE = /phone|mobile|cell|telefon|tel\b|fax|\bani\b|\bdnis\b|msisdn|handy/i;
const LIKE_A_PHONE = /^(?:tel:)?\+?[\d() \-./]{7,32}$/;
const LIKE_A_DATE =
  /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:\D|$)/;
const LIKE_AN_EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const MAY_BEGIN_A_PHONE: ReadonlySet<number> = new Set([...'0123456789+(tT "'].map((c) => c.charCodeAt(0)));
const LONGEST_CELL = 254;
const SHORTEST_PHONE = 7;

/** ASCII that stands in nothing that `LIKE_A_PHONE` matches, not even around it: 1 for each such byte. */
const IN_NO_PHONE = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x80 && !/[\d() \-./+tel:"\s]/.test(String.fromCharCode(byte)) ? 1 : 0,
);

type Count = { filled: number; alike: number; read: number; readable: number; emails: number };

/**
 * Watches the columns that the profile does not name: one that holds phone numbers would be dialled without ever
 * having been checked. With the channel EMAIL the same goes for addresses.
 */
export class UndeclaredContacts {
  readonly #columns: Columns;
  readonly #profile: ScrubProfile;
  readonly #counts: Map<number, Count>;

  constructor(columns: Columns, profile: ScrubProfile) {
    this.#columns = columns;
    this.#profile = profile;
    this.#counts = new Map(
      columns.undeclared.map((position) => [
        position,
        { filled: 0, alike: 0, read: 0, readable: 0, emails: 0 },
      ]),
    );
  }

  see(page: CsvPage): void {
    for (const [position, count] of this.#counts) {
      for (let row = 0; row < page.count; row += 1) {
        const start = page.startOf(row, position);
        const end = page.endOf(row, position);
        if (start === end) continue;
        count.filled += 1;
        if (end - start > LONGEST_CELL || !this.#mayBeContact(page.bytes, start, end)) continue;
        this.#judge(readableFieldText(page.bytes.subarray(start, end)).trim(), count);
      }
    }
  }

  /** @throws FileRejected UNDECLARED_CONTACT_COLUMN */
  refuse(): void {
    for (const [position, count] of this.#counts) {
      if (this.#holdsPhones(position, count) || this.#holdsEmails(count)) {
        throw new FileRejected('UNDECLARED_CONTACT_COLUMN', {
          detail: `column ${position + 1}: name it in phoneColumns, emailColumns or ignoredColumns`,
        });
      }
    }
  }

  /** Most cells are names and texts: their bytes say so before anything is decoded. */
  #mayBeContact(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#profile.channel === 'EMAIL') return true;
    if (end - start < SHORTEST_PHONE || !MAY_BEGIN_A_PHONE.has(bytes[start] ?? 0)) return false;
    for (let at = start; at < end; at += 1) if (IN_NO_PHONE[bytes[at] ?? 0] === 1) return false;
    return true;
  }

  #judge(text: string, count: Count): void {
    if (LIKE_AN_EMAIL.test(text)) count.emails += 1;
    if (!LIKE_A_PHONE.test(text) || LIKE_A_DATE.test(text)) return;
    count.alike += 1;
    if (count.alike > READ_ALL && count.alike % READ_EVERY !== 0) return;
    count.read += 1;
    const read = parsePhoneNumber(text, this.#profile.defaultRegion);
    const isPhone = read.kind === 'phone' || read.cause === 'AMBIGUOUS' || read.cause === 'NO_REGION';
    if (isPhone) count.readable += 1;
  }

  #holdsPhones(position: number, { filled, alike, read, readable }: Count): boolean {
    if (readable === 0) return false;
    const share = (alike / filled) * (readable / read);
    return share >= GOOD_PART || NAMED_LIKE_A_PHONE.test(this.#columns.names[position] ?? '');
  }

  #holdsEmails({ filled, emails }: Count): boolean {
    return this.#profile.channel === 'EMAIL' && emails > 0 && emails / filled >= GOOD_PART;
  }
}
