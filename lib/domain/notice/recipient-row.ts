import * as z from 'zod';
import { parseEmailAddress } from '../contact-point/email-address.ts';
import { parsePhoneNumber } from '../contact-point/phone-number.ts';
import { Language } from '../incident/templates.ts';
import { Channel, isOpaque } from '../vocabulary.ts';
import type { NoticeAddress } from './notice.ts';

/** The columns of a list of affected people; the others may be absent. */
export const REQUIRED_COLUMNS = ['recipientId', 'phone', 'email'] as const;
export const OPTIONAL_COLUMNS = ['preferredLanguage', 'country', 'channelPreference'] as const;

export type AffectedRow = {
  /** 2 is the first after the header. */
  readonly row: number;
  /** By column. */
  readonly cells: ReadonlyMap<string, string>;
};

/** What a row says, or why nobody can be told by it. A row without any address is for a letter. */
export type RecipientReading =
  | {
      readonly recipientId: string;
      readonly address: NoticeAddress;
      readonly preferred: readonly Channel[];
    }
  | { readonly recipientId: string; readonly unreadable: 'BAD_RECIPIENT_ID' | 'UNREADABLE_ADDRESS' };

const Country = z.string().regex(/^[A-Z]{2}$/);

/**
 * Reads one row. An address that cannot be read is as good as none: the recipient's other one is used. A language, a country or
 * a preference that cannot be read is none. Several channels are separated by spaces or semicolons, the dearest first.
 */
export function readRecipient({ row, cells }: AffectedRow): RecipientReading {
  const cell = (name: string) => cells.get(name)?.trim() || undefined;
  const recipientId = cell('recipientId') ?? '';
  // An id that could be a number or an address must not become a key.
  if (!isOpaque(recipientId)) return { recipientId: rowId(row), unreadable: 'BAD_RECIPIENT_ID' };
  const country = Country.safeParse(cell('country')?.toUpperCase()).data;
  const phone = phoneOf(cell('phone'), country);
  const email = emailOf(cell('email'));
  const isGiven = cell('phone') !== undefined || cell('email') !== undefined;
  if (phone === undefined && email === undefined && isGiven)
    return { recipientId, unreadable: 'UNREADABLE_ADDRESS' };
  return {
    recipientId,
    address: {
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      ...(country === undefined ? {} : { country }),
      languages: languagesIn(cell('preferredLanguage')),
    },
    preferred: (cell('channelPreference') ?? '')
      .toUpperCase()
      .split(/[\s;,]+/)
      .flatMap((channel) => Channel.safeParse(channel).data ?? []),
  };
}

/** No run of it is as long as a number: `row-1234k567` is row 1,234,567. */
function rowId(row: number): string {
  return `row-${Math.floor(row / 1000)}k${row % 1000}`;
}

function phoneOf(raw: string | undefined, country: string | undefined): string | undefined {
  const phone = raw === undefined ? undefined : parsePhoneNumber(raw, country);
  return phone?.kind === 'phone' ? phone.e164 : undefined;
}

function emailOf(raw: string | undefined): string | undefined {
  const address = raw === undefined ? undefined : parseEmailAddress(raw);
  return address?.kind === 'email' ? address.canonical.slice('mailto:'.length) : undefined;
}

/** `es_pr;en`: as people write it, to what templates are looked for by. */
function languagesIn(text = ''): Language[] {
  return text.split(/[\s;,]+/).flatMap((tag) => {
    const [language = '', ...rest] = tag.replaceAll('_', '-').split('-');
    const subtags = rest.map((part) =>
      part.length === 4 ? part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase() : part.toUpperCase(),
    );
    return Language.safeParse([language.toLowerCase(), ...subtags].join('-')).data ?? [];
  });
}
