import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { DurableQueue, feed } from '../constructs/durable-queue.ts';
import { runEvery } from '../constructs/run-every.ts';
import { feedFromStream } from '../constructs/stream-feed.ts';
import { functionBase } from './function-base.ts';
import { genesysEnvironment } from './genesys-environment.ts';
import type { IngestionProps } from './ingestion.ts';
import type { StorageStack } from './storage.ts';

// The calls of one batch, a back-off among them; a run that dies holds up its lanes for six times as long.
const timeout = Duration.seconds(30);
// SQS takes no more. A dialler that is down for hours is no reason to park: the alarm on what waits rings after a minute.
const maxReceiveCount = 1000;
// The least that an event source takes. Lanes keep each contact point's order however many run.
const concurrency = 2;

/** A dialler with the queue of what it is to hear. */
export type DiallerPush = {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly push: DialguardFunction<'push-suppression'>;
};

/** What is said of contact points: stream -> distribute-suppressions -> a FIFO queue and push-suppression for each dialler. */
export class SuppressionPush extends Construct {
  readonly diallers: ReadonlyMap<string, DiallerPush>;
  readonly distribute: DialguardFunction<'distribute-suppressions'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { settings, storage } = props;
    this.diallers = new Map(Object.keys(settings.diallers).map((name) => [name, this.#dialler(name, props)]));
    this.distribute = this.#distribute(props);
    // What the stream passed over: the mark on the contact point is the truth.
    this.undelivered = runEvery(this, {
      runner: this.distribute,
      every: Duration.minutes(1),
      description: 'Hands on to diallers what is still marked',
      key: storage.stateKey,
    });
    feedFromStream(this, {
      table: storage.contactPoints,
      reader: this.distribute,
      batchSize: 1000,
      // One call to a dialler for all of a second, not one for each contact point: diallers count calls.
      window: Duration.seconds(1),
      filter: { dynamodb: { NewImage: { pushShard: { S: [{ exists: true }] } } } },
      undelivered: this.undelivered,
    });
  }

  /** By dialler: where its changes wait, where those are that it never took, and its own credentials. */
  places(secrets: StorageStack['diallerSecrets']): Record<string, object> {
    const places = [...this.diallers].map(([name, { queue, deadLetters }]) => {
      const secretArn = secrets.get(name)?.secretArn;
      const urls = { queue: queue.queueUrl, deadLetters: deadLetters.queueUrl };
      return [name, { ...urls, ...(secretArn !== undefined && { secretArn }) }] as const;
    });
    return Object.fromEntries(places);
  }

  #distribute({ bundle, deployment, storage }: IngestionProps): DialguardFunction<'distribute-suppressions'> {
    const queues = [...this.diallers].map(([name, { queue }]) => [name, queue.queueUrl]);
    const distribute = new DialguardFunction(this, 'DistributeSuppressions', {
      name: 'distribute-suppressions',
      ...functionBase({ bundle, deployment, storage }),
      timeout: Duration.minutes(1),
      memoryMb: 512,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        DIALLER_QUEUES: JSON.stringify(Object.fromEntries(queues)),
      },
    });
    distribute.allow(['dynamodb:UpdateItem'], [storage.contactPoints.tableArn]);
    distribute.allow(['dynamodb:Query'], [`${storage.contactPoints.tableArn}/index/unpushed`]);
    for (const { queue } of this.diallers.values()) distribute.allow(['sqs:SendMessage'], [queue.queueArn]);
    distribute.useKey('write', ['dynamodb', 'sqs']);
    return distribute;
  }

  #dialler(name: string, props: IngestionProps): DiallerPush {
    const scope = new Construct(this, name);
    const { queue, deadLetters } = new DurableQueue(scope, 'Changes', {
      key: props.storage.stateKey,
      fifo: true,
      consumerTimeout: timeout,
      maxReceiveCount,
    });
    const push = pushTo(scope, { name, queue, deadLetters }, props);
    feed(scope, { queue, reader: push, batchSize: 10, maxConcurrency: concurrency });
    return { queue, deadLetters, push };
  }
}

type Queues = { readonly name: string; readonly queue: Queue; readonly deadLetters: Queue };

function pushTo(
  scope: Construct,
  { name, queue, deadLetters }: Queues,
  { bundle, deployment, settings, storage }: IngestionProps,
): DialguardFunction<'push-suppression'> {
  const { contactPoints, cases, kek, genesysClient, privacy } = storage;
  const secret = storage.diallerSecrets.get(name);
  const kind = settings.diallers[name]?.kind;
  const push = new DialguardFunction(scope, 'PushSuppression', {
    name: 'push-suppression',
    ...functionBase({ bundle, deployment, storage }),
    timeout,
    memoryMb: 1024,
    reservedConcurrency: concurrency,
    environment: {
      DIALLER_NAME: name,
      DIALLER: JSON.stringify(settings.diallers[name]),
      DIALLER_SECRET_ARN: secret?.secretArn ?? '',
      QUEUE_URL: queue.queueUrl,
      DEAD_LETTERS_URL: deadLetters.queueUrl,
      CONTACT_POINTS_TABLE: contactPoints.tableName,
      CASES_TABLE: cases.tableName,
      KEK_SECRET_ARN: kek.secretArn,
      PRIVACY_BUCKET: privacy.bucketName,
      ...genesysEnvironment({ settings, storage }),
    },
  });
  push.allow(['dynamodb:BatchGetItem'], [contactPoints.tableArn]);
  // How the dialler does: nothing else of that table.
  push.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [cases.tableArn], {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['dialler'] },
  });
  const credentials = {
    'genesys-cloud': genesysClient,
    'nice-cxone': secret,
    webhook: secret,
    file: undefined,
  };
  push.allow(
    ['secretsmanager:GetSecretValue'],
    [kek, kind === undefined ? undefined : credentials[kind]].flatMap((one) => one?.secretArn ?? []),
  );
  push.allow(['sqs:SendMessage'], [deadLetters.queueArn]);
  if (kind === 'file') push.allowObjects(['s3:PutObject'], privacy, `diallers/${name}/*`);
  push.useKey('write', ['dynamodb', 's3', 'secretsmanager', 'sqs']);
  return push;
}
