import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import type { ApiProps } from './api.ts';

/** What people ask about their own data. The key-encryption key is not needed to destroy what it wraps. */
export class Privacy extends Construct {
  readonly erase: DialguardFunction<'erase-contact-point'>;

  constructor(scope: Construct, id: string, { bundle, deployment, storage }: ApiProps) {
    super(scope, id);
    this.erase = new DialguardFunction(this, 'EraseContactPoint', {
      name: 'erase-contact-point',
      bundle,
      key: storage.stateKey,
      logRetentionDays: deployment.logRetentionDays,
      tracing: deployment.tracing,
      timeout: Duration.seconds(10),
      memoryMb: 1024,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        RESIDENCY: deployment.residency,
      },
    });
    this.erase.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      [storage.contactPoints.tableArn],
    );
    this.erase.allow(
      [
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      [storage.cases.tableArn],
    );
    this.erase.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn]);
    this.erase.useKey('write', ['dynamodb', 'secretsmanager']);
  }
}
