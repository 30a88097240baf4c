import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { undeliveredQueue } from '../constructs/durable-queue.ts';
import { genesysUrls } from './genesys-regions.ts';
import type { IngestionProps } from './ingestion.ts';
import { operatorTimeZone } from './settings.ts';
import type { StorageStack } from './storage.ts';

// Lambda's longest: a platform that does not answer holds up one request, and the others are to have their turn.
const timeout = Duration.minutes(15);

/** The schedule that moves requests of data subjects on, each minute, one run at a time. */
export class SubjectRequests extends Construct {
  readonly run: DialguardFunction<'run-subject-requests'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    this.run = this.#run(props);
    // A minute that finds a run under way is dropped: that run does its work.
    this.run.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.undelivered = undeliveredQueue(this, 'Undelivered', props.storage.stateKey);
    new Rule(this, 'Schedule', {
      description: 'Moves requests of data subjects on',
      schedule: Schedule.rate(Duration.minutes(1)),
    }).addTarget(new LambdaTarget(this.run.lambda, { deadLetterQueue: this.undelivered, retryAttempts: 2 }));
  }

  #run({ bundle, deployment, settings, storage }: IngestionProps): DialguardFunction<'run-subject-requests'> {
    const { apiUrl, loginUrl } = genesysUrls(settings.genesysRegion);
    const run = new DialguardFunction(this, 'RunSubjectRequests', {
      name: 'run-subject-requests',
      bundle,
      key: storage.stateKey,
      logRetentionDays: deployment.logRetentionDays,
      tracing: deployment.tracing,
      timeout,
      memoryMb: 1769,
      reservedConcurrency: 1,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PRIVACY_BUCKET: storage.privacy.bucketName,
        AUDIT_BUCKET: storage.audit.bucketName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        OPERATOR_TIME_ZONE: operatorTimeZone(settings, deployment),
        GENESYS_API_URL: apiUrl,
        GENESYS_LOGIN_URL: loginUrl,
        GENESYS_CLIENT_SECRET_ARN: storage.genesysClient?.secretArn ?? '',
        MULTICLOUD_ACCOUNT_ID: settings.multicloudAccountId ?? '',
      },
    });
    allowRun(run, storage);
    return run;
  }
}

function allowRun(run: DialguardFunction<'run-subject-requests'>, storage: StorageStack): void {
  const { pepper, kek, genesysClient, privacy } = storage;
  allowErasureAndReport(run, storage);
  run.allow(
    ['secretsmanager:GetSecretValue'],
    [pepper, kek, genesysClient].flatMap((secret) => secret?.secretArn ?? []),
  );
  run.allowObjects(['s3:PutObject'], privacy, 'subject-requests/*');
  run.allowObjects(['s3:PutObject'], privacy, 'multicloud/GDPR_Submit/*');
  run.allowObjects(['s3:GetObject'], privacy, 'multicloud/GDPR_Result/*');
  run.allowObjects(['s3:DeleteObjectVersion'], privacy, 'multicloud/*');
  run.allow(['s3:ListBucketVersions'], [privacy.bucketArn]);
  run.useKey('write', ['dynamodb', 's3', 'secretsmanager']);
}

/** What erasing people, and telling them all that is held about them, needs. */
export function allowErasureAndReport(
  lambda: DialguardFunction<'run-subject-requests' | 'process-multicloud-file'>,
  { contactPoints, cases, audit, auditKey, privacy }: StorageStack,
): void {
  lambda.allow(
    ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
    [contactPoints.tableArn],
  );
  lambda.allow(['dynamodb:Query'], [`${contactPoints.tableArn}/index/pending`]);
  lambda.allow(
    ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    [cases.tableArn],
  );
  lambda.allowObjects(['s3:GetObject'], audit, 'entries/*');
  lambda.allowObjects(['s3:GetObject'], audit, 'policies/*');
  // Without it S3 answers 403 for a key that does not exist: "no result yet" and "forbidden" would look alike.
  lambda.allow(['s3:ListBucket'], [audit.bucketArn, privacy.bucketArn]);
  lambda.useKey('read', ['s3'], auditKey);
}
