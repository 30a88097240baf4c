import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { undeliveredQueue } from '../constructs/durable-queue.ts';
import { genesysUrls } from './genesys-regions.ts';
import type { IngestionProps } from './ingestion.ts';
import type { StorageStack } from './storage.ts';

// A run begins no hour after five minutes; the pages of a large one take their time.
const timeout = Duration.minutes(15);
const every = Duration.minutes(10);

/** The schedule that holds outbound contacts against decisions: every ten minutes, one run at a time. */
export class Coverage extends Construct {
  readonly reconcile: DialguardFunction<'reconcile-coverage'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id);
    this.reconcile = this.#reconcile(props);
    // A time that finds a run under way is dropped: that run does its work.
    this.reconcile.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.undelivered = undeliveredQueue(this, 'Undelivered', props.storage.stateKey);
    new Rule(this, 'Schedule', {
      description: 'Holds outbound contacts against decisions',
      schedule: Schedule.rate(every),
    }).addTarget(
      new LambdaTarget(this.reconcile.lambda, { deadLetterQueue: this.undelivered, retryAttempts: 2 }),
    );
  }

  #reconcile({
    bundle,
    deployment,
    settings,
    storage,
  }: IngestionProps): DialguardFunction<'reconcile-coverage'> {
    const { apiUrl, loginUrl } = genesysUrls(settings.genesysRegion);
    const reconcile = new DialguardFunction(this, 'ReconcileCoverage', {
      name: 'reconcile-coverage',
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
        RESIDENCY: deployment.residency,
        GENESYS_API_URL: apiUrl,
        GENESYS_LOGIN_URL: loginUrl,
        GENESYS_CLIENT_SECRET_ARN: storage.genesysClient?.secretArn ?? '',
        OWN_NUMBERS: settings.ownNumbers.join(','),
        DEFAULT_REGION: settings.defaultRegion,
        WINDOW_SECONDS: String(settings.coverageWindowSeconds),
      },
    });
    allowReconcile(reconcile, storage);
    return reconcile;
  }
}

function allowReconcile(
  reconcile: DialguardFunction<'reconcile-coverage'>,
  { contactPoints, cases, audit, auditKey, privacy, pepper, genesysClient }: StorageStack,
): void {
  // Entries that belong to no contact point.
  reconcile.allow(['dynamodb:UpdateItem'], [contactPoints.tableArn]);
  reconcile.allow(
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    [cases.tableArn],
  );
  reconcile.allow(
    ['secretsmanager:GetSecretValue'],
    [pepper, genesysClient].flatMap((secret) => secret?.secretArn ?? []),
  );
  reconcile.allowObjects(['s3:GetObject'], audit, 'entries/*');
  reconcile.allowObjects(['s3:GetObject', 's3:PutObject'], privacy, 'coverage/*');
  // Without it S3 answers 403 for a key that does not exist: "not yet" and "forbidden" would look alike.
  reconcile.allow(['s3:ListBucket'], [audit.bucketArn, privacy.bucketArn]);
  reconcile.useKey('write', ['dynamodb', 's3', 'secretsmanager']);
  reconcile.useKey('read', ['s3'], auditKey);
}
