import { refusalIn } from '../../lib/adapters/http/platform-api.ts';
import { afterFailure, CLOSED, mayCall } from '../../lib/domain/circuit-breaker.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { Dispatch } from '../../lib/domain/notice/dispatch.ts';
import type { NoticeSender } from '../../lib/domain/notice/ports.ts';
import type { SendNoticesDeps } from './deps.ts';
import { saveDispatch } from './dispatches.ts';

/** Answers that say that the platform itself is in trouble. */
const OUTAGES: ReadonlySet<string> = new Set(['GENESYS_BUSY', 'GENESYS_UNCERTAIN', 'GENESYS_UNREADABLE']);
const SERVER_FAULT = 500;
/** What was certainly not carried out. */
const NOT_DONE: ReadonlySet<string> = new Set(['CIRCUIT_OPEN', 'GENESYS_BUSY', 'GENESYS_REFUSED']);

/** Whether a call that failed was certainly not carried out. */
export function isNotDone(error: unknown): boolean {
  return error instanceof ComplianceError && NOT_DONE.has(error.code);
}

/** A refusal for what was asked says that the platform is well; one for a fault of its own does not. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof ComplianceError)) return false;
  const status = refusalIn(error)?.status ?? SERVER_FAULT;
  return OUTAGES.has(error.code) || (error.code === 'GENESYS_REFUSED' && status >= SERVER_FAULT);
}

/** The dialler behind its circuit breaker, which is kept with the incident's dispatch so that every run knows it. */
export class GuardedDialler {
  readonly #deps: SendNoticesDeps;
  readonly #sender: NoticeSender;
  dispatch: Dispatch;

  constructor(deps: SendNoticesDeps, sender: NoticeSender, dispatch: Dispatch) {
    this.#deps = deps;
    this.#sender = sender;
    this.dispatch = dispatch;
  }

  get mayCall(): boolean {
    return mayCall(this.dispatch.circuit, this.#deps.now());
  }

  /** @throws ComplianceError CIRCUIT_OPEN, or whatever the call fails with. */
  async call<T>(ask: (sender: NoticeSender) => Promise<T>): Promise<T> {
    if (!this.mayCall) {
      throw new ComplianceError({
        code: 'CIRCUIT_OPEN',
        message: 'expected a dialler that answers, but its last answers failed; it is asked again shortly',
      });
    }
    try {
      const answer = await ask(this.#sender);
      if (this.dispatch.circuit.failures > 0) await this.save({ circuit: CLOSED });
      return answer;
    } catch (error) {
      if (isOutage(error)) await this.#failed();
      throw error;
    }
  }

  async save(change: Partial<Dispatch>): Promise<void> {
    this.dispatch = await saveDispatch(this.#deps, this.dispatch, change);
  }

  async #failed(): Promise<void> {
    const { now, random } = this.#deps;
    const circuit = afterFailure(this.dispatch.circuit, { now: now(), jitter: random() });
    await this.save({ circuit });
  }
}
