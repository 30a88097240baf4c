import type { SubjectRequestEntry } from '../log/entry.ts';
import type { RequestEvent } from './advance.ts';
import type { SubjectRequest } from './request.ts';

/** The audit entry of what happened to a request: ids, states and counts, nothing that the person said. */
export function requestEntry(
  request: SubjectRequest,
  event: {
    readonly kind: RequestEvent['kind'] | 'RECEIVED';
    readonly by: string;
    readonly at: number;
    readonly reason?: string;
    readonly step?: { readonly id: string };
  },
  {
    id,
    subjectsFound,
    client,
  }: { readonly id: string; readonly subjectsFound?: number | undefined; readonly client?: string },
): SubjectRequestEntry {
  const told =
    event.kind === 'STEP' ? request.steps.filter((step) => step.id === event.step?.id) : request.steps;
  const steps = told.map(({ id: stepId, state, cause }) => ({
    id: stepId,
    state,
    ...(cause === undefined ? {} : { cause }),
  }));
  return {
    kind: 'subject-request',
    id,
    at: new Date(event.at).toISOString(),
    subjects: [...request.tokens],
    ...(client === undefined ? {} : { client }),
    requestId: request.id,
    type: request.type,
    event: event.kind,
    state: request.state,
    by: event.by,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(subjectsFound === undefined ? {} : { subjectsFound }),
    ...(steps.length === 0 ? {} : { steps }),
  };
}
