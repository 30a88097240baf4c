import { createHmac } from 'node:crypto';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { isApiEvent, readApiRequest, respond } from '../../lib/adapters/http/api.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { Pepper } from '../../lib/domain/contact-point/token.ts';
import type { Answer } from '../../lib/domain/decision/answer.ts';
import { answerOf, blocked } from '../../lib/domain/decision/combine.ts';
import { systemReason } from '../../lib/domain/decision/reasons.ts';
import type { LogProgress } from '../../lib/domain/log/log-ports.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import type { ContactPoints, DecisionFacts, LegalAlerts } from '../../lib/domain/ports.ts';
import { undecidedContact } from './decision-entry.ts';
import { CheckInput } from './event.ts';
import { decideAndRecord, recordUndecided } from './record-decision.ts';
import { subjectsOf } from './subjects.ts';

export type CheckConsentDeps = {
  readonly facts: DecisionFacts;
  readonly contactPoints: ContactPoints;
  readonly progress: LogProgress;
  readonly alerts: LegalAlerts;
  readonly pepper: () => Promise<Pepper>;
  readonly policy: Policy;
  readonly residency: Residency;
  /** Time for the whole answer, milliseconds. */
  readonly budgetMs: number;
  readonly now: () => number;
  readonly newId: () => string;
  readonly telemetry: Telemetry;
};

/** One check under way. `phase` says what has failed if it fails: reading says nothing about the person either way. */
export type Check = {
  readonly decisionId: string;
  readonly client: string;
  /** The moment that the decision speaks of: when its facts had been read. Epoch milliseconds. */
  at: number;
  readonly abortSignal: AbortSignal;
  phase: 'READING' | 'RECORDING';
};

const DATA_ACTION_CLIENT = 'data-action';
const EXPLAIN_SCOPE = 'dialguard/explain';

/**
 * Answers whether a contact may be made now. Takes an HTTP API event, or the bare input of a Genesys data action, and
 * answers in kind: HTTP 200 with JSON, or a flat object of strings. Whatever goes wrong, the answer comes within the
 * budget and is BLOCK.
 */
export function createCheckConsent(given: CheckConsentDeps) {
  const deps = { ...given, telemetry: unfailing(given.telemetry) };
  return async (event: unknown): Promise<object> => {
    if (!isApiEvent(event)) return flat(await answer(deps, event, DATA_ACTION_CLIENT));
    try {
      const { body, client, scopes } = readApiRequest(event);
      const full = await answer(deps, body, client);
      return respond(200, scopes.has(EXPLAIN_SCOPE) ? full : withoutReasons(full));
    } catch (error) {
      deps.telemetry.log('CHECK_EVENT_UNREADABLE', { errorCode: errorCode(error) });
      return respond(200, withoutReasons(failed(deps, deps.newId(), 'UNAVAILABLE')));
    }
  };
}

async function answer(deps: CheckConsentDeps, input: unknown, client: string): Promise<Answer> {
  const controller = new AbortController();
  const check: Check = {
    decisionId: deps.newId(),
    client,
    at: deps.now(),
    abortSignal: controller.signal,
    phase: 'READING',
  };
  let timer: NodeJS.Timeout | undefined;
  const outOfTime = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new DOMException('out of time', 'TimeoutError'));
    }, deps.budgetMs);
  });
  try {
    const given = await Promise.race([decideInput(deps, input, check), outOfTime]);
    deps.telemetry.metric('DecisionCount', 1, { effect: given.decision });
    return given;
  } catch (error) {
    const code = check.phase === 'READING' ? 'UNAVAILABLE' : 'AUDIT_UNAVAILABLE';
    deps.telemetry.log(code, { decisionId: check.decisionId, errorCode: errorCode(error) });
    deps.telemetry.metric(code === 'UNAVAILABLE' ? 'UnavailableCount' : 'AuditUnavailableCount', 1);
    return failed(deps, check.decisionId, code);
  } finally {
    clearTimeout(timer);
  }
}

async function decideInput(deps: CheckConsentDeps, input: unknown, check: Check): Promise<Answer> {
  const pepper = await deps.pepper();
  const parsed = CheckInput.safeParse(input);
  if (!parsed.success) {
    return await recordUndecided(deps, check, { contact: {}, reason: systemReason('INVALID_REQUEST') });
  }
  const request = { input: parsed.data, pepper, requestKey: requestKeyOf(parsed.data, check.client, pepper) };
  const found = subjectsOf(parsed.data, { residency: deps.residency, pepper });
  return 'subjects' in found
    ? await decideAndRecord(deps, check, { ...request, subjects: found.subjects })
    : await recordUndecided(deps, check, {
        contact: undecidedContact(request, found.blockedBy),
        reason: found.blockedBy,
      });
}

/** What makes a request the same request again: who asks, its id, and all that it asks. */
function requestKeyOf(input: CheckInput, client: string, { pepper }: Pepper): string | undefined {
  if (input.requestId === undefined) return undefined;
  return createHmac('sha256', pepper)
    .update(JSON.stringify([client, input]))
    .digest('base64url')
    .slice(0, 22);
}

function failed(
  deps: CheckConsentDeps,
  decisionId: string,
  code: 'UNAVAILABLE' | 'AUDIT_UNAVAILABLE',
): Answer {
  return answerOf(blocked(systemReason(code)), decisionId, { policy: deps.policy, now: deps.now() });
}

/** A log or a metric that cannot be written must change no answer. */
function unfailing({ log, metric }: Telemetry): Telemetry {
  const attempt = (write: () => void) => {
    try {
      write();
    } catch {
      // There is nowhere left to say so.
    }
  };
  return {
    log: (...line) => attempt(() => log(...line)),
    metric: (...point) => attempt(() => metric(...point)),
  };
}

/** The same shape, and nothing in it that says why: membership of a list is nobody's business by default. */
function withoutReasons(full: Answer): Answer {
  return { ...full, reason: 'NOT_DISCLOSED', reasons: [], nextAllowedAt: null };
}

/** Genesys data actions read flat objects; every value a string, every field present. */
function flat(full: Answer): Record<keyof Answer, string> {
  return { ...full, reasons: JSON.stringify(full.reasons), nextAllowedAt: full.nextAllowedAt ?? '' };
}
