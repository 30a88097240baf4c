import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import {
  type ApiRequest,
  type ApiResponse,
  readApiRequest,
  respond,
  respondInvalid,
} from '../../lib/adapters/http/api.ts';
import { type Refusal, refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import { homeRegion } from '../../lib/adapters/record-fact.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import { type Pepper, tokenOf } from '../../lib/domain/contact-point/token.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { localMoment } from '../../lib/domain/policy/local-time.ts';
import { advance, type RequestEvent } from '../../lib/domain/subject-request/advance.ts';
import type { Identifier } from '../../lib/domain/subject-request/identifier.ts';
import {
  contactPointOf,
  contactPointsOf,
  normalized,
} from '../../lib/domain/subject-request/read-identifier.ts';
import { SubjectRequest } from '../../lib/domain/subject-request/request.ts';
import { requestEntry } from '../../lib/domain/subject-request/request-entry.ts';
import type { StoredRequest, SubjectRequests } from '../../lib/domain/subject-request/subject-requests.ts';
import { ACTIONS, Action, NewRequest } from './event.ts';
import { summaryOf, whole } from './show-request.ts';

export type HandleSubjectRequestDeps = {
  readonly requests: SubjectRequests;
  readonly resultNames: (requestId: string) => Promise<readonly string[]>;
  readonly pepper: () => Promise<Pepper>;
  readonly residency: Residency;
  /** IANA: by whose calendar requests are due. */
  readonly zone: string;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/**
 * Data subject requests over HTTP: takes them in, shows them, and takes what officers decide. What then follows from a
 * decision is done by run-subject-requests.
 */
export function createHandleSubjectRequest(
  deps: HandleSubjectRequestDeps,
): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const request = readApiRequest(event);
    try {
      return await answer(request, deps);
    } catch (error) {
      if (error instanceof ComplianceError && CONFLICTS.has(error.code)) {
        return respond(409, { accepted: false, code: error.code, message: error.message });
      }
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}

/** What an officer may not do, or not now: said as it is, since it holds nothing about the person. */
const CONFLICTS = new Set([
  'WRONG_STATE',
  'SAME_PERSON',
  'SUBJECT_NOT_CONFIRMABLE',
  'OBJECTION_IS_ABSOLUTE',
  'EXTENDED_BEFORE',
  'EXTENDED_TOO_LATE',
  'REQUEST_BUSY',
]);

async function answer(request: ApiRequest, deps: HandleSubjectRequestDeps): Promise<ApiResponse> {
  const { route, pathParameters } = request;
  const id = pathParameters['id'] ?? '';
  switch (route) {
    case 'POST /v1/subject-requests':
      return await takeIn(request, deps);
    case 'GET /v1/subject-requests':
      return respond(200, { requests: (await deps.requests.all()).map((each) => summaryOf(each)) });
    case 'GET /v1/subject-requests/{id}':
      return await show(id, deps);
    case 'POST /v1/subject-requests/{id}/{action}':
      return await act(id, request, deps);
    default:
      return respondRefused({ code: 'UNKNOWN_ROUTE' });
  }
}

async function takeIn({ body, client }: ApiRequest, deps: HandleSubjectRequestDeps): Promise<ApiResponse> {
  const parsed = NewRequest.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const { type, by } = parsed.data;
  const named = [
    ...parsed.data.identifiers,
    ...parsed.data.replacements.flatMap(({ kind, existing, updated }) => [
      { kind, value: existing },
      { kind, value: updated },
    ]),
  ];
  const refusal = named
    .map((identifier) => refusalOfIdentifier(identifier, deps))
    .find((each) => each !== undefined);
  if (refusal !== undefined) return respondRefused(refusal);
  const replacements = parsed.data.replacements.map(({ kind, existing, updated }) => ({
    kind,
    existing: normalized({ kind, value: existing }).value,
    updated: normalized({ kind, value: updated }).value,
  }));
  const identifiers = identifiersOf(parsed.data.identifiers, replacements);
  const at = deps.now();
  const pepper = await deps.pepper();
  const tokens = contactPointsOf(identifiers).map((contactPoint) => tokenOf(pepper, contactPoint));
  const request: SubjectRequest = {
    id: parsed.data.id ?? deps.newId(),
    version: 1,
    type,
    state: 'RECEIVED',
    received: { by, at },
    receivedOn: localMoment(deps.zone, at).date,
    tokens: [...new Set(tokens)],
    steps: [],
  };
  const entry = requestEntry(request, { kind: 'RECEIVED', by, at }, { id: deps.newId(), client });
  const outcome = await deps.requests.create({
    request,
    data: { identifiers, replacements, found: [] },
    entry,
  });
  const kept = outcome === 'CREATED' ? request : (await deps.requests.read(request.id))?.request;
  return respond(outcome === 'CREATED' ? 201 : 200, { accepted: true, ...summaryOf(kept ?? request) });
}

/** Each once; whatever is to be replaced is looked for too. */
function identifiersOf(
  given: readonly Identifier[],
  replacements: readonly { readonly kind: Identifier['kind']; readonly existing: string }[],
): Identifier[] {
  const all = [
    ...given.map(normalized),
    ...replacements.map(({ kind, existing }) => ({ kind, value: existing })),
  ];
  return [...new Map(all.map((each) => [`${each.kind} ${each.value}`, each])).values()];
}

/** A number that cannot be read finds nobody, and one of the other region must not be looked for in this one. */
function refusalOfIdentifier(
  identifier: Identifier,
  { residency }: HandleSubjectRequestDeps,
): Refusal | undefined {
  const read = contactPointOf(identifier);
  if (read?.kind === 'unreadable') return { code: 'UNREADABLE_INPUT', cause: read.cause };
  const region = read === undefined ? undefined : homeRegion(read);
  return region === undefined || region === residency ? undefined : { code: 'WRONG_REGION', region };
}

async function show(id: string, deps: HandleSubjectRequestDeps): Promise<ApiResponse> {
  const stored = await read(id, deps);
  if (stored === undefined) return respondRefused({ code: 'UNKNOWN_REQUEST' });
  return respond(200, { ...whole(stored), results: await deps.resultNames(id) });
}

async function act(id: string, request: ApiRequest, deps: HandleSubjectRequestDeps): Promise<ApiResponse> {
  const action = Action.safeParse(request.pathParameters['action']);
  if (!action.success) return respondRefused({ code: 'UNKNOWN_ROUTE' });
  const said = ACTIONS[action.data].safeParse(request.body);
  if (!said.success) return respondInvalid(said.error);
  const stored = await read(id, deps);
  if (stored === undefined) return respondRefused({ code: 'UNKNOWN_REQUEST' });
  const at = deps.now();
  const event: RequestEvent =
    said.data.kind === 'EXTENDED'
      ? { ...said.data, at, on: localMoment(deps.zone, at).date }
      : { ...said.data, at };
  const next = advance(stored.request, event, stored.data?.found);
  const entry = requestEntry(next, event, { id: deps.newId(), client: request.client });
  // Nothing of a request that was refused needs to be kept but that it was.
  const data = event.kind === 'REFUSED' ? { data: 'DESTROYED' as const } : {};
  if ((await deps.requests.save({ request: next, entry, ...data })) === 'SAVED') {
    return respond(200, { accepted: true, ...summaryOf(next) });
  }
  throw new ComplianceError({
    code: 'REQUEST_BUSY',
    message: 'expected a request that nobody else was changing; nothing was written, send it again',
  });
}

async function read(id: string, { requests }: HandleSubjectRequestDeps): Promise<StoredRequest | undefined> {
  return SubjectRequest.shape.id.safeParse(id).success ? await requests.read(id) : undefined;
}
