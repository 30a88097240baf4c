import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { runEvery } from '../constructs/run-every.ts';
import type { ApiProps } from './api.ts';
import { functionBase } from './function-base.ts';
import { genesysEnvironment } from './genesys-environment.ts';

// Lambda's longest; a run begins nothing more after ten minutes.
const timeout = Duration.minutes(15);

export type BreachNoticesProps = ApiProps & {
  /** Each notice is preceded by its decision. */
  readonly check: DialguardFunction<'check-consent'>;
};

/** The schedule that sends notices of breaches, each minute, one run at a time. */
export class BreachNotices extends Construct {
  readonly send: DialguardFunction<'send-notices'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: BreachNoticesProps) {
    super(scope, id);
    this.send = this.#send(props);
    this.undelivered = runEvery(this, {
      runner: this.send,
      every: Duration.minutes(1),
      description: 'Sends notices of breaches',
      key: props.storage.stateKey,
    });
  }

  #send({
    bundle,
    check,
    deployment,
    settings,
    storage,
  }: BreachNoticesProps): DialguardFunction<'send-notices'> {
    const { notices, fallbackLanguage } = settings.incidents;
    const send = new DialguardFunction(this, 'SendNotices', {
      name: 'send-notices',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb: 1769,
      reservedConcurrency: 1,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PRIVACY_BUCKET: storage.privacy.bucketName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        CHECK_CONSENT_FUNCTION: check.lambda.functionName,
        ...genesysEnvironment({ settings, storage }),
        NOTICE_CHANNELS: JSON.stringify(notices),
        NOTICE_LANGUAGE: fallbackLanguage,
      },
    });
    allowSending(send, { check, storage });
    return send;
  }
}

/** It reads lists and texts, keeps notices, writes entries and reports; about people it asks, and changes nothing. */
function allowSending(
  send: DialguardFunction<'send-notices'>,
  { check, storage }: Pick<BreachNoticesProps, 'check' | 'storage'>,
): void {
  const { contactPoints, cases, privacy, pepper, kek, genesysClient } = storage;
  send.allow(['lambda:InvokeFunction'], [check.lambda.functionArn]);
  send.allow(['dynamodb:UpdateItem'], [contactPoints.tableArn]);
  send.allow(
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    [cases.tableArn],
  );
  send.allowObjects(['s3:GetObject'], privacy, 'templates/*');
  send.allowObjects(['s3:GetObjectVersion'], privacy, 'incidents/*/affected.csv');
  send.allowObjects(['s3:PutObject'], privacy, 'incidents/*/letters.csv');
  send.allowObjects(['s3:PutObject'], privacy, 'incidents/*/attention.csv');
  // Without it S3 answers 403 for a key that does not exist.
  send.allow(['s3:ListBucket'], [privacy.bucketArn]);
  send.allow(
    ['secretsmanager:GetSecretValue'],
    [pepper, kek, genesysClient].flatMap((secret) => secret?.secretArn ?? []),
  );
  send.useKey('write', ['dynamodb', 's3', 'secretsmanager']);
}
