import { Worker } from 'node:worker_threads';
import {
  type FunctionFailure,
  failureOf,
  type InvokeMessage,
  WorkerMessage,
  type WorkerSetup,
} from './worker-messages.ts';

export type InvocationOutcome = { readonly payload: string; readonly failed: boolean };

export type FunctionWorkerOptions = {
  readonly setup: WorkerSetup;
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
  /** Called once, when no further event may be given to this worker. */
  readonly onGone: () => void;
};

type Settle = (outcome: InvocationOutcome) => void;

// "The Init phase is limited to 10 seconds" (AWS Lambda Developer Guide, Lambda execution environment)
const INIT_TIMEOUT_MS = 10_000;
const RUNTIME = new URL('./runtime.ts', import.meta.url);

/** One worker thread with the code of one function loaded in it, as an execution environment of AWS Lambda. */
export class FunctionWorker {
  readonly #options: FunctionWorkerOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<string, Settle>();
  readonly #ready: Promise<FunctionFailure | undefined>;
  #initialised: (failure?: FunctionFailure) => void = () => {};
  #retired = false;

  constructor(options: FunctionWorkerOptions) {
    this.#options = options;
    this.#worker = new Worker(RUNTIME, {
      workerData: options.setup,
      env: { ...options.environment },
      // The options of our own process (loaders of a test runner, for one) are not the function's.
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#ready = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(initTimeout()), INIT_TIMEOUT_MS);
      this.#initialised = (failure) => {
        clearTimeout(timer);
        resolve(failure);
      };
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => options.onOutput(text));
    }
    this.#worker.on('message', (message: unknown) => this.#receive(WorkerMessage.parse(message)));
    this.#worker.on('error', (error: unknown) => this.#died(failureOf(error)));
    this.#worker.on('exit', (code) => this.#died(exited(code)));
  }

  /** Resolves when the code is loaded, with the failure where it could not be. */
  async ready(): Promise<FunctionFailure | undefined> {
    const failure = await this.#ready;
    if (failure !== undefined) this.#died(failure);
    return failure;
  }

  /** Handles one event; resolves in any case, with the failure if the worker dies or the deadline passes. */
  invoke(message: InvokeMessage, timeoutMs: number): Promise<InvocationOutcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timedOut(message.requestId, timeoutMs), timeoutMs);
      this.#pending.set(message.requestId, (outcome) => {
        clearTimeout(timer);
        this.#pending.delete(message.requestId);
        resolve(outcome);
        if (this.#retired && this.#pending.size === 0) void this.#worker.terminate();
      });
      this.#worker.postMessage(message);
    });
  }

  async terminate(): Promise<void> {
    this.#retire();
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === 'ready') this.#initialised();
    else if (message.kind === 'init-failed') this.#initialised(message.failure);
    else if (message.kind === 'result')
      this.#pending.get(message.requestId)?.({ payload: message.payload, failed: false });
    else this.#pending.get(message.requestId)?.(failedOutcome(message.failure));
  }

  // AWS Lambda ends the environment of the invocation that timed out, and no other. Here several share one worker, so it
  // takes no further events and ends as soon as the others are done.
  #timedOut(requestId: string, timeoutMs: number): void {
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#options.onOutput(`${errorMessage}\n`);
    this.#retire();
    this.#pending.get(requestId)?.(failedOutcome({ errorType: 'Sandbox.Timedout', errorMessage }));
  }

  #died(failure: FunctionFailure): void {
    this.#initialised(failure);
    this.#retire();
    for (const settle of this.#pending.values()) settle(failedOutcome(failure));
    void this.#worker.terminate();
  }

  #retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#options.onGone();
  }
}

/** A failure as the caller of Invoke sees it. */
export function failedOutcome(failure: FunctionFailure): InvocationOutcome {
  return { payload: JSON.stringify(failure), failed: true };
}

function exited(code: number): FunctionFailure {
  const reason = code === 0 ? 'without providing a reason' : `with error: exit status ${code}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited ${reason}` };
}

function initTimeout(): FunctionFailure {
  return { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Init timed out after 10 seconds' };
}
