import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import {
  DurableQueue,
  feed,
  objectCreated,
  QueueTarget,
  undeliveredQueue,
} from '../constructs/durable-queue.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';
import type { Settings } from './settings.ts';

// Lambda's longest: a national list is read whole, and its blocks are written in as many runs as it takes.
const timeout = Duration.minutes(15);
// The least that an event source takes; the one message group lets one run at a time through.
const concurrency = 2;
const messageGroupId = 'registries';

/** Registries: file in the bucket, or the day's round -> rule -> FIFO queue -> sync-registry -> snapshot and blocks. */
export class RegistrySync extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly undelivered: Queue;
  readonly sync: DialguardFunction<'sync-registry'>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { storage } = props;
    const queues = new DurableQueue(this, 'Files', {
      key: storage.stateKey,
      fifo: true,
      consumerTimeout: timeout,
    });
    this.queue = queues.queue;
    this.deadLetters = queues.deadLetters;
    this.undelivered = undeliveredQueue(this, 'Undelivered', storage.stateKey);
    const target = () =>
      new QueueTarget({ queue: this.queue, undelivered: this.undelivered, messageGroupId });
    new Rule(this, 'Rule', {
      description: 'Lists of registries put into the registry bucket',
      eventPattern: objectCreated(storage.registry, 'registry/'),
    }).addTarget(target());
    // Not more often: the FTC lets each file be downloaded once in 24 hours.
    new Rule(this, 'Round', {
      description: 'Fetches lists that are due, and looks for registries that are old',
      schedule: Schedule.rate(Duration.days(1)),
    }).addTarget(target());
    this.sync = this.#sync(props);
    feed(this, { queue: this.queue, reader: this.sync, batchSize: 1, maxConcurrency: concurrency });
  }

  #sync({ bundle, deployment, settings, storage }: IngestionProps): DialguardFunction<'sync-registry'> {
    const { contactPoints, registryBlocks, registry } = storage;
    const sync = new DialguardFunction(this, 'SyncRegistry', {
      name: 'sync-registry',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      // 360 MB for a national list; and one whole processor, which Lambda gives from 1,769 MB.
      memoryMb: 1769,
      reservedConcurrency: concurrency,
      environment: {
        CONTACT_POINTS_TABLE: contactPoints.tableName,
        REGISTRY_BLOCKS_TABLE: registryBlocks.tableName,
        REGISTRY_BUCKET: registry.bucketName,
        REGISTRY_QUEUE_URL: this.queue.queueUrl,
        REGISTRIES: JSON.stringify(settings.registries),
      },
    });
    sync.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [contactPoints.tableArn]);
    sync.allow(
      ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
      [registryBlocks.tableArn],
    );
    sync.allowObjects(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], registry, 'registries/*');
    sync.allowObjects(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], registry, 'registry/*');
    // Without it S3 answers 403 for a key that does not exist: "no report yet" and "forbidden" would look alike.
    sync.allow(['s3:ListBucket'], [registry.bucketArn]);
    sync.useKey('write', ['dynamodb', 's3', 'sqs']);
    const secrets = secretsOf(settings);
    if (secrets.length > 0) sync.allow(['secretsmanager:GetSecretValue'], secrets);
    return sync;
  }
}

function secretsOf({ registries }: Settings): readonly string[] {
  return Object.values(registries).flatMap(({ source }) => source?.secretArn ?? []);
}
