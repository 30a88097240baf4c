import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { DurableQueue, feed, objectCreated, QueueTarget } from '../constructs/durable-queue.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';
import type { StorageStack } from './storage.ts';

// Lambda's longest: a list is scrubbed whole or not at all.
const timeout = Duration.minutes(15);

/** Contact lists: inbox -> Object Created on the default bus -> rule -> queue -> scrub-contact-list -> outbox. */
export class ContactListScrub extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly scrub: DialguardFunction<'scrub-contact-list'>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { deployment, storage } = props;
    const queues = new DurableQueue(this, 'Lists', {
      key: storage.stateKey,
      fifo: false,
      consumerTimeout: timeout,
    });
    this.queue = queues.queue;
    this.deadLetters = queues.deadLetters;
    new Rule(this, 'Rule', {
      description: 'Contact lists put into the inbox',
      eventPattern: objectCreated(storage.inbox, 'contact-lists/'),
    }).addTarget(new QueueTarget({ queue: this.queue, undelivered: this.deadLetters }));
    this.scrub = this.#scrub(props);
    feed(this, {
      queue: this.queue,
      reader: this.scrub,
      batchSize: 1,
      maxConcurrency: deployment.scrubConcurrency,
    });
  }

  #scrub({ bundle, deployment, storage }: IngestionProps): DialguardFunction<'scrub-contact-list'> {
    const scrub = new DialguardFunction(this, 'ScrubContactList', {
      name: 'scrub-contact-list',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb: deployment.scrubMemoryMb,
      reservedConcurrency: deployment.scrubConcurrency,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        INBOX_BUCKET: storage.inbox.bucketName,
        OUTBOX_BUCKET: storage.outbox.bucketName,
        REGISTRY_BUCKET: storage.registry.bucketName,
        AUDIT_BUCKET: storage.audit.bucketName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        RESIDENCY: deployment.residency,
      },
    });
    allowScrub(scrub, storage);
    return scrub;
  }
}

function allowScrub(scrub: DialguardFunction<'scrub-contact-list'>, storage: StorageStack): void {
  const { contactPoints, cases, inbox, outbox, registry, audit } = storage;
  scrub.allow(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'], [contactPoints.tableArn]);
  scrub.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [cases.tableArn]);
  scrub.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn]);
  scrub.allowObjects(['s3:GetObject', 's3:GetObjectVersion'], inbox, '*');
  scrub.allowObjects(['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'], outbox, '*');
  scrub.allowObjects(['s3:GetObject'], registry, '*');
  // Without it S3 answers 403 for a key that does not exist: "no such profile" and "forbidden" would look alike.
  scrub.allow(['s3:ListBucket'], [inbox.bucketArn, outbox.bucketArn, registry.bucketArn]);
  scrub.allowObjects(['s3:PutObject', 's3:AbortMultipartUpload'], audit, 'evidence/*');
  scrub.useKey('write', ['dynamodb', 's3', 'secretsmanager', 'sqs']);
  scrub.useKey('write', ['s3'], storage.auditKey);
}
