import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { runEvery } from '../constructs/run-every.ts';
import { functionBase } from './function-base.ts';
import { genesysEnvironment } from './genesys-environment.ts';
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
    this.undelivered = runEvery(this, {
      runner: this.reconcile,
      every,
      description: 'Holds outbound contacts against decisions',
      key: props.storage.stateKey,
    });
  }

  #reconcile({
    bundle,
    deployment,
    settings,
    storage,
  }: IngestionProps): DialguardFunction<'reconcile-coverage'> {
    const reconcile = new DialguardFunction(this, 'ReconcileCoverage', {
      name: 'reconcile-coverage',
      ...functionBase({ bundle, deployment, storage }),
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
        ...genesysEnvironment({ settings, storage }),
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
