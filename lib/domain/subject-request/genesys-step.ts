import { canonicalJson } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { isOpaque } from '../vocabulary.ts';
import { type GdprAsk, type GdprRequest, type GenesysGdpr, hasEnded } from './genesys-gdpr.ts';
import type { Step } from './request.ts';

export type GenesysStepDeps = {
  readonly gdpr: Pick<GenesysGdpr, 'submit' | 'read' | 'submittedSince' | 'results'>;
  /** Keeps a step before anything follows from it. */
  readonly save: (step: Step) => Promise<void>;
  /** Keeps a file that an export found, under its number; the same may come twice. */
  readonly keepResult: (number: number, content: Uint8Array) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** By how much the platform's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** How long a request that may have been taken is looked for before it is made again: longer than a call may last. */
const SETTLE_MS = 2 * 60_000;

/**
 * Moves one request to Genesys Cloud as far as it goes now; called again until the step has ended. It is kept that the
 * platform is about to be asked before it is asked, so that after a crash or an answer that never came the request is
 * looked for there instead of being made twice.
 *
 * @returns the step as it stands, kept.
 */
export async function moveGenesysStep(step: Step, ask: GdprAsk, deps: GenesysStepDeps): Promise<Step> {
  if (step.state === 'WAITING') return await submit(step, ask, deps);
  if (step.state !== 'SENT') return step;
  return step.references === undefined ? await find(step, ask, deps) : await follow(step, ask, deps);
}

async function submit(step: Step, ask: GdprAsk, deps: GenesysStepDeps): Promise<Step> {
  const sent: Step = { ...step, state: 'SENT', sentAt: deps.now(), attempts: step.attempts + 1 };
  await deps.save(sent);
  let taken: GdprRequest;
  try {
    taken = await deps.gdpr.submit(ask);
  } catch (error) {
    if (!(error instanceof ComplianceError)) throw error;
    if (error.code === 'GENESYS_BUSY') return await saved({ ...step, state: 'WAITING' }, deps);
    // What came back could not be read, or never came: the request may be there.
    if (error.code !== 'GENESYS_REFUSED') return sent;
    return await saved({ ...sent, state: 'FAILED', cause: error.code }, deps);
  }
  return await adopt(sent, [taken], deps);
}

/** Looks for a request that may have been taken. */
async function find(step: Step, ask: GdprAsk, deps: GenesysStepDeps): Promise<Step> {
  const ours = await answersThere(step, ask, deps);
  if (ours.length > 0) return await adopt(step, ours, deps);
  return isSettled(step, deps) ? await submit(step, ask, deps) : step;
}

/** Whether whatever became of this attempt is to be seen by now. */
function isSettled({ sentAt = 0 }: Step, { now }: GenesysStepDeps): boolean {
  return now() - sentAt >= SETTLE_MS;
}

/** What the platform made of this attempt, as far as it can be told among all that was asked of it. */
async function answersThere(
  { sentAt = 0, former = [] }: Step,
  ask: GdprAsk,
  { gdpr }: GenesysStepDeps,
): Promise<readonly GdprRequest[]> {
  const there = await gdpr.submittedSince(sentAt - CLOCK_SKEW_MS);
  return there.filter((request) => !former.includes(request.id) && isAnswer(request, ask));
}

/** Whether a request is what was asked, or what the platform made of it for another contact of the merge set. */
function isAnswer({ requestType, subject }: GdprRequest, ask: GdprAsk): boolean {
  if (requestType !== ask.requestType) return false;
  const isTarget = canonicalJson(targetIn(subject, ask)) === canonicalJson(ask.target);
  return isTarget || ask.mergeSet.includes(subject.externalContactId ?? '');
}

/** The part of a subject that a request names: the platform adds what else it knows of it. */
function targetIn(subject: GdprRequest['subject'], { target }: GdprAsk): unknown {
  return Object.fromEntries(Object.entries(subject).filter(([name]) => name in target));
}

async function adopt(step: Step, requests: readonly GdprRequest[], deps: GenesysStepDeps): Promise<Step> {
  const ids = requests.flatMap(({ id, relatedRequests = [] }) => [
    id,
    ...relatedRequests.map(({ id: other }) => other),
  ]);
  if (ids.every(isOpaque)) return await saved({ ...step, references: [...new Set(ids)] }, deps);
  throw new ComplianceError({
    code: 'GENESYS_UNREADABLE',
    message: 'expected ids of requests, got something else',
  });
}

/** Ends the step when every request has ended, since one that failed must not be retried while others are under way. */
async function follow(step: Step, ask: GdprAsk, deps: GenesysStepDeps): Promise<Step> {
  const known = step.references ?? [];
  const requests = await Promise.all(known.map((id) => deps.gdpr.read(id)));
  const related = await relatedTo(requests, { step, ask }, deps);
  const added = [...new Set(related ?? [])].filter((id) => !known.includes(id) && isOpaque(id));
  if (added.length > 0) return await saved({ ...step, references: [...known, ...added] }, deps);
  if (related === undefined || !requests.every(hasEnded)) return step;
  return await conclude(step, requests, deps);
}

/**
 * The ids of the requests for the other contacts of a merge set. Where the platform does not tell them, as in its SDK, they
 * are looked for among all that was asked, before the step ends; undefined while they may not be listed yet.
 */
async function relatedTo(
  requests: readonly GdprRequest[],
  { step, ask }: { readonly step: Step; readonly ask: GdprAsk },
  deps: GenesysStepDeps,
): Promise<readonly string[] | undefined> {
  const told = requests.flatMap(({ relatedRequests = [] }) => relatedRequests);
  const isTold = told.length > 0 || requests.length > 1;
  if (isTold || ask.mergeSet.length === 1 || !requests.every(hasEnded)) return told.map(({ id }) => id);
  if (!isSettled(step, deps)) return undefined;
  return (await answersThere(step, ask, deps)).map(({ id }) => id);
}

async function conclude(step: Step, requests: readonly GdprRequest[], deps: GenesysStepDeps): Promise<Step> {
  if (requests.some(({ status }) => status === 'ERROR')) {
    return await saved({ ...step, state: 'FAILED', cause: 'GENESYS_ERROR' }, deps);
  }
  let results = 0;
  for (const request of requests.filter(({ requestType }) => requestType === 'GDPR_EXPORT')) {
    for (const content of await deps.gdpr.results(request)) await deps.keepResult(++results, content);
  }
  return await saved({ ...step, state: 'DONE' }, deps);
}

async function saved(step: Step, { save }: GenesysStepDeps): Promise<Step> {
  await save(step);
  return step;
}
