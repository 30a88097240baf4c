import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { AwsError } from '../aws-service.ts';
import type { FunctionProperties } from './function-properties.ts';
import { FunctionWorker, failedOutcome, type InvocationOutcome } from './function-worker.ts';
import { Slots } from './slots.ts';

export type LambdaFunctionOptions = {
  readonly properties: FunctionProperties;
  readonly arn: string;
  /** The variables that AWS Lambda itself sets. */
  readonly runtimeEnvironment: Readonly<Record<string, string>>;
  readonly logFolder: string;
  readonly onLog?: ((functionName: string, text: string) => void) | undefined;
};

export type InvokeOptions = {
  readonly payload: string;
  readonly requestId?: string | undefined;
  /** Where reserved concurrency is used up: wait for a free slot, or be throttled. */
  readonly wait: boolean;
};

// "Maximum allowed payload size: 6 MB synchronous" (AWS Lambda Developer Guide, Lambda quotas)
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

/** One declared function: its worker is started at the first event, and again after a crash or a timeout. */
export class LambdaFunction {
  readonly arn: string;
  readonly properties: FunctionProperties;
  readonly #options: LambdaFunctionOptions;
  readonly #slots: Slots;
  readonly #log: WriteStream;
  readonly #workers = new Set<FunctionWorker>();
  #current: FunctionWorker | undefined;
  #closed = false;

  constructor(options: LambdaFunctionOptions) {
    const { properties, logFolder } = options;
    this.#options = options;
    this.arn = options.arn;
    this.properties = properties;
    this.#slots = new Slots(properties.ReservedConcurrentExecutions ?? Number.POSITIVE_INFINITY);
    mkdirSync(logFolder, { recursive: true, mode: 0o700 });
    const path = join(logFolder, `${properties.FunctionName}.log`);
    this.#log = createWriteStream(path, { flags: 'a', mode: 0o600 });
  }

  /** Loads the code ahead of the first event; throws if it does not load. */
  async warm(): Promise<void> {
    const failure = await this.#worker().ready();
    if (failure === undefined) return;
    throw new Error(`${this.properties.FunctionName} does not load: ${failure.errorMessage}`);
  }

  /** Handles one event. What the function does wrong is an outcome; throws TooManyRequestsException if throttled. */
  async invoke(options: InvokeOptions): Promise<InvocationOutcome> {
    const release = options.wait ? await this.#slots.acquire() : this.#slots.tryAcquire();
    if (release === undefined) throw throttled();
    try {
      return await this.#run(options);
    } finally {
      release();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#slots.close(throttled());
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
    await new Promise<void>((resolve) => this.#log.end(resolve));
  }

  async #run({ payload, requestId = randomUUID() }: InvokeOptions): Promise<InvocationOutcome> {
    if (this.#closed) throw new AwsError('ServiceException', 'The local AWS is closing.', { status: 500 });
    const worker = this.#worker();
    const initFailure = await worker.ready();
    if (initFailure !== undefined) return failedOutcome(initFailure);
    const { FunctionName, Timeout, MemorySize } = this.properties;
    const timeoutMs = Timeout * 1000;
    const outcome = await worker.invoke(
      {
        requestId,
        event: payload,
        deadline: Date.now() + timeoutMs,
        functionName: FunctionName,
        functionArn: this.arn,
        memoryLimitInMB: String(MemorySize),
      },
      timeoutMs,
    );
    if (Buffer.byteLength(outcome.payload) <= MAX_RESPONSE_BYTES) return outcome;
    return failedOutcome({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  }

  #worker(): FunctionWorker {
    if (this.#current !== undefined) return this.#current;
    const { CodeFolder, Handler, Environment } = this.properties;
    const [module = '', exportName = ''] = Handler.split('.');
    const worker = new FunctionWorker({
      setup: { file: codeFile(CodeFolder, module), exportName },
      environment: { ...Environment?.Variables, ...this.#options.runtimeEnvironment },
      onOutput: (text) => this.#output(text),
      onGone: () => {
        if (this.#current === worker) this.#current = undefined;
        this.#workers.delete(worker);
      },
    });
    this.#current = worker;
    this.#workers.add(worker);
    return worker;
  }

  #output(text: string): void {
    if (!this.#log.writableEnded) this.#log.write(text);
    this.#options.onLog?.(this.properties.FunctionName, text);
  }
}

function codeFile(folder: string, module: string): string {
  const files = ['mjs', 'js', 'cjs'].map((extension) => join(folder, `${module}.${extension}`));
  const file = files.find((path) => existsSync(path));
  if (file === undefined)
    throw new Error(`There is no ${module}.js, .mjs or .cjs in the folder of the code.`);
  return file;
}

function throttled(): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    details: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
  });
}
