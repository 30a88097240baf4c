import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { localMoment } from '../../lib/domain/policy/local-time.ts';
import { deadlineOf } from '../../lib/domain/subject-request/deadline.ts';
import type { SubjectRequest } from '../../lib/domain/subject-request/request.ts';
import { isAnswerOver } from '../../lib/domain/subject-request/run-request.ts';
import type { SubjectRequests } from '../../lib/domain/subject-request/subject-requests.ts';

export type RunSubjectRequestsDeps = {
  readonly requests: Pick<SubjectRequests, 'all' | 'logOverdue'>;
  /** Moves one request as far as it goes without a person. */
  readonly run: (id: string) => Promise<void>;
  /** IANA: by whose calendar requests are due. */
  readonly zone: string;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

const MOVING: ReadonlySet<SubjectRequest['state']> = new Set([
  'IDENTITY_CHECKED',
  'SUBJECTS_FOUND',
  'APPROVED',
  'RUNNING',
]);
const ENDED: ReadonlySet<SubjectRequest['state']> = new Set(['COMPLETED', 'REFUSED']);
const DAY_MS = 86_400_000;
/** An officer has a week left when the alarm rings. */
const WARNED_DAYS = 7;

/**
 * Moves every open request on, one after the other: the platform's limits are for single requests, not for a flood. What
 * fails for one does not stop the others and is tried again next time. Tells how many are due soon, or late.
 */
export function createRunSubjectRequests(deps: RunSubjectRequestsDeps): () => Promise<void> {
  return async () => {
    await deps.requests.logOverdue();
    let failed = 0;
    for (const request of await deps.requests.all()) {
      const { id, state } = request;
      if (!MOVING.has(state) && !isAnswerOver(request, deps.now())) continue;
      try {
        await deps.run(id);
      } catch (error) {
        failed += 1;
        deps.telemetry.log('SUBJECT_REQUEST_FAILED', { jobId: id, errorCode: errorCode(error) });
      }
    }
    deps.telemetry.metric('SubjectRequestFailedCount', failed);
    reportDue(await deps.requests.all(), deps);
  };
}

/** Only a litigation hold stands against it: the person is told so, and that is the answer for now (GDPR Art 12(4)). */
function isHeld({ state, steps }: SubjectRequest): boolean {
  const left = steps.filter((step) => step.state !== 'DONE');
  return state === 'PARTIAL' && left.every(({ cause }) => cause === 'LITIGATION_HOLD');
}

function reportDue(
  requests: readonly SubjectRequest[],
  { telemetry, now, zone }: RunSubjectRequestsDeps,
): void {
  const open = requests.filter((request) => !ENDED.has(request.state) && !isHeld(request));
  const daysLeft = open.map((request) => {
    const { nominalOn } = deadlineOf(
      { receivedOn: request.receivedOn, extended: request.extension !== undefined },
      () => false,
    );
    return (Date.parse(nominalOn) - Date.parse(localMoment(zone, now()).date)) / DAY_MS;
  });
  telemetry.metric('SubjectRequestDueCount', daysLeft.filter((days) => days <= WARNED_DAYS).length);
  telemetry.metric('SubjectRequestLateCount', daysLeft.filter((days) => days < 0).length);
}
