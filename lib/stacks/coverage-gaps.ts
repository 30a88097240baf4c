import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import type { ApiProps } from './api.ts';
import { functionBase } from './function-base.ts';

/** Takes somebody's word on outbound contacts that no decision covers. */
export function coverageGaps(
  scope: Construct,
  id: string,
  { bundle, deployment, storage }: ApiProps,
): DialguardFunction<'resolve-coverage-gap'> {
  const resolve = new DialguardFunction(scope, id, {
    name: 'resolve-coverage-gap',
    ...functionBase({ bundle, deployment, storage }),
    timeout: Duration.seconds(10),
    memoryMb: 1024,
    environment: {
      CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
      CASES_TABLE: storage.cases.tableName,
    },
  });
  resolve.allow(['dynamodb:UpdateItem'], [storage.contactPoints.tableArn]);
  resolve.allow(
    ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    [storage.cases.tableArn],
  );
  resolve.useKey('write', ['dynamodb']);
  return resolve;
}
