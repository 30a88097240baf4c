import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import type { ApiProps } from './api.ts';
import { functionBase } from './function-base.ts';
import { operatorTimeZone } from './settings.ts';
import type { StorageStack } from './storage.ts';

/** What people ask about their own data, and what officers decide about it. */
export class Privacy extends Construct {
  readonly erase: DialguardFunction<'erase-contact-point'>;
  readonly requests: DialguardFunction<'handle-subject-request'>;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.erase = this.#erase(props);
    this.requests = this.#requests(props);
  }

  /** The key-encryption key is not needed to destroy what it wraps. */
  #erase({ bundle, deployment, storage }: ApiProps): DialguardFunction<'erase-contact-point'> {
    const erase = new DialguardFunction(this, 'EraseContactPoint', {
      name: 'erase-contact-point',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        RESIDENCY: deployment.residency,
      },
    });
    erase.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    erase.allow(
      [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      [storage.cases.tableArn],
    );
    erase.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn]);
    erase.useKey('write', ['dynamodb', 'secretsmanager']);
    return erase;
  }

  #requests(props: ApiProps): DialguardFunction<'handle-subject-request'> {
    const { bundle, deployment, settings, storage } = props;
    const requests = new DialguardFunction(this, 'HandleSubjectRequest', {
      name: 'handle-subject-request',
      ...functionBase({ bundle, deployment, storage }),
      timeout,
      memoryMb,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PRIVACY_BUCKET: storage.privacy.bucketName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
        OPERATOR_TIME_ZONE: operatorTimeZone(settings, deployment),
      },
    });
    allowRequests(requests, storage);
    return requests;
  }
}

const timeout = Duration.seconds(10);
const memoryMb = 1024;

/** It writes entries, never facts, and learns of results their names alone. */
function allowRequests(
  requests: DialguardFunction<'handle-subject-request'>,
  { contactPoints, cases, privacy, pepper, kek }: StorageStack,
): void {
  requests.allow(['dynamodb:UpdateItem'], [contactPoints.tableArn]);
  requests.allow(
    ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    [cases.tableArn],
  );
  requests.allow(['s3:ListBucket'], [privacy.bucketArn]);
  requests.allow(['secretsmanager:GetSecretValue'], [pepper.secretArn, kek.secretArn]);
  requests.useKey('write', ['dynamodb', 'secretsmanager']);
}
