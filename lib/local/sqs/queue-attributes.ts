import type { Queue } from './queue.ts';
import { invalidParameter } from './sqs-errors.ts';

/** The answer of GetQueueAttributes for the names asked for; All names every one. */
export function queueAttributes(queue: Queue, names: readonly string[]): object {
  const all = describe(queue);
  for (const name of names) {
    if (name !== 'All' && !KNOWN.has(name)) throw invalidParameter(`Unknown Attribute ${name}.`);
  }
  const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name));
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
}

function describe(queue: Queue): Record<string, string> {
  const { properties } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    DelaySeconds: String(properties.DelaySeconds),
    MaximumMessageSize: String(properties.MaximumMessageSize),
    MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
    ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
    VisibilityTimeout: String(properties.VisibilityTimeout),
    ...(properties.RedrivePolicy === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify(properties.RedrivePolicy) }),
    ...(properties.FifoQueue
      ? {
          FifoQueue: 'true',
          ContentBasedDeduplication: String(properties.ContentBasedDeduplication),
          DeduplicationScope: properties.DeduplicationScope,
          FifoThroughputLimit: 'perQueue',
        }
      : {}),
  };
}

const KNOWN = new Set([
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
  'RedrivePolicy',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);
