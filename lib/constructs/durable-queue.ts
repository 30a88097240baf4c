import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  type EventPattern,
  type IRule,
  type IRuleTarget,
  Match,
  type RuleTargetConfig,
} from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DialguardFunction, LambdaName } from './dialguard-function.ts';

export type DurableQueueProps = {
  readonly key: IKey;
  readonly fifo: boolean;
  /** The time limit of the Lambda that reads the queue; a message stays hidden six times as long. */
  readonly consumerTimeout: Duration;
  /** How often a message is tried before it is parked; five times unless told. */
  readonly maxReceiveCount?: number;
};

// Five tries ride out a deployment or a throttled table; a sixth would not help a malformed message.
const receiveCount = 5;
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const visibilityTimeouts = 6;

/** A queue and its dead-letter queue, encrypted, TLS only; a message that keeps failing is parked for 14 days. */
export class DurableQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: DurableQueueProps) {
    super(scope, id);
    // Without an explicit type CloudFormation makes a standard queue; `fifo: false` is not a valid value.
    const type = props.fifo ? { fifo: true, contentBasedDeduplication: true } : {};
    this.deadLetters = new Queue(this, 'DeadLetters', { ...encrypted(props.key), ...type, retentionPeriod });
    this.queue = new Queue(this, 'Queue', {
      ...encrypted(props.key),
      ...type,
      retentionPeriod,
      visibilityTimeout: Duration.seconds(props.consumerTimeout.toSeconds() * visibilityTimeouts),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: props.maxReceiveCount ?? receiveCount },
    });
  }
}

const retentionPeriod = Duration.days(14);

/** A queue for what a service could not deliver; EventBridge demands a standard one, even behind a FIFO target. */
export function undeliveredQueue(scope: Construct, id: string, key: IKey): Queue {
  const queue = new Queue(scope, id, { ...encrypted(key), retentionPeriod });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      'It is itself where undelivered messages end, of a service rather than of a queue; an alarm watches it.',
  });
  return queue;
}

function encrypted(key: IKey) {
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: key, enforceSSL: true } as const;
}

export type QueueTargetProps = {
  readonly queue: Queue;
  readonly undelivered: Queue;
  /** FIFO queues only. EventBridge takes a constant, never a path into the event. */
  readonly messageGroupId?: string;
};

/**
 * Delivers a rule's events to a queue that accepts them from this rule alone. CDK's own target drops the
 * `aws:SourceArn` condition for encrypted queues.
 */
export class QueueTarget implements IRuleTarget {
  readonly #props: QueueTargetProps;

  constructor(props: QueueTargetProps) {
    this.#props = props;
  }

  bind(rule: IRule): RuleTargetConfig {
    const { queue, undelivered, messageGroupId } = this.#props;
    for (const accepting of new Set([queue, undelivered])) acceptFrom(rule, accepting);
    return {
      arn: queue.queueArn,
      targetResource: queue,
      deadLetterConfig: { arn: undelivered.queueArn },
      retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 },
      ...(messageGroupId !== undefined && { sqsParameters: { messageGroupId } }),
    };
  }
}

/** Lets EventBridge put what this one rule sends, or could not deliver, into the queue. */
function acceptFrom(rule: IRule, queue: Queue): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': rule.ruleArn },
        StringEquals: { 'aws:SourceAccount': Stack.of(queue).account },
      },
    }),
  );
}

/** What S3 says on the default bus of each new object whose key begins so. */
export function objectCreated(bucket: Bucket, prefix: string): EventPattern {
  return {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: { bucket: { name: [bucket.bucketName] }, object: { key: Match.prefix(prefix) } },
  };
}

export type QueueFeedProps = {
  readonly queue: Queue;
  readonly reader: DialguardFunction<LambdaName>;
  readonly batchSize: number;
  readonly maxConcurrency: number;
};

/** Hands a queue's messages to a Lambda; of a batch, only what the Lambda names is delivered again. */
export function feed(scope: Construct, { queue, reader, batchSize, maxConcurrency }: QueueFeedProps): void {
  reader.allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    [queue.queueArn],
  );
  new EventSourceMapping(scope, 'Feed', {
    target: reader.lambda,
    eventSourceArn: queue.queueArn,
    batchSize,
    reportBatchItemFailures: true,
    maxConcurrency,
  }).node.addDependency(reader.role);
}
