import { once } from 'node:events';
import { ANSWER_KEPT_MS, type Answer, type RecordedAnswer } from '../../lib/domain/decision/answer.ts';
import { answerOf, blocked, decideContact } from '../../lib/domain/decision/combine.ts';
import { type Decision, decide, registriesAsked } from '../../lib/domain/decision/decide.ts';
import { type Reason, systemReason } from '../../lib/domain/decision/reasons.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { ContactDetails } from '../../lib/domain/log/entry.ts';
import { logSafeId } from '../../lib/domain/log/log-safe-id.ts';
import type { RuleContext } from '../../lib/domain/policy/rules/context.ts';
import { attemptsCountForMs } from '../../lib/domain/policy/windows.ts';
import { withAttempt, withoutAttempt } from '../../lib/domain/state/attempts.ts';
import { isBacklogged } from '../../lib/domain/state/record-fact.ts';
import { withUse } from '../../lib/domain/state/uses.ts';
import type { Check, CheckConsentDeps } from './check-consent.ts';
import {
  type Decidable,
  entryOf,
  type LegalAlert,
  type Request,
  undecidedEntry,
  type Verdict,
} from './decision-entry.ts';

/** Share of the budget that telling Legal may take: the answer does not wait longer for it. */
const ALERT_SHARE = 0.25;

/** How long a record may wait for the log and its checkpoint before nothing is allowed any more. */
const LAG_LIMIT_MS = 600_000;

/** Far more than the budget allows with a store that answers over a network. */
const TRIES = 200;

/**
 * Reads, decides, writes; starts over when a contact point changed in between, so that an opt-out which lands after
 * the read turns the answer. ALLOW is returned only once the decision's entry is written.
 */
export async function decideAndRecord(
  deps: CheckConsentDeps,
  check: Check,
  request: Decidable,
): Promise<Answer> {
  let legalAlert: LegalAlert | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    check.abortSignal.throwIfAborted();
    check.phase = 'READING';
    // Beside the facts, not after them: now and then this is a read.
    const keepsUp = logKeepsUp(deps, check.at);
    const verdicts = await readAndDecide(deps, check, request);
    const [lead] = verdicts;
    if (lead === undefined) throw new TypeError('expected at least one contact point');
    const decision = decideContact(verdicts, deps.policy);
    if (decision.effect === 'ALLOW' && !(await keepsUp)) return lagging(deps, check);
    const known = request.requestKey === undefined ? undefined : lead.from.answers[request.requestKey];
    if (known !== undefined && stillHolds(known, decision, check.at)) return known.answer;
    const answer = answerOf(decision, check.decisionId, { policy: deps.policy, now: check.at });
    if (decision.reasons.some(({ code }) => code === 'LITIGATION_HOLD')) {
      legalAlert ??= await alertLegal(deps, check, request);
    }
    if (isBacklogged(lead.from)) return backlogged(deps, check);
    check.phase = 'RECORDING';
    if (await record(deps, check, { request, verdicts, lead, decision, answer, legalAlert })) return answer;
  }
  throw new ComplianceError({
    code: 'WRITE_CONTENTION',
    message: `expected to record within ${TRIES} tries, but other writers were faster each time`,
  });
}

/** A recorded ALLOW is given again only if it would be given now; a recorded BLOCK is given again as it is. */
function stillHolds({ at, answer }: RecordedAnswer, decision: Decision, now: number): boolean {
  return now - at < ANSWER_KEPT_MS && (answer.decision === 'BLOCK' || decision.effect === 'ALLOW');
}

async function readAndDecide(
  deps: CheckConsentDeps,
  check: Check,
  request: Decidable,
): Promise<readonly Verdict[]> {
  const { input, subjects, requestKey } = request;
  const { channel, purpose, seller, product, audience, technology, softOptIn } = input;
  const scope = { channel, purpose, seller, product, audience, technology, softOptIn };
  const questions = subjects.flatMap((subject) => {
    const { phone } = subject;
    if (phone === undefined) return [];
    return registriesAsked(deps.policy, { subject, scope, now: check.at }).map((registry) => ({
      registry,
      e164: phone.e164,
    }));
  });
  const tokens = subjects.map(({ token }) => token);
  const { contactPoints, registries } = await deps.facts.readForDecision(tokens, questions, check);
  // Later than every fact that was read: the log tells the opt-out first, then the BLOCK.
  check.at = deps.now();
  const now = check.at;
  return subjects.flatMap((subject, position) => {
    const from = contactPoints[position];
    if (from === undefined) {
      throw new ComplianceError({
        code: 'INCOMPLETE_READ',
        message: 'expected a contact point for each token, got fewer; nothing was decided',
      });
    }
    const recorded =
      requestKey === undefined ? undefined : contactPoints[0]?.answers[requestKey]?.answer.decisionId;
    const context: RuleContext = {
      scope,
      subject,
      // A retry is judged as if its own first attempt had not been counted.
      state: withoutAttempt(withoutAttempt(from.state, recorded), check.decisionId),
      registries: registries
        .filter((fact, index) => fact !== undefined && questions[index]?.e164 === subject.phone?.e164)
        .flatMap((fact) => (fact === undefined ? [] : [fact])),
      now,
    };
    return [{ subject, from, context, decision: decide(context, deps.policy, 'DIAL') }];
  });
}

