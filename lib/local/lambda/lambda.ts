import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type * as z from 'zod';
import { arnOf } from '../arn.ts';
import type { AwsAccount, AwsService } from '../aws-service.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Deliver, unknownTarget } from '../delivery.ts';
import type { Credentials } from '../sigv4.ts';
import { openAsyncInvocations } from './async-invocations.ts';
import { FunctionProperties } from './function-properties.ts';
import type { InvocationOutcome } from './function-worker.ts';
import { LambdaFunction } from './lambda-function.ts';
import { createLambdaService } from './lambda-service.ts';

export type Lambda = {
  /** What the gateway routes `lambda` to. */
  readonly service: AwsService;
  /** Declares a function and returns its ARN. */
  createFunction(properties: z.input<typeof FunctionProperties>): string;
  /** Loads the code of all functions, so that no first event waits for it. Throws for one that does not load. */
  warm(): Promise<void>;
  /** Invokes by name or ARN and waits for the answer; waits for a slot where concurrency is reserved. */
  invoke(nameOrArn: string, payload: string, requestId?: string): Promise<InvocationOutcome>;
  /** Accepts an event (JSON) for later; it is retried twice, then goes to the function's failure destination. */
  invokeAsync(nameOrArn: string, payload: string): void;
  /** Begins the asynchronous events that an earlier run has left. Call once all functions are there. */
  resume(): void;
  close(): Promise<void>;
};

export type LambdaOptions = {
  readonly account: AwsAccount;
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** Logs and asynchronous events are kept in here. */
  readonly folder: string;
  /** Takes what goes to failure destinations. */
  readonly deliver: Deliver;
  readonly clock?: Clock;
  readonly onLog?: (functionName: string, text: string) => void;
  readonly onDropped?: (functionName: string) => void;
};

/** AWS Lambda on one machine: each function in a worker thread of its own, with exactly its environment. */
export function createLambda(options: LambdaOptions): Lambda {
  const functions = new Map<string, LambdaFunction>();
  const find = (nameOrArn: string) => functions.get(functionName(nameOrArn));
  const { folder, deliver, onDropped, clock = systemClock } = options;
  const pending = openAsyncInvocations({ folder, clock, deliver, onDropped, functionByName: find });
  const existing = (nameOrArn: string): LambdaFunction => {
    const target = find(nameOrArn);
    if (target === undefined) throw unknownTarget();
    return target;
  };
  const invokeAsync = (nameOrArn: string, payload: string, requestId: string = randomUUID()): void => {
    const { FunctionName } = existing(nameOrArn).properties;
    pending.add({ functionName: FunctionName, requestId, payload });
  };
  return {
    service: createLambdaService({ account: options.account, find, invokeAsync }),
    createFunction(input) {
      const created = declare(options, FunctionProperties.parse(input));
      const { FunctionName } = created.properties;
      if (functions.has(FunctionName)) throw new Error(`The function ${FunctionName} exists already.`);
      functions.set(FunctionName, created);
      return created.arn;
    },
    async warm() {
      for (const target of functions.values()) await target.warm();
    },
    invoke: async (nameOrArn, payload, requestId) =>
      existing(nameOrArn).invoke({ payload, requestId, wait: true }),
    invokeAsync: (nameOrArn, payload) => invokeAsync(nameOrArn, payload),
    resume: () => pending.resume(),
    async close() {
      const closing = pending.close();
      await Promise.all([...functions.values()].map((target) => target.close()));
      await closing;
    },
  };
}

function declare(options: LambdaOptions, properties: FunctionProperties): LambdaFunction {
  const { account, credentials } = options;
  const name = properties.FunctionName;
  return new LambdaFunction({
    properties,
    arn: arnOf(account, 'lambda', `function:${name}`),
    logFolder: join(options.folder, 'logs'),
    onLog: options.onLog,
    runtimeEnvironment: {
      AWS_REGION: account.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL: options.endpoint,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    },
  });
}

// A name, a partial ARN (<account>:function:<name>) or an ARN, each with or without a qualifier.
function functionName(nameOrArn: string): string {
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function');
  return (at >= 0 ? parts[at + 1] : parts[0]) ?? '';
}
