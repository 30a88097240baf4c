import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Deliver } from '../delivery.ts';
import { type Failure, openRetryQueue, type RetryQueue } from '../retry-queue.ts';
import type { LambdaFunction } from './lambda-function.ts';

const Invocation = z.object({ functionName: z.string(), requestId: z.string(), payload: z.string() });
export type Invocation = z.output<typeof Invocation>;

export type AsyncInvocationsOptions = {
  readonly folder: string;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly functionByName: (name: string) => LambdaFunction | undefined;
  /** Told where a failed event was lost for want of a destination. */
  readonly onDropped?: ((functionName: string) => void) | undefined;
};

/** The function answered with an error; `payload` is the JSON of it. */
class FunctionError extends Error {
  readonly payload: string;
  constructor(payload: string) {
    super('The function failed.');
    this.payload = payload;
  }
}

// "Lambda retries function errors twice, with a one-minute wait before the first retry and two minutes before the second"
// (AWS Lambda Developer Guide, Asynchronous invocation)
const RETRY_DELAY_MS = 60_000;

/** Events that functions have yet to handle. They outlive the process; failures end in the function's destination. */
export function openAsyncInvocations(options: AsyncInvocationsOptions): RetryQueue<Invocation> {
  return openRetryQueue<Invocation>({
    path: join(options.folder, 'async-invocations.ndjson'),
    schema: Invocation,
    clock: options.clock,
    async run({ functionName, requestId, payload }) {
      const target = found(options, functionName);
      const outcome = await target.invoke({ payload, requestId, wait: true });
      if (outcome.failed) throw new FunctionError(outcome.payload);
    },
    delayMs: ({ functionName }, { attempts }) => {
      const retries = options.functionByName(functionName)?.properties.MaximumRetryAttempts ?? 0;
      return attempts > retries ? undefined : attempts * RETRY_DELAY_MS;
    },
    giveUp: (invocation, failure) => abandon(options, invocation, failure),
  });
}

function found(options: AsyncInvocationsOptions, name: string): LambdaFunction {
  const target = options.functionByName(name);
  if (target === undefined) throw new Error(`The function ${name} does not exist.`);
  return target;
}

async function abandon(
  options: AsyncInvocationsOptions,
  invocation: Invocation,
  failure: Failure,
): Promise<void> {
  const { properties, arn } = found(options, invocation.functionName);
  const destination = properties.DestinationConfig?.OnFailure?.Destination;
  const deadLetterArn = properties.DeadLetterConfig?.TargetArn;
  if (destination !== undefined) {
    await options.deliver({
      to: destination,
      body: failureRecord({ invocation, failure, arn, at: options.clock.now() }),
    });
  } else if (deadLetterArn !== undefined) {
    await options.deliver({
      to: deadLetterArn,
      body: invocation.payload,
      attributes: { RequestID: invocation.requestId, ErrorCode: '200', ErrorMessage: 'The function failed.' },
    });
  } else options.onDropped?.(invocation.functionName);
}

/** The record that a failure destination gets (AWS Lambda Developer Guide, "Retaining records of asynchronous invocations"). */
function failureRecord(input: { invocation: Invocation; failure: Failure; arn: string; at: number }): string {
  const { invocation, failure, arn, at } = input;
  const response = failure.error instanceof FunctionError ? failure.error.payload : 'null';
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(at).toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: `${arn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: failure.attempts,
    },
    requestPayload: JSON.parse(invocation.payload),
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: JSON.parse(response),
  });
}
