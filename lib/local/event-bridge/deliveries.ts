import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-service.ts';
import type { Clock } from '../clock.ts';
import type { Deliver } from '../delivery.ts';
import { openRetryQueue, type RetryQueue } from '../retry-queue.ts';
import { Target, targetInput } from './rule.ts';

const DeliveryItem = z.object({ ruleArn: z.string(), target: Target, event: z.string() });
export type DeliveryItem = z.output<typeof DeliveryItem>;

/** An event that no target and no dead-letter queue has taken; says where, never what. */
export type Dropped = { readonly ruleArn: string; readonly targetArn: string; readonly errorCode: string };

export type DeliveriesOptions = {
  readonly folder: string;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly onDropped?: ((dropped: Dropped) => void) | undefined;
};

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 600_000;

/**
 * Events on their way to targets. "EventBridge retries sending the event for 24 hours and up to 185 times with an
 * exponential back off" (Amazon EventBridge User Guide, Retry policy), then the target's dead-letter queue takes it.
 */
export function openDeliveries(options: DeliveriesOptions): RetryQueue<DeliveryItem> {
  return openRetryQueue<DeliveryItem>({
    path: join(options.folder, 'event-deliveries.ndjson'),
    schema: DeliveryItem,
    clock: options.clock,
    run: ({ target, event }) =>
      options.deliver({
        to: target.Arn,
        body: targetInput(target, event),
        messageGroupId: target.SqsParameters?.MessageGroupId,
      }),
    delayMs: ({ target }, { attempts, ageMs, error }) => {
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy;
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
      const exhausted = attempts > MaximumRetryAttempts || ageMs + delay > MaximumEventAgeInSeconds * 1000;
      return exhausted || isPermanent(error) ? undefined : delay;
    },
    giveUp: (item, failure) => deadLetter(options, item, failure),
  });
}

// "Some events are sent directly to the DLQ without retries, such as when the target no longer exists"
// (Amazon EventBridge User Guide, Using dead-letter queues)
function isPermanent(error: unknown): boolean {
  return error instanceof AwsError && error.code === 'ResourceNotFoundException';
}

async function deadLetter(
  options: DeliveriesOptions,
  item: DeliveryItem,
  { error, attempts }: { error: unknown; attempts: number },
): Promise<void> {
  const { target, ruleArn, event } = item;
  const errorCode = error instanceof AwsError ? error.code : 'SDK_CLIENT_ERROR';
  if (target.DeadLetterConfig === undefined) {
    options.onDropped?.({ ruleArn, targetArn: target.Arn, errorCode });
    return;
  }
  await options.deliver({
    to: target.DeadLetterConfig.Arn,
    body: event,
    attributes: {
      RULE_ARN: ruleArn,
      TARGET_ARN: target.Arn,
      ERROR_CODE: errorCode,
      ERROR_MESSAGE: error instanceof AwsError ? error.message : 'The target failed.',
      RETRY_ATTEMPTS: String(attempts - 1),
    },
  });
}