type Recording = {
  readonly request: Decidable;
  readonly verdicts: readonly Verdict[];
  readonly lead: Verdict;
  readonly decision: Decision;
  readonly answer: Answer;
  readonly legalAlert: LegalAlert | undefined;
};

/** Writes attempts on the other contact points first and the entry with the first one last; false if any had changed. */
async function record(deps: CheckConsentDeps, check: Check, recording: Recording): Promise<boolean> {
  const { request, verdicts, lead, decision, answer } = recording;
  const now = check.at;
  const { channel, purpose, seller, campaignId } = request.input;
  const attempt = {
    at: now,
    decisionId: check.decisionId,
    channel,
    purpose,
    ...(seller === undefined ? {} : { seller }),
    ...(campaignId === undefined ? {} : { campaignId: logSafeId(campaignId, request.pepper) }),
  };
  const countForMs = attemptsCountForMs(deps.policy);
  const stateAfter = ({ from, context }: Verdict) =>
    decision.effect === 'ALLOW'
      ? withUse(withAttempt(from.state, attempt, countForMs), context.scope, now)
      : from.state;
  if (decision.effect === 'ALLOW') {
    for (const other of verdicts.slice(1)) {
      const change = { from: other.from, state: stateAfter(other), countForMs, now };
      if ((await deps.contactPoints.commit(change, check)) !== 'COMMITTED') return false;
    }
  }
  const { requestKey } = request;
  const change = {
    from: lead.from,
    state: stateAfter(lead),
    entry: entryOf(deps, check, recording),
    countForMs,
    now,
    ...(requestKey === undefined ? {} : { answer: { requestKey, answer: { at: now, answer } } }),
  };
  return (await deps.contactPoints.commit(change, check)) === 'COMMITTED';
}

/** Records a BLOCK that no contact point can carry: none could be made out, or it may not be stored here. */
export async function recordUndecided(
  deps: CheckConsentDeps,
  check: Check,
  { contact, reason }: { readonly contact: ContactDetails; readonly reason: Reason },
): Promise<Answer> {
  const decision = blocked(reason);
  check.phase = 'RECORDING';
  const entry = undecidedEntry(deps, check, { contact, decision });
  await deps.contactPoints.record(entry, check.at, check);
  return answerOf(decision, check.decisionId, { policy: deps.policy, now: check.at });
}

async function logKeepsUp({ progress }: CheckConsentDeps, now: number): Promise<boolean> {
  try {
    return (await progress.isLoggedUntil(now - LAG_LIMIT_MS)) === true;
  } catch {
    return false;
  }
}

/** What is allowed must be provable soon: nothing is, while the log is too far behind, or nobody knows how far. */
function lagging(deps: CheckConsentDeps, check: Check): Answer {
  deps.telemetry.metric('AuditUnavailableCount', 1);
  deps.telemetry.log('AUDIT_LAGGING', { decisionId: check.decisionId });
  const now = check.at;
  return answerOf(blocked(systemReason('AUDIT_UNAVAILABLE')), check.decisionId, { policy: deps.policy, now });
}

function backlogged(deps: CheckConsentDeps, check: Check): Answer {
  deps.telemetry.metric('AuditBacklogCount', 1);
  deps.telemetry.log('AUDIT_BACKLOG', { decisionId: check.decisionId });
  const now = check.at;
  return answerOf(blocked(systemReason('AUDIT_BACKLOG')), check.decisionId, { policy: deps.policy, now });
}

async function alertLegal(
  deps: CheckConsentDeps,
  check: Check,
  { input, pepper }: Request,
): Promise<LegalAlert> {
  const patience = AbortSignal.any([check.abortSignal, AbortSignal.timeout(deps.budgetMs * ALERT_SHARE)]);
  const campaignId = input.campaignId === undefined ? undefined : logSafeId(input.campaignId, pepper);
  try {
    const at = new Date(check.at).toISOString();
    const sent = deps.alerts.attemptBlocked(
      { decisionId: check.decisionId, at, campaignId },
      { abortSignal: patience },
    );
    await Promise.race([sent, once(patience, 'abort').then(() => Promise.reject(patience.reason))]);
    return 'SENT';
  } catch {
    // The answer is BLOCK either way; append-audit-log sends what is recorded as FAILED.
    return 'FAILED';
  }
}
