import { ComplianceError } from '../errors.ts';
import { advance, type RequestEvent } from './advance.ts';
import { correlate, type FoundSubject, type Hit } from './correlate.ts';
import type { GenesysGdpr } from './genesys-gdpr.ts';
import type { Step, SubjectData, SubjectRequest } from './request.ts';
import { requestEntry } from './request-entry.ts';
import { type ConnectedSystems, movableSteps, planSteps, stepsHeldBack } from './steps.ts';
import type { StoredRequest, SubjectRequests } from './subject-requests.ts';

/** The part that acts without a person. */
const BY = 'dialguard';

/** Moves one step as far as it goes now; `save` keeps it before anything follows from it. */
export type MoveStep = (
  stored: { readonly request: SubjectRequest; readonly data: SubjectData },
  step: Step,
  save: (step: Step) => Promise<void>,
) => Promise<void>;

export type RunRequestDeps = {
  readonly requests: Pick<SubjectRequests, 'read' | 'save'>;
  /** Undefined where no Genesys Cloud organization is connected. */
  readonly gdpr: Pick<GenesysGdpr, 'findSubjects' | 'canonicalContact'> | undefined;
  readonly systems: ConnectedSystems;
  readonly move: Readonly<Record<Step['system'], MoveStep>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/**
 * Moves one request as far as it goes without a person: looks for the subjects, plans what was approved, moves each step
 * and ends the request. Called again until it has ended; each call begins where the last one stopped, was killed or
 * failed.
 *
 * @throws ComplianceError REQUEST_BUSY where another run is at it, REQUEST_DESTROYED where the data it needs is gone;
 * whatever the systems throw, after the other steps were moved.
 */
export async function runRequest(id: string, deps: RunRequestDeps): Promise<void> {
  const stored = await deps.requests.read(id);
  switch (stored?.request.state) {
    case 'IDENTITY_CHECKED':
      return await findSubjects(stored, deps);
    case 'SUBJECTS_FOUND':
      return void (await happened(stored.request, { kind: 'REVIEW_ASKED' }, deps));
    case 'APPROVED':
      return await start(stored.request, deps);
    case 'RUNNING':
      return await moveSteps(stored, deps);
    case 'COMPLETED':
      return await letGo(stored.request, deps);
    default:
      return;
  }
}

type OwnEvent = RequestEvent extends infer Event
  ? Event extends RequestEvent
    ? Omit<Event, 'by' | 'at'>
    : never
  : never;

async function happened(
  request: SubjectRequest,
  event: OwnEvent,
  deps: RunRequestDeps,
  data?: SubjectData | 'DESTROYED',
): Promise<SubjectRequest> {
  const at = deps.now();
  const whole = { ...event, by: BY, at } as const;
  const next = advance(request, whole);
  const entry = requestEntry(next, whole, { id: deps.newId(), subjectsFound: foundIn(data) });
  const outcome = await deps.requests.save({ request: next, entry, ...(data === undefined ? {} : { data }) });
  if (outcome === 'SAVED') return next;
  throw new ComplianceError({
    code: 'REQUEST_BUSY',
    message:
      'expected to be the only one at this request, but it was changed meanwhile; it is read again next time',
  });
}

function foundIn(data: SubjectData | 'DESTROYED' | undefined): number | undefined {
  return typeof data === 'object' ? data.found.length : undefined;
}

async function findSubjects({ request, data }: StoredRequest, deps: RunRequestDeps): Promise<void> {
  const known = present(data);
  const found = deps.gdpr === undefined ? [] : await search(known, deps.gdpr);
  const next = await happened(request, { kind: 'SUBJECTS_FOUND' }, deps, { ...known, found: [...found] });
  await happened(next, { kind: 'REVIEW_ASKED' }, deps);
}

/** One call for each identifier, as the vendor asks; then each external contact's merge set. */
async function search({ identifiers }: SubjectData, gdpr: NonNullable<RunRequestDeps['gdpr']>) {
  const hits: Hit[] = [];
  for (const identifier of identifiers) {
    hits.push({ identifier, subjects: await gdpr.findSubjects(identifier) });
  }
  const contacts = new Set(
    hits.flatMap(({ subjects }) =>
      subjects.flatMap(({ externalContactId }: FoundSubject) => externalContactId ?? []),
    ),
  );
  const canonicalOf = new Map<string, string>();
  for (const contact of contacts) canonicalOf.set(contact, await gdpr.canonicalContact(contact));
  return correlate(hits, canonicalOf);
}

async function start(request: SubjectRequest, deps: RunRequestDeps): Promise<void> {
  await happened(request, { kind: 'STARTED', steps: planSteps(request, deps.systems) }, deps);
}

/** A step that fails for now is left as it is and does not stop the others; the first such failure is thrown at the end. */
async function moveSteps(stored: StoredRequest, deps: RunRequestDeps): Promise<void> {
  const data = present(stored.data);
  let request = stored.request;
  const save = async (step: Step): Promise<void> => {
    request = await happened(request, { kind: 'STEP', step }, deps);
  };
  const failures: unknown[] = [];
  for (const step of movableSteps(request)) {
    try {
      await deps.move[step.system]({ request, data }, step, save);
    } catch (error) {
      if (error instanceof ComplianceError && error.code === 'REQUEST_BUSY') throw error;
      failures.push(error);
    }
  }
  for (const step of stepsHeldBack(request)) await save(step);
  if (request.steps.every(({ state }) => state !== 'WAITING' && state !== 'SENT')) {
    await end(request, deps);
  }
  if (failures.length > 0) throw failures[0];
}

/** Who was erased must not live on in the request; any other is kept until its answer was fetched. */
async function end(request: SubjectRequest, deps: RunRequestDeps): Promise<void> {
  const isDone = request.steps.every(({ state }) => state === 'DONE');
  const destroy = isDone && request.type !== 'ACCESS' ? 'DESTROYED' : undefined;
  await happened(request, { kind: 'ENDED' }, deps, destroy);
}

/** How long what was found for an access request can be fetched. */
const ANSWER_KEPT_MS = 30 * 86_400_000;

/** Whether the answer to a request was there to be fetched long enough, and is kept still. */
export function isAnswerOver(
  { type, state, endedAt, dataDestroyedAt }: SubjectRequest,
  now: number,
): boolean {
  const isKept = type === 'ACCESS' && state === 'COMPLETED' && dataDestroyedAt === undefined;
  return isKept && endedAt !== undefined && now - endedAt >= ANSWER_KEPT_MS;
}

async function letGo(request: SubjectRequest, deps: RunRequestDeps): Promise<void> {
  if (!isAnswerOver(request, deps.now())) return;
  await happened(request, { kind: 'DATA_DESTROYED' }, deps, 'DESTROYED');
}

function present(data: SubjectData | undefined): SubjectData {
  if (data !== undefined) return data;
  throw new ComplianceError({
    code: 'REQUEST_DESTROYED',
    message:
      'expected the data of an open request, but its key was destroyed; the request must be made again',
  });
}
