import { ComplianceError } from '../errors.ts';
import type { CorrelatedSubject } from './correlate.ts';
import { deadlineOf } from './deadline.ts';
import type { IdentityMethod, RefusalReason, RequestState, Step, SubjectRequest } from './request.ts';

type Act = { readonly by: string; readonly at: number };

/** Everything that can happen to a request. */
export type RequestEvent =
  | (Act & { readonly kind: 'IDENTITY_CHECKED'; readonly method: IdentityMethod })
  | (Act & { readonly kind: 'SUBJECTS_FOUND' })
  | (Act & { readonly kind: 'REVIEW_ASKED' })
  /** `on`: ISO 8601 date at that moment on the operator's clock. */
  | (Act & { readonly kind: 'EXTENDED'; readonly reason: string; readonly on: string })
  | (Act & { readonly kind: 'APPROVED'; readonly subjects: readonly string[] })
  | (Act & { readonly kind: 'REFUSED'; readonly reason: RefusalReason })
  | (Act & { readonly kind: 'STARTED'; readonly steps: readonly Step[] })
  | (Act & { readonly kind: 'STEP'; readonly step: Step })
  | (Act & { readonly kind: 'ENDED' })
  | (Act & { readonly kind: 'RETRIED' })
  | (Act & { readonly kind: 'DATA_DESTROYED' });

/** In which states an event may happen; everything else is refused. */
const MAY_HAPPEN_IN: Readonly<Record<RequestEvent['kind'], readonly RequestState[]>> = {
  IDENTITY_CHECKED: ['RECEIVED'],
  SUBJECTS_FOUND: ['IDENTITY_CHECKED'],
  REVIEW_ASKED: ['SUBJECTS_FOUND'],
  EXTENDED: [
    'RECEIVED',
    'IDENTITY_CHECKED',
    'SUBJECTS_FOUND',
    'AWAITING_REVIEW',
    'APPROVED',
    'RUNNING',
    'PARTIAL',
  ],
  APPROVED: ['AWAITING_REVIEW'],
  // What is left of a partial one can be refused too: not everything can be mended.
  REFUSED: ['RECEIVED', 'IDENTITY_CHECKED', 'SUBJECTS_FOUND', 'AWAITING_REVIEW', 'PARTIAL'],
  STARTED: ['APPROVED'],
  STEP: ['RUNNING'],
  ENDED: ['RUNNING'],
  RETRIED: ['PARTIAL'],
  DATA_DESTROYED: ['COMPLETED'],
};

/**
 * The request after an event. A request that ended stays ended, but for a partial one that is tried again.
 *
 * @param found the subjects of the request, which an approval is checked against.
 * @throws ComplianceError WRONG_STATE, SAME_PERSON, SUBJECT_NOT_CONFIRMABLE, OBJECTION_IS_ABSOLUTE, EXTENDED_BEFORE,
 * EXTENDED_TOO_LATE, UNKNOWN_STEP or STEPS_OPEN; then nothing changes.
 */
export function advance(
  request: SubjectRequest,
  event: RequestEvent,
  found: readonly CorrelatedSubject[] = [],
): SubjectRequest {
  if (!MAY_HAPPEN_IN[event.kind].includes(request.state)) {
    throw refusal(
      'WRONG_STATE',
      `expected a request in ${MAY_HAPPEN_IN[event.kind].join(' or ')}, got ${request.state}`,
    );
  }
  return { ...changed(request, event, found), version: request.version + 1 };
}

function changed(
  request: SubjectRequest,
  event: RequestEvent,
  found: readonly CorrelatedSubject[],
): SubjectRequest {
  const act = { by: event.by, at: event.at };
  switch (event.kind) {
    case 'IDENTITY_CHECKED':
      return { ...request, state: 'IDENTITY_CHECKED', identity: { ...act, method: event.method } };
    case 'SUBJECTS_FOUND':
      return { ...request, state: 'SUBJECTS_FOUND' };
    case 'REVIEW_ASKED':
      return { ...request, state: 'AWAITING_REVIEW' };
    case 'EXTENDED':
      return extended(request, { ...act, reason: event.reason }, event.on);
    case 'APPROVED':
      return approved(request, { ...act, subjects: [...new Set(event.subjects)] }, found);
    case 'REFUSED':
      return refused(request, { ...act, reason: event.reason });
    case 'STARTED':
      return { ...request, state: 'RUNNING', steps: [...event.steps] };
    case 'STEP':
      return stepped(request, event.step);
    case 'ENDED':
      return ended(request, event.at);
    case 'RETRIED':
      return retried(request);
    case 'DATA_DESTROYED':
      return { ...request, dataDestroyedAt: event.at };
  }
}

