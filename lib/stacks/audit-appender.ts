import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { undeliveredQueue } from '../constructs/durable-queue.ts';
import { deploymentName, logWriterPath } from './deployments.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';

// Shorter than the schedule's minute: runs never overlap, so one writer is the normal case, not a race won.
const timeout = Duration.seconds(55);

/** The schedule that moves pending audit entries into the locked bucket, each minute, one writer at a time. */
export class AuditAppender extends Construct {
  readonly append: DialguardFunction<'append-audit-log'>;
  readonly lostRuns: Queue;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    this.append = this.#append(props);
    this.lostRuns = undeliveredQueue(this, 'LostRuns', props.storage.stateKey);
    this.append.allow(['sqs:SendMessage'], [this.lostRuns.queueArn]);
    // No retries: the next minute's run does the same work. SqsDestination would grant more than SendMessage.
    this.append.lambda.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      onFailure: { bind: () => ({ destination: this.lostRuns.queueArn }) },
    });
    const rule = new Rule(this, 'Schedule', {
      description: 'Moves pending audit entries into the log',
      schedule: Schedule.rate(Duration.minutes(1)),
    });
    rule.addTarget(
      new LambdaTarget(this.append.lambda, { deadLetterQueue: this.lostRuns, retryAttempts: 2 }),
    );
  }

  #append({ bundle, deployment, settings, storage }: IngestionProps): DialguardFunction<'append-audit-log'> {
    const append = new DialguardFunction(this, 'AppendAuditLog', {
      name: 'append-audit-log',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb: 1769,
      reservedConcurrency: 1,
      rolePath: logWriterPath(deployment),
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        AUDIT_BUCKET: storage.audit.bucketName,
        LEGAL_ALERTS_TOPIC_ARN: storage.legalAlerts.topicArn,
        LOG_KEY_ARN: storage.logKey.keyArn,
        LOG_ORIGIN: settings.logOrigin ?? deploymentName(deployment),
      },
    });
    append.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    append.allow(['dynamodb:Query'], [`${storage.contactPoints.tableArn}/index/pending`]);
    append.allow(
      [
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:Query',
        'dynamodb:DeleteItem',
      ],
      [storage.cases.tableArn],
    );
    for (const keys of ['entries/*', 'policies/*', 'tile/*', 'checkpoints/*']) {
      append.allowObjects(['s3:GetObject', 's3:PutObject'], storage.audit, keys);
    }
    append.allow(
      ['s3:GetObject', 's3:PutObject'],
      ['checkpoint', 'vkey'].map((key) => storage.audit.arnForObjects(key)),
    );
    // To catch up with entries that were written while the tree was not; and S3 says of what is missing that it is.
    append.allow(['s3:ListBucket'], [storage.audit.bucketArn]);
    append.allow(['kms:GetPublicKey', 'kms:Sign'], [storage.logKey.keyArn]);
    append.allow(['sns:Publish'], [storage.legalAlerts.topicArn]);
    append.useKey('write', ['dynamodb', 'sns', 'sqs']);
    append.useKey('write', ['s3'], storage.auditKey);
    return append;
  }
}
