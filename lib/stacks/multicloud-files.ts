import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { DurableQueue, feed, objectCreated, QueueTarget } from '../constructs/durable-queue.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';
import { operatorTimeZone } from './settings.ts';
import { allowErasureAndReport } from './subject-requests.ts';

// Lambda's longest: a file has one log, of all its devices.
const timeout = Duration.minutes(15);
// The least that an event source takes; files are few.
const concurrency = 2;

/** Files that forget or export: GDPR_Submit -> Object Created -> rule -> queue -> process-multicloud-file -> GDPR_Result. */
export class MulticloudFiles extends Construct {
  readonly deadLetters: Queue;
  readonly process: DialguardFunction<'process-multicloud-file'>;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    const { storage } = props;
    const { queue, deadLetters } = new DurableQueue(this, 'Files', {
      key: storage.stateKey,
      fifo: false,
      consumerTimeout: timeout,
    });
    this.deadLetters = deadLetters;
    new Rule(this, 'Rule', {
      description: 'Files that forget or export, put into the privacy bucket',
      eventPattern: objectCreated(storage.privacy, 'GDPR_Submit/'),
    }).addTarget(new QueueTarget({ queue, undelivered: deadLetters }));
    this.process = this.#process(props);
    feed(this, { queue, reader: this.process, batchSize: 1, maxConcurrency: concurrency });
  }

  #process(props: IngestionProps): DialguardFunction<'process-multicloud-file'> {
    const { bundle, deployment, settings, storage } = props;
    const process = new DialguardFunction(this, 'ProcessMulticloudFile', {
      name: 'process-multicloud-file',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb: 1769,
      reservedConcurrency: concurrency,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PRIVACY_BUCKET: storage.privacy.bucketName,
        AUDIT_BUCKET: storage.audit.bucketName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        RESIDENCY: deployment.residency,
        OPERATOR_TIME_ZONE: operatorTimeZone(settings, deployment),
      },
    });
    allowErasureAndReport(process, storage);
    process.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn]);
    process.allowObjects(['s3:GetObject', 's3:GetObjectVersion'], storage.privacy, 'GDPR_Submit/*');
    process.allowObjects(['s3:GetObject', 's3:PutObject'], storage.privacy, 'GDPR_Result/*');
    process.useKey('write', ['dynamodb', 's3', 'secretsmanager', 'sqs']);
    return process;
  }
}
