import type { Models } from 'purecloud-platform-client-v2';
import * as z from 'zod';
import { SubjectTarget } from '../../../lib/domain/subject-request/correlate.ts';
import { GdprRequestType } from '../../../lib/domain/subject-request/genesys-gdpr.ts';
import { IdentifierKind } from '../../../lib/domain/subject-request/identifier.ts';
import { type FakeRoute, refusal, type SeenCall } from './server.ts';

/** A record of somebody on the platform, and by what it is found. */
export type FakeRecord = {
  readonly subject: Models.GDPRSubject;
  readonly terms: Readonly<Partial<Record<IdentifierKind, string>>>;
};

/** Somebody's requests end so; ERROR_ONCE: the first one fails, the next does not. */
export type FakeEnd = 'COMPLETED' | 'ERROR' | 'ERROR_ONCE';

export type FakePlatform = {
  readonly routes: readonly FakeRoute[];
  /** Every request that the platform took, related ones too, in order. */
  readonly requests: readonly FakeGdprRequest[];
  /** Records that a confirmed deletion has removed. */
  readonly deleted: ReadonlySet<string>;
};

export type FakeGdprRequest = Models.GDPRRequest & { readonly id: string; readonly confirmed: boolean };

export type FakeWorld = {
  readonly records: readonly FakeRecord[];
  /** External contacts by their canonical contact. */
  readonly mergeSets?: Readonly<Record<string, readonly string[]>>;
  /** By id of the external contact or whatever is named. */
  readonly ends?: Readonly<Record<string, FakeEnd>>;
  /** Where the requests of a merge set are told of: in the answer to a request as the vendor's article says, or nowhere as in its SDK. */
  readonly related?: 'ANSWER' | 'NOWHERE';
  /** How long after a request was taken it is among those that are listed. */
  readonly listedAfterMs?: number;
  /** How often the records of an export are to be fetched, each under an address of its own. */
  readonly resultFiles?: number;
  readonly url: () => string;
  readonly now: () => number;
};

const SIGNATURE = 'signed-by-the-platform';
const STEPS = ['INITIATED', 'SEARCHING', 'DELETING'] as const;
const Submitted = z.strictObject({
  requestType: GdprRequestType,
  subject: z.union(SubjectTarget.options.map((option) => option.strict())),
  replacementTerms: z
    .array(
      z.strictObject({
        type: IdentifierKind.exclude(['WHATSAPP']),
        existingValue: z.string(),
        updatedValue: z.string(),
      }),
    )
    .optional(),
});
type Submitted = z.infer<typeof Submitted>;

/** The GDPR routes of a Genesys Cloud organization with some people in it. Requests move on whenever they are read. */
export function createGdprPlatform(world: FakeWorld): FakePlatform {
  const platform = new Platform(world);
  const routes: FakeRoute[] = [
    { method: 'GET', path: /^\/api\/v2\/gdpr\/subjects$/, answer: (call) => platform.find(call) },
    { method: 'POST', path: /^\/api\/v2\/gdpr\/requests$/, answer: (call) => platform.submit(call) },
    { method: 'GET', path: /^\/api\/v2\/gdpr\/requests$/, answer: (call) => platform.list(call) },
    { method: 'GET', path: /^\/api\/v2\/gdpr\/requests\/([^/]+)$/, answer: (_, [id]) => platform.read(id) },
    {
      method: 'GET',
      path: /^\/api\/v2\/externalcontacts\/contacts\/([^/]+)$/,
      answer: (_, [id]) => platform.contact(id),
    },
    {
      method: 'GET',
      path: /^\/api\/v2\/downloads\/(gdpr-\d+)-(\d+)$/,
      answer: (call, [id, file]) => platform.offer(call, id, file),
    },
    {
      method: 'GET',
      path: /^\/results\/([^/]+)\/([^/]+)\.json$/,
      answer: (call, [id, file]) => platform.result(call, id, file),
      signed: true,
    },
  ];
  return { routes, requests: platform.requests, deleted: platform.deleted };
}

class Platform {
  readonly requests: FakeGdprRequest[] = [];
  readonly deleted = new Set<string>();
  readonly #world: FakeWorld;
  readonly #reads = new Map<string, number>();

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  find({ query }: SeenCall) {
    const kind = IdentifierKind.safeParse(query.get('searchType'));
    const value = query.get('searchValue');
    if (!kind.success || !value || [...query.keys()].length !== 2) return refusal(400);
    const entities = this.#world.records
      .filter(({ terms, subject }) => terms[kind.data] === value && !this.deleted.has(nameOf(subject)))
      .map(({ subject }) => subject);
    return { status: 200, body: { entities, total: entities.length, pageCount: 1, pageNumber: 1 } };
  }

