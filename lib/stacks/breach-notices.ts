import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { undeliveredQueue } from '../constructs/durable-queue.ts';
import type { ApiProps } from './api.ts';
import { genesysUrls } from './genesys-regions.ts';

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
    // A minute that finds a run under way is dropped: that run does its work.
    this.send.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.undelivered = undeliveredQueue(this, 'Undelivered', props.storage.stateKey);
    new Rule(this, 'Schedule', {
      description: 'Sends notices of breaches',
      schedule: Schedule.rate(Duration.minutes(1)),
    }).addTarget(new LambdaTarget(this.send.lambda, { deadLetterQueue: this.undelivered, retryAttempts: 2 }));
  }

  #send({
    bundle,
    check,
    deployment,
    settings,
    storage,
  }: BreachNoticesProps): DialguardFunction<'send-notices'> {
    const { apiUrl, loginUrl } = genesysUrls(settings.genesysRegion);
    const { notices, fallbackLanguage } = settings.incidents;
    const send = new DialguardFunction(this, 'SendNotices', {
      name: 'send-notices',
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
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        CHECK_CONSENT_FUNCTION: check.lambda.functionName,
        GENESYS_API_URL: apiUrl,
        GENESYS_LOGIN_URL: loginUrl,
        GENESYS_CLIENT_SECRET_ARN: storage.genesysClient?.secretArn ?? '',
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
