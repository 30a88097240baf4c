import { isConfirmable } from '../../lib/domain/subject-request/advance.ts';
import { deadlineOf } from '../../lib/domain/subject-request/deadline.ts';
import type { SubjectRequest } from '../../lib/domain/subject-request/request.ts';
import type { StoredRequest } from '../../lib/domain/subject-request/subject-requests.ts';

/** A request as lists show it, without anything that the person said. */
export function summaryOf(request: SubjectRequest) {
  const { id, type, state, received, receivedOn, extension, refusal, steps, endedAt } = request;
  return {
    ...{ id, type, state, receivedOn },
    receivedAt: new Date(received.at).toISOString(),
    receivedBy: received.by,
    ...deadlineOfRequest(request),
    extended: extension !== undefined,
    ...(refusal === undefined ? {} : { refusedFor: refusal.reason }),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
    steps: steps.map(({ id: step, system, state: at, cause, attempts }) => ({
      ...{ id: step, system, state: at, attempts },
      ...(cause === undefined ? {} : { cause }),
    })),
  };
}

/** When a request is due; no public holidays are known here, so that it is never told later than the law has it. */
function deadlineOfRequest({ receivedOn, extension }: SubjectRequest) {
  return deadlineOf({ receivedOn, extended: extension !== undefined }, () => false);
}

/** A request as the officer sees it who must decide: with what the person said and who was found. */
export function whole({ request, data }: StoredRequest) {
  return {
    ...summaryOf(request),
    identifiers: data?.identifiers ?? [],
    replacements: data?.replacements ?? [],
    subjects: (data?.found ?? []).map((subject) => ({
      ...subject,
      mayBeApproved: isConfirmable(request, subject),
    })),
    ...(request.approval === undefined ? {} : { approvedSubjects: request.approval.subjects }),
    dataDestroyed: data === undefined,
  };
}