  submit({ body, query }: SeenCall) {
    const parsed = Submitted.safeParse(body);
    const needsTerms = parsed.data?.requestType === 'GDPR_UPDATE';
    if (!parsed.success || needsTerms !== (parsed.data.replacementTerms !== undefined)) return refusal(400);
    const confirmed = query.get('deleteConfirmed') === 'true';
    const [request, ...related] = this.#mergeSetOf(parsed.data).map((subject) =>
      this.#add({ ...parsed.data, subject }, confirmed),
    );
    if (request === undefined) return refusal(404);
    const relatedRequests = related.map(({ id }) => ({ id }));
    const isTold = related.length > 0 && this.#world.related !== 'NOWHERE';
    return { status: 200, body: { ...request, ...(isTold ? { relatedRequests } : {}) } };
  }

  list({ query }: SeenCall) {
    const size = Number(query.get('pageSize') ?? 25);
    const page = Number(query.get('pageNumber') ?? 1);
    if (size > 100 || page < 1) return refusal(400);
    const listed = this.requests.filter(
      ({ createdDate = '' }) => Date.parse(createdDate) <= this.#listedUntil(),
    );
    const entities = listed.slice((page - 1) * size, page * size);
    return { status: 200, body: { entities, pageCount: Math.ceil(listed.length / size) } };
  }

  #listedUntil(): number {
    return this.#world.now() - (this.#world.listedAfterMs ?? 0);
  }

  read(id: string | undefined) {
    const index = this.requests.findIndex((request) => request.id === id);
    const request = this.requests[index];
    if (request === undefined) return refusal(404);
    const reads = (this.#reads.get(request.id) ?? 0) + 1;
    this.#reads.set(request.id, reads);
    const moved = { ...request, status: STEPS[reads] ?? this.#endOf(request) };
    if (moved.status === 'COMPLETED' && request.requestType === 'GDPR_EXPORT') {
      const files = Array.from({ length: this.#world.resultFiles ?? 1 }, (_, file) => file + 1);
      // Another host of the platform's, as it comes in practice: it is not to be called, and no token to be sent to it.
      const urls = files.map(
        (file) => `https://apps.mypurecloud.invalid/platform/api/v2/downloads/${request.id}-${file}`,
      );
      // The first is in both fields, or in the older one alone.
      const [first = ''] = urls;
      moved.resultsUrl = first;
      if (urls.length > 1) moved.resultsUrls = urls;
    }
    if (moved.status === 'COMPLETED' && request.requestType === 'GDPR_DELETE' && request.confirmed) {
      this.deleted.add(nameOf(request.subject));
    }
    this.requests[index] = moved;
    return { status: 200, body: moved };
  }

  offer({ query }: SeenCall, id: string | undefined, file: string | undefined) {
    if (query.get('issueRedirect') !== 'false') return refusal(400);
    const url = `${this.#world.url()}/results/${id}/${file}.json?sig=${SIGNATURE}`;
    return { status: 200, body: { url } satisfies Models.UrlResponse };
  }

  result({ query }: SeenCall, id: string | undefined, file: string | undefined) {
    const request = this.requests.find((each) => each.id === id);
    if (request === undefined || query.get('sig') !== SIGNATURE) return refusal(403);
    const records = this.#world.records.filter(({ subject }) => nameOf(subject) === nameOf(request.subject));
    return { status: 200, body: { request: id, file, records: records.map(({ subject }) => subject) } };
  }

  contact(id: string | undefined) {
    const sets = Object.entries(this.#world.mergeSets ?? {});
    const canonical = sets.find(([, members]) => id !== undefined && members.includes(id))?.[0];
    const isKnown =
      canonical !== undefined || this.#world.records.some(({ subject }) => subject.externalContactId === id);
    if (!isKnown) return refusal(404);
    return {
      status: 200,
      body: { id, ...(canonical === undefined ? {} : { canonicalContact: { id: canonical } }) },
    };
  }

  #mergeSetOf({ subject }: Submitted): Models.GDPRSubject[] {
    const set =
      'externalContactId' in subject ? this.#world.mergeSets?.[subject.externalContactId] : undefined;
    if (set === undefined || !('externalContactId' in subject)) return [{ ...subject }];
    const others = set.filter((id) => id !== subject.externalContactId);
    return [subject.externalContactId, ...others].map((externalContactId) => ({ externalContactId }));
  }

  #add(
    asked: Omit<Submitted, 'subject'> & { subject: Models.GDPRSubject },
    confirmed: boolean,
  ): FakeGdprRequest {
    const request = {
      id: `gdpr-${this.requests.length + 1}`,
      requestType: asked.requestType,
      subject: asked.subject,
      createdBy: { id: 'dialguard-client' },
      createdDate: new Date(this.#world.now()).toISOString(),
      status: 'INITIATED',
      confirmed,
    };
    this.requests.push(request);
    return request;
  }

  #endOf(request: FakeGdprRequest): string {
    const name = nameOf(request.subject);
    const end = this.#world.ends?.[name] ?? 'COMPLETED';
    const first = this.requests.find(({ subject }) => nameOf(subject) === name);
    return end === 'ERROR_ONCE' ? (first?.id === request.id ? 'ERROR' : 'COMPLETED') : end;
  }
}

function nameOf({ externalContactId, dialerContactId, userId, externalId }: Models.GDPRSubject): string {
  return externalContactId ?? dialerContactId?.id ?? userId ?? externalId ?? '';
}
