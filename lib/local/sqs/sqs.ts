import { join } from 'node:path';
import type * as z from 'zod';
import { arnOf } from '../arn.ts';
import type { AwsAccount, AwsService } from '../aws-service.ts';
import { type Clock, systemClock } from '../clock.ts';
import { createQueue, type Queue, type QueueOptions } from './queue.ts';
import { QueueProperties } from './queue-properties.ts';
import { openQueueStore } from './queue-store.ts';
import { createSqsService } from './sqs-service.ts';

export type Sqs = {
  /** What the gateway routes `sqs` to. */
  readonly service: AwsService;
  /** Declares a queue; messages that an earlier run left in a queue of this name are in it. */
  createQueue(properties: z.input<typeof QueueProperties>): Queue;
  queueByArn(arn: string): Queue | undefined;
  queueByName(name: string): Queue | undefined;
  queues(): readonly Queue[];
  close(): void;
};

export type SqsOptions = {
  readonly account: AwsAccount;
  /** The gateway's origin, of which queue URLs are made. */
  readonly endpoint: string;
  /** Where the journal is kept. */
  readonly folder: string;
  readonly clock?: Clock;
};

/** Amazon SQS on one machine: standard and FIFO queues that outlive the process. */
export function createSqs(options: SqsOptions): Sqs {
  const { account, endpoint } = options;
  const clock = options.clock ?? systemClock;
  const store = openQueueStore(join(options.folder, 'sqs.ndjson'));
  const byName = new Map<string, Queue>();
  const queues = (): readonly Queue[] => [...byName.values()];
  const queueByName = (name: string): Queue | undefined => byName.get(name);
  const queueByArn = (arn: string): Queue | undefined => queues().find((queue) => queue.arn === arn);
  return {
    service: createSqsService({ account, queueByName, queues }),
    createQueue(input) {
      const properties = QueueProperties.parse(input);
      const name = properties.QueueName;
      if (byName.has(name)) throw new Error(`The queue ${name} exists already.`);
      const redrive = redriveOf(properties, queueByArn);
      const queue = createQueue({
        ...{ properties, store, clock },
        arn: arnOf(account, 'sqs', name),
        url: `${endpoint}/${account.accountId}/${name}`,
        ...(redrive === undefined ? {} : { redrive }),
      });
      byName.set(name, queue);
      return queue;
    },
    queueByArn,
    queueByName,
    queues,
    close() {
      for (const queue of queues()) queue.close();
      store.close();
    },
  };
}

function redriveOf(
  properties: QueueProperties,
  queueByArn: (arn: string) => Queue | undefined,
): QueueOptions['redrive'] {
  const { QueueName, RedrivePolicy, FifoQueue } = properties;
  if (FifoQueue !== QueueName.endsWith('.fifo')) {
    throw new Error(`The queue ${QueueName}: the name of a FIFO queue, and of no other, ends in .fifo.`);
  }
  if (RedrivePolicy === undefined) return undefined;
  const queue = queueByArn(RedrivePolicy.deadLetterTargetArn);
  if (queue === undefined) throw new Error(`The dead-letter queue of ${QueueName} does not exist yet.`);
  if (queue.properties.FifoQueue !== FifoQueue) {
    throw new Error(`The dead-letter queue of ${QueueName} must be of the same type, FIFO or standard.`);
  }
  return { queue, maxReceiveCount: RedrivePolicy.maxReceiveCount };
}
