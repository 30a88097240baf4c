import type { EmailAddress } from '../../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../domain/contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../../domain/contact-point/token.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { ContactPoints } from '../../domain/ports.ts';
import type { SuppressionFact } from '../../domain/state/facts.ts';
import { csvOf, disclose, tablesOf } from '../../domain/subject-request/disclosure.ts';
import { contactPointsOf } from '../../domain/subject-request/read-identifier.ts';
import { factsToCarry } from '../../domain/subject-request/rectify.ts';
import type { Step, SubjectData, SubjectRequest } from '../../domain/subject-request/request.ts';
import type { MoveStep } from '../../domain/subject-request/run-request.ts';
import { tokenOfStep } from '../../domain/subject-request/steps.ts';
import type { Explainer } from '../audit-log/explainer.ts';
import type { EraseContactPoint } from '../erase-contact-point.ts';
import type { RecordFact } from '../record-fact.ts';

export type OwnStoreDeps = {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  readonly recordFact: RecordFact;
  readonly eraseContactPoint: EraseContactPoint;
  readonly explainer: Pick<Explainer, 'explainContactPoint'>;
  readonly keepResult: (file: { requestId: string; name: string }, content: Uint8Array) => Promise<void>;
  readonly pepper: () => Promise<Pepper>;
};

type Subject = { readonly contactPoint: PhoneNumber | EmailAddress; readonly token: Token };
type Work = { readonly request: SubjectRequest; readonly data: SubjectData; readonly subject: Subject };
/** What became of the step; every action may be done twice. */
type Ended = Pick<Step, 'state' | 'cause'>;

const DONE: Ended = { state: 'DONE' };

/** Does to one contact point in our own store what its person asked for. */
export function createMoveOwnStep(deps: OwnStoreDeps): MoveStep {
  return async ({ request, data }, step, save) => {
    const subject = await subjectOf({ request, data }, step, deps);
    const ended: Ended =
      subject === undefined
        ? { state: 'FAILED', cause: 'CONTACT_POINT_UNREADABLE' }
        : await ACTIONS[request.type]({ request, data, subject }, step, deps);
    await save({ ...step, ...ended, attempts: step.attempts + 1 });
  };
}

type Action = (work: Work, step: Step, deps: OwnStoreDeps) => Promise<Ended>;

const ACTIONS: Readonly<Record<SubjectRequest['type'], Action>> = {
  ACCESS: access,
  RECTIFICATION: rectify,
  ERASURE: erase,
  RESTRICTION: (work, _step, deps) => suppress(work, 'INTERNAL_POLICY', deps),
  OBJECTION: (work, _step, deps) => suppress(work, 'OBJECTION', deps),
};

/** The contact point behind a step's token, from what the person named. */
async function subjectOf(
  { request, data }: { request: SubjectRequest; data: SubjectData },
  step: Step,
  { pepper }: OwnStoreDeps,
): Promise<Subject | undefined> {
  const token = tokenOfStep(request, step);
  const known = await pepper();
  return contactPointsOf(data.identifiers)
    .map((contactPoint) => ({ contactPoint, token: tokenOf(known, contactPoint) }))
    .find((subject) => subject.token === token);
}

async function erase({ request, subject }: Work, _step: Step, deps: OwnStoreDeps): Promise<Ended> {
  const by = request.approval?.by ?? request.received.by;
  const erased = await deps.eraseContactPoint(subject.contactPoint, {
    reason: 'SUBJECT_REQUEST',
    by,
    caseId: request.id,
  });
  switch (erased.outcome) {
    case 'ERASED':
      return DONE;
    case 'HELD':
      return { state: 'HELD', cause: 'LITIGATION_HOLD' };
    case 'WRONG_REGION':
      return { state: 'FAILED', cause: 'WRONG_REGION' };
  }
}

/** Restriction and objection are suppressions without end on every channel, for every seller. */
async function suppress(
  { request, subject }: Work,
  reason: SuppressionFact['reason'],
  deps: OwnStoreDeps,
): Promise<Ended> {
  const fact: SuppressionFact = {
    kind: 'suppression',
    channel: 'ALL',
    reason,
    seller: '*',
    source: 'PRIVACY_REQUEST',
    by: request.received.by,
    eventId: request.id,
    // The person's will counts from when it was heard, not from when somebody approved it.
    effectiveAt: request.received.at,
    receivedAt: request.received.at,
    evidence: { reference: request.id },
  };
  const { outcome } = await deps.recordFact(subject.contactPoint, () => fact);
  return outcome === 'RECORDED' ? DONE : { state: 'FAILED', cause: 'WRONG_REGION' };
}

async function access({ request, subject }: Work, step: Step, deps: OwnStoreDeps): Promise<Ended> {
  const explanation = await deps.explainer.explainContactPoint(subject.token);
  const { contactPoint } = subject;
  const clear = contactPoint.kind === 'phone' ? `tel:${contactPoint.e164}` : contactPoint.canonical;
  const { disclosure, withheld } = disclose(explanation, clear);
  const name = step.id.replace(':', '-');
  const files = [
    { name: `${name}.json`, text: `${JSON.stringify(disclosure, undefined, 2)}\n` },
    ...tablesOf([disclosure]).map((table) => ({ name: `${name}-${table.name}.csv`, text: csvOf(table) })),
  ];
  for (const { name: file, text } of files.filter(({ text }) => text !== '')) {
    await deps.keepResult({ requestId: request.id, name: file }, Buffer.from(text));
  }
  return withheld === 0 ? DONE : { ...DONE, cause: 'WITHHELD_FOR_LEGAL_CLAIMS' };
}

/** Carries what was said over first, and only then takes it from the former contact point. */
async function rectify({ request, data, subject }: Work, _step: Step, deps: OwnStoreDeps): Promise<Ended> {
  const successor = await successorOf({ data, subject }, deps);
  // A name or an address is corrected in other systems; nothing here hangs on it.
  if (successor === undefined) return DONE;
  const [former] = await deps.contactPoints.read([subject.token]);
  if (former === undefined) throw new TypeError('expected one contact point for one token');
  for (const fact of former.state.erasedAt === undefined ? factsToCarry(former.state) : []) {
    const { outcome } = await deps.recordFact(successor, () => fact);
    if (outcome === 'WRONG_REGION') return { state: 'FAILED', cause: 'WRONG_REGION' };
  }
  const by = request.approval?.by ?? request.received.by;
  const erased = await deps.eraseContactPoint(subject.contactPoint, {
    reason: 'SUBJECT_REQUEST',
    by,
    caseId: request.id,
  });
  return erased.outcome === 'HELD' ? { state: 'HELD', cause: 'LITIGATION_HOLD' } : DONE;
}

/** What stands in the place of a contact point by the request. */
async function successorOf(
  { data, subject }: Pick<Work, 'data' | 'subject'>,
  { pepper }: OwnStoreDeps,
): Promise<PhoneNumber | EmailAddress | undefined> {
  const known = await pepper();
  for (const { kind, existing, updated } of data.replacements) {
    const [former] = contactPointsOf([{ kind, value: existing }]);
    if (former === undefined || tokenOf(known, former) !== subject.token) continue;
    const [successor] = contactPointsOf([{ kind, value: updated }]);
    if (successor !== undefined) return successor;
    throw new ComplianceError({
      code: 'REPLACEMENT_UNREADABLE',
      message: `expected a readable ${kind} to stand in the place of another, got none; nothing was changed`,
    });
  }
  return undefined;
}
