import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import type { GenesysApi } from './cloud-api.ts';

const PAGE_SIZE = 100;
const CURSOR_PAGE_SIZE = 200;
/** More than an organisation may have of anything; a listing that never ends is broken. */
const MOST_PAGES = 1000;
/** A listing that changes while it is read is read again. */
const READINGS = 3;

type Listing = { readonly path: string; readonly query: Readonly<Record<string, string>> };
/** What each page said that there are in all. */
type Pages<T> = { readonly all: readonly T[]; readonly totals: ReadonlySet<number | undefined> };

/**
 * Reads every page of a listing.
 *
 * @throws ComplianceError as GenesysApi does; GENESYS_INCOMPLETE where the pages do not add up to what the listing says it has.
 */
export async function everyPage<T extends { readonly id: string }>(
  api: GenesysApi,
  listing: Listing,
  one: z.ZodType<T>,
): Promise<readonly T[]> {
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const { all, totals } = await readPages(api, listing, one);
    const ids = new Set(all.map(({ id }) => id));
    // One that goes between two pages draws another from the page to come into the one that was read.
    const isWhole = [...totals].every((total) => (total ?? ids.size) === ids.size);
    if (isWhole && ids.size === all.length) return all;
  }
  throw incomplete();
}

async function readPages<T>(api: GenesysApi, { path, query }: Listing, one: z.ZodType<T>): Promise<Pages<T>> {
  const answer = z.object({ entities: z.array(one).default([]), total: z.number().optional() });
  const all: T[] = [];
  const totals = new Set<number | undefined>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const paging = { pageSize: String(PAGE_SIZE), pageNumber: String(page) };
    const { entities, total } = await api.send(
      { method: 'GET', path, query: { ...query, ...paging } },
      answer,
    );
    all.push(...entities);
    totals.add(total);
    // Not every listing says how many it has, and a full page is no sign of the end whatever it says.
    const isLast = entities.length < PAGE_SIZE && all.length === total;
    if (entities.length === 0 || isLast) return { all, totals };
  }
  throw incomplete();
}

/** Credentials are listed by cursor: the id of the last one. */
export async function everyCredential<T extends { readonly id: string }>(
  api: GenesysApi,
  one: z.ZodType<T>,
): Promise<T[]> {
  const answer = z.object({ entities: z.array(one).default([]) });
  const path = '/api/v2/integrations/credentials/listing';
  const all: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const after = all.at(-1)?.id;
    const cursor = after === undefined ? {} : { after };
    const query = { pageSize: String(CURSOR_PAGE_SIZE), ...cursor };
    const { entities } = await api.send({ method: 'GET', path, query }, answer);
    if (entities.length === 0) return all;
    all.push(...entities);
  }
  throw incomplete();
}

function incomplete(): ComplianceError {
  return new ComplianceError({
    code: 'GENESYS_INCOMPLETE',
    message: 'expected every page of a listing, but they do not add up to it',
  });
}
