import * as z from 'zod';
import type { PhoneNumber } from '../../domain/contact-point/phone-number.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { GenesysApi } from './cloud-api.ts';

/** A list of contacts and its columns of numbers. */
export type ContactColumns = { readonly id: string; readonly phoneColumns: readonly string[] };

/** Whole contacts come back, so pages are small. */
const PAGE_SIZE = 100;
/** More contacts than anybody has under so few numbers; a listing that never ends is broken. */
const MOST_PAGES = 100;
const NUMBERS_AT_ONCE = 25;
const NANP = '+1';

const Flag = z.looseObject({ callable: z.boolean().optional() });
/**
 * A contact, so far as it can be written (WritableDialerContact): what the dialler itself keeps, such as its attempts, is
 * left out of what is sent back, and stays as it is.
 */
const Contact = z.object({
  id: z.string().min(1),
  contactListId: z.string(),
  data: z.record(z.string(), z.string()),
  latestSmsEvaluations: z.unknown().optional(),
  latestEmailEvaluations: z.unknown().optional(),
  latestWhatsAppEvaluations: z.unknown().optional(),
  callable: z.boolean().optional(),
  phoneNumberStatus: z.record(z.string(), Flag).optional(),
  contactableStatus: z.unknown().optional(),
  dateCreated: z.string().optional(),
  retentionType: z.string().optional(),
  retentionDays: z.number().optional(),
  dateExpiration: z.string().optional(),
});
type Contact = z.infer<typeof Contact>;
const Page = z.object({ entities: z.array(Contact).default([]), pageCount: z.number().optional() });

/**
 * Marks numbers uncallable wherever a list of contacts has them, in E.164 or in the ways it is commonly written without its
 * plus, and yields after each call. A contact that is marked is not written again. Contacts carry no version: what somebody
 * else changes between our reading and our writing is lost.
 */
export async function* markUncallable(
  api: GenesysApi,
  list: ContactColumns,
  numbers: readonly PhoneNumber[],
): AsyncGenerator<void> {
  for (let from = 0; from < numbers.length; from += NUMBERS_AT_ONCE) {
    const forms = new Set(numbers.slice(from, from + NUMBERS_AT_ONCE).flatMap(formsOf));
    for (const contact of await contactsWith(api, list, forms)) {
      await mark(api, { list, contact, forms });
      yield;
    }
    yield;
  }
}

async function contactsWith(
  api: GenesysApi,
  { id, phoneColumns }: ContactColumns,
  forms: ReadonlySet<string>,
): Promise<readonly Contact[]> {
  const path = `/api/v2/outbound/contactlists/${encodeURIComponent(id)}/contacts/search`;
  const predicates = phoneColumns.map((column) => ({
    column,
    columnType: 'alphabetic',
    operator: 'IN',
    range: { inSet: [...forms] },
  }));
  const criteria = { filterType: 'AND', clauses: [{ filterType: 'OR', predicates }] };
  const found: Contact[] = [];
  for (let pageNumber = 1; pageNumber <= MOST_PAGES; pageNumber += 1) {
    const body = { criteria, pageNumber, pageSize: PAGE_SIZE };
    const page = await api.send({ method: 'POST', path, body }, Page);
    found.push(...page.entities);
    if (pageNumber >= (page.pageCount ?? 1)) return found;
  }
  throw new ComplianceError({
    code: 'GENESYS_INCOMPLETE',
    message: `expected at most ${MOST_PAGES} pages of contacts, got more`,
  });
}

async function mark(
  api: GenesysApi,
  { list, contact, forms }: { list: ContactColumns; contact: Contact; forms: ReadonlySet<string> },
): Promise<void> {
  const status = contact.phoneNumberStatus ?? {};
  const columns = list.phoneColumns.filter(
    (column) => forms.has(contact.data[column] ?? '') && status[column]?.callable !== false,
  );
  if (columns.length === 0) return;
  const marks = columns.map((column) => [column, { ...status[column], callable: false }]);
  const path = `/api/v2/outbound/contactlists/${encodeURIComponent(list.id)}/contacts/${encodeURIComponent(contact.id)}`;
  const body = { ...contact, phoneNumberStatus: { ...status, ...Object.fromEntries(marks) } };
  await api.send({ method: 'PUT', path, body }, z.unknown());
}

function formsOf({ e164 }: PhoneNumber): readonly string[] {
  const national = e164.startsWith(NANP) ? [e164.slice(NANP.length)] : [];
  return [e164, e164.slice(1), ...national];
}
