import { Duration } from 'aws-cdk-lib';
import { CfnArchive, EventBus, type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { DurableQueue, feed, QueueTarget, undeliveredQueue } from '../constructs/durable-queue.ts';
import { deploymentName } from './deployments.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';

// Genesys sends the topic's template as the detail-type, with a literal {id}.
const optOutEvents: EventPattern = {
  source: Match.prefix('aws.partner/genesys.com'),
  detailType: [
    'v2.detail.events.conversation.{id}.acw',
    'v2.detail.events.conversation.{id}.wrapup',
    'v2.outbound.voice.campaigns.contact.postContact',
    'v2.outbound.preview.campaigns.contact.postContact',
    'v2.outbound.messaging.campaigns.contact.postContact',
    'v2.outbound.email.campaigns.contact.postContact',
  ],
};

const timeout = Duration.seconds(30);
// The least that an SQS event source mapping accepts. A FIFO group has one reader at a time whatever it says.
const concurrency = 2;
// As far back as point-in-time recovery goes: a restored table gets the events since then replayed.
const archiveDays = 35;

/** Genesys wrap-up events: bus -> rule -> FIFO queue -> ingest-opt-out, with an archive to replay from. */
export class OptOutIntake extends Construct {
  readonly bus: EventBus;
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly undelivered: Queue;
  readonly ingest: DialguardFunction<'ingest-opt-out'>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { deployment, settings, storage } = props;
    const partner = settings.genesysPartnerEventSource;
    this.bus = new EventBus(
      this,
      'Bus',
      partner === undefined ? { eventBusName: deploymentName(deployment) } : { eventSourceName: partner },
    );
    const queues = new DurableQueue(this, 'OptOuts', {
      key: storage.stateKey,
      fifo: true,
      consumerTimeout: timeout,
    });
    this.queue = queues.queue;
    this.deadLetters = queues.deadLetters;
    this.undelivered = undeliveredQueue(this, 'Undelivered', storage.stateKey);
    const rule = new Rule(this, 'Rule', {
      description: 'Wrap-up events of Genesys Cloud that may carry an opt-out',
      eventBus: this.bus,
      eventPattern: optOutEvents,
    });
    rule.addTarget(
      new QueueTarget({ queue: this.queue, undelivered: this.undelivered, messageGroupId: 'opt-outs' }),
    );
    new CfnArchive(this, 'Archive', {
      sourceArn: this.bus.eventBusArn,
      description: 'Opt-out events, to replay after a restore',
      eventPattern: rule._renderEventPattern(),
      retentionDays: archiveDays,
      kmsKeyIdentifier: storage.stateKey.keyArn,
    });
    this.ingest = this.#ingest(props);
  }

  #ingest({ bundle, deployment, settings, storage }: IngestionProps): DialguardFunction<'ingest-opt-out'> {
    const ingest = new DialguardFunction(this, 'IngestOptOut', {
      name: 'ingest-opt-out',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb: 1024,
      reservedConcurrency: concurrency,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        OPT_OUT_DLQ_URL: this.deadLetters.queueUrl,
        OPT_OUT_WRAP_UP_CODES: settings.optOutWrapUpCodes.join(','),
        OWN_NUMBERS: settings.ownNumbers.join(','),
        DEFAULT_REGION: settings.defaultRegion,
      },
    });
    ingest.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    ingest.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn, storage.kek.secretArn]);
    ingest.allow(['sqs:SendMessage'], [this.deadLetters.queueArn]);
    ingest.useKey('write', ['dynamodb', 'secretsmanager', 'sqs']);
    feed(this, { queue: this.queue, reader: ingest, batchSize: 10, maxConcurrency: concurrency });
    return ingest;
  }
}
