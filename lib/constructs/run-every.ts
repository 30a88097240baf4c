import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DialguardFunction, LambdaName } from './dialguard-function.ts';
import { undeliveredQueue } from './durable-queue.ts';

export type RunEveryProps = {
  readonly runner: DialguardFunction<LambdaName>;
  readonly every: Duration;
  /** What a run does, as a sentence without its full stop. */
  readonly description: string;
  readonly key: IKey;
};

/**
 * Runs a Lambda at a steady rate. A time that finds a run under way is dropped: that run does its work.
 *
 * @returns the queue of what the schedule could not deliver.
 */
export function runEvery(scope: Construct, { runner, every, description, key }: RunEveryProps): Queue {
  runner.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  const undelivered = undeliveredQueue(scope, 'Undelivered', key);
  new Rule(scope, 'Schedule', { description, schedule: Schedule.rate(every) }).addTarget(
    new LambdaTarget(runner.lambda, { deadLetterQueue: undelivered, retryAttempts: 2 }),
  );
  return undelivered;
}
