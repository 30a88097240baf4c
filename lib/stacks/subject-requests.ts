import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { runEvery } from '../constructs/run-every.ts';
import { functionBase } from './function-base.ts';
import { genesysEnvironment } from './genesys-environment.ts';
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
    this.undelivered = runEvery(this, {
      runner: this.run,
      every: Duration.minutes(1),
      description: 'Moves requests of data subjects on',
      key: props.storage.stateKey,
    });
  }

  #run({ bundle, deployment, settings, storage }: IngestionProps): DialguardFunction<'run-subject-requests'> {
    const run = new DialguardFunction(this, 'RunSubjectRequests', {
      name: 'run-subject-requests',
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
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        OPERATOR_TIME_ZONE: operatorTimeZone(settings, deployment),
        ...genesysEnvironment({ settings, storage }),
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
