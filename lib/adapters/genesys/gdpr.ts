import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { FoundSubject } from '../../domain/subject-request/correlate.ts';
import { type GdprAsk, GdprRequest, type GenesysGdpr } from '../../domain/subject-request/genesys-gdpr.ts';
import type { Identifier } from '../../domain/subject-request/identifier.ts';
import type { GenesysApi } from './cloud-api.ts';
import { fetchSigned, signedUrl } from './signed-url.ts';

const PAGE_SIZE = 100;
/** More than anybody's requests; a listing that never ends is broken. */
const MOST_PAGES = 1000;
const LARGEST_RESULT = 512_000_000;

const Subjects = z.object({
  entities: z.array(FoundSubject).default([]),
  total: z.number().optional(),
  pageCount: z.number().optional(),
});
const Page = z.object({ entities: z.array(GdprRequest).default([]), pageCount: z.number().optional() });
const Contact = z.object({ id: z.string(), canonicalContact: z.object({ id: z.string() }).optional() });

/** Genesys Cloud's GDPR API over HTTP. https://developer.genesys.cloud/privacy/gdpr/ */
export class HttpGenesysGdpr implements GenesysGdpr {
  readonly #api: GenesysApi;
  readonly #timeoutMs: number;

  constructor(api: GenesysApi, timeoutMs: number) {
    this.#api = api;
    this.#timeoutMs = timeoutMs;
  }

  async findSubjects({ kind, value }: Identifier): Promise<readonly FoundSubject[]> {
    const query = { searchType: kind, searchValue: value };
    const found = await this.#api.send({ method: 'GET', path: '/api/v2/gdpr/subjects', query }, Subjects);
    // The call takes no page number: whom it leaves out cannot be asked for, and would be forgotten.
    if ((found.total ?? 0) <= found.entities.length && (found.pageCount ?? 1) <= 1) return found.entities;
    throw new ComplianceError({
      code: 'GENESYS_INCOMPLETE',
      message: `expected every subject of a search, got ${found.entities.length} of ${found.total}; narrow the search`,
    });
  }

  async canonicalContact(externalContactId: string): Promise<string> {
    const path = `/api/v2/externalcontacts/contacts/${encodeURIComponent(externalContactId)}`;
    const { id, canonicalContact } = await this.#api.send({ method: 'GET', path }, Contact);
    return canonicalContact?.id ?? id;
  }

  async submit({ requestType, target, replacements }: GdprAsk): Promise<GdprRequest> {
    const replacementTerms = replacements.map(({ kind, existing, updated }) => ({
      type: kind,
      existingValue: existing,
      updatedValue: updated,
    }));
    const body = { requestType, subject: target };
    return await this.#api.send(
      {
        method: 'POST',
        path: '/api/v2/gdpr/requests',
        // Without the word nothing is deleted.
        ...(requestType === 'GDPR_DELETE' ? { query: { deleteConfirmed: 'true' } } : {}),
        body: requestType === 'GDPR_UPDATE' ? { ...body, replacementTerms } : body,
      },
      GdprRequest,
    );
  }

  async read(requestId: string): Promise<GdprRequest> {
    const path = `/api/v2/gdpr/requests/${encodeURIComponent(requestId)}`;
    return await this.#api.send({ method: 'GET', path }, GdprRequest);
  }

  async submittedSince(since: number): Promise<readonly GdprRequest[]> {
    const found: GdprRequest[] = [];
    for (let pageNumber = 1; pageNumber <= MOST_PAGES; pageNumber += 1) {
      const query = { pageSize: String(PAGE_SIZE), pageNumber: String(pageNumber) };
      const page = await this.#api.send({ method: 'GET', path: '/api/v2/gdpr/requests', query }, Page);
      found.push(...page.entities);
      if (pageNumber >= (page.pageCount ?? 1))
        return found.filter(({ createdDate }) => Date.parse(createdDate) >= since);
    }
    throw new ComplianceError({
      code: 'GENESYS_INCOMPLETE',
      message: `expected at most ${MOST_PAGES} pages of requests, got more`,
    });
  }

  /** The addresses that are signed may lie on another host: the platform's token is not for them. */
  async results({ resultsUrl, resultsUrls = [] }: GdprRequest): Promise<readonly Uint8Array[]> {
    const urls = [...new Set(resultsUrl === undefined ? resultsUrls : [resultsUrl, ...resultsUrls])];
    const found: Uint8Array[] = [];
    for (const url of urls) found.push(await this.#download(await signedUrl(this.#api, url)));
    return found;
  }

  async #download(url: string): Promise<Uint8Array> {
    const response = await fetchSigned(url, this.#timeoutMs);
    const length = Number(response?.headers.get('content-length') ?? 0);
    if (response?.ok === true && length <= LARGEST_RESULT)
      return new Uint8Array(await response.arrayBuffer());
    throw new ComplianceError({
      code: 'GENESYS_RESULT_UNREADABLE',
      message: `expected the result of an export, got ${response?.status ?? 'no answer'}; it is asked for again`,
    });
  }
}
