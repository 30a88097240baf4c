import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import type { ApiProps } from './api.ts';

const updateItems = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'];

/** Inbound text messages and e-mail replies, and the reviews of those that are in doubt. */
export class MessageIntake extends Construct {
  readonly receive: DialguardFunction<'receive-message'>;
  readonly resolve: DialguardFunction<'resolve-review'>;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.receive = this.#receive(props);
    this.resolve = this.#resolve(props);
  }

  #receive(props: ApiProps): DialguardFunction<'receive-message'> {
    const { deployment, storage } = props;
    const receive = new DialguardFunction(this, 'ReceiveMessage', {
      ...common(props),
      name: 'receive-message',
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        PEPPER_SECRET_ARN: storage.pepper.secretArn,
        KEK_SECRET_ARN: storage.kek.secretArn,
        RESIDENCY: deployment.residency,
      },
    });
    receive.allow(updateItems, [storage.contactPoints.tableArn]);
    receive.allow(['dynamodb:PutItem'], [storage.cases.tableArn]);
    receive.allow(['secretsmanager:GetSecretValue'], [storage.pepper.secretArn, storage.kek.secretArn]);
    // The default bus: a partner's bus takes no events of ours.
    const defaultBus = { service: 'events', resource: 'event-bus', resourceName: 'default' };
    receive.allow(['events:PutEvents'], [Stack.of(this).formatArn(defaultBus)]);
    receive.useKey('write', ['dynamodb', 'secretsmanager']);
    return receive;
  }

  #resolve(props: ApiProps): DialguardFunction<'resolve-review'> {
    const { storage } = props;
    const resolve = new DialguardFunction(this, 'ResolveReview', {
      ...common(props),
      name: 'resolve-review',
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
      },
    });
    resolve.allow(updateItems, [storage.contactPoints.tableArn]);
    resolve.allow(
      ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [storage.cases.tableArn],
    );
    resolve.useKey('write', ['dynamodb']);
    return resolve;
  }
}

function common({ bundle, deployment, storage }: ApiProps) {
  const { logRetentionDays, tracing } = deployment;
  const key = storage.stateKey;
  return { bundle, key, logRetentionDays, tracing, timeout: Duration.seconds(10), memoryMb: 1024 };
}