function extended(
  request: SubjectRequest,
  extension: NonNullable<SubjectRequest['extension']>,
  on: string,
): SubjectRequest {
  if (request.extension !== undefined) {
    throw refusal(
      'EXTENDED_BEFORE',
      'expected a request that was not extended, got one that was (GDPR Art 12(3))',
    );
  }
  const { dueOn } = deadlineOf({ receivedOn: request.receivedOn, extended: false }, () => false);
  if (on <= dueOn) return { ...request, extension };
  throw refusal('EXTENDED_TOO_LATE', `expected an extension by ${dueOn}, got it on ${on} (GDPR Art 12(3))`);
}

/** A second person approves: whoever took the request in, or checked who asks, does not release it alone. */
function approved(
  request: SubjectRequest,
  approval: NonNullable<SubjectRequest['approval']>,
  found: readonly CorrelatedSubject[],
): SubjectRequest {
  if ([request.received.by, request.identity?.by].includes(approval.by)) {
    throw refusal('SAME_PERSON', 'expected the approval of a second person, got it from the first');
  }
  const confirmable = new Set(
    found.filter((subject) => isConfirmable(request, subject)).map(({ key }) => key),
  );
  if (!approval.subjects.every((key) => confirmable.has(key))) {
    throw refusal(
      'SUBJECT_NOT_CONFIRMABLE',
      'expected subjects that an identifier other than the name leads to, and no current employee to be erased',
    );
  }
  return { ...request, state: 'APPROVED', approval };
}

/** Whether a person may confirm that a subject is the one who asks. */
export function isConfirmable(
  { type }: Pick<SubjectRequest, 'type'>,
  { verdict }: CorrelatedSubject,
): boolean {
  if (verdict === 'EMPLOYEE') return type !== 'ERASURE';
  return verdict !== 'NAME_ONLY' && verdict !== 'NO_ID';
}

function refused(
  request: SubjectRequest,
  refusalAct: NonNullable<SubjectRequest['refusal']>,
): SubjectRequest {
  const { reason, at } = refusalAct;
  const mayBeRefused =
    reason === 'IDENTITY_NOT_SHOWN' || reason === 'NOT_IDENTIFIED' || reason === 'WITHDRAWN';
  if (request.type === 'OBJECTION' && !mayBeRefused) {
    throw refusal(
      'OBJECTION_IS_ABSOLUTE',
      'expected no balancing against an objection to marketing (GDPR Art 21(3))',
    );
  }
  return { ...request, state: 'REFUSED', refusal: refusalAct, endedAt: at };
}

function stepped(request: SubjectRequest, step: Step): SubjectRequest {
  const known = request.steps.find(({ id }) => id === step.id);
  if (known === undefined) throw refusal('UNKNOWN_STEP', 'expected a step of this request');
  if (known.state === 'DONE') return request;
  return { ...request, steps: request.steps.map((each) => (each.id === step.id ? step : each)) };
}

/** COMPLETED where everything was done; what a litigation hold keeps, or what failed, makes it PARTIAL. */
function ended(request: SubjectRequest, at: number): SubjectRequest {
  if (request.steps.some(({ state }) => state === 'WAITING' || state === 'SENT')) {
    throw refusal('STEPS_OPEN', 'expected every step to have ended');
  }
  const isComplete = request.steps.every(({ state }) => state === 'DONE');
  return { ...request, state: isComplete ? 'COMPLETED' : 'PARTIAL', endedAt: at };
}

function retried({ endedAt: _reopened, ...request }: SubjectRequest): SubjectRequest {
  const steps = request.steps.map((step): Step => {
    if (step.state === 'DONE') return step;
    const { id, system, attempts, references = [], former = [] } = step;
    const tried = [...former, ...references];
    return { id, system, attempts, state: 'WAITING', ...(tried.length === 0 ? {} : { former: tried }) };
  });
  return { ...request, state: 'RUNNING', steps };
}

function refusal(code: string, message: string): ComplianceError {
  return new ComplianceError({ code, message: `${message}; nothing was changed` });
}
