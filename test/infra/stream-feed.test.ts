import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { placeholderBundle } from '../../lib/constructs/bundle.ts';
import { DialguardFunction } from '../../lib/constructs/dialguard-function.ts';
import { undeliveredQueue } from '../../lib/constructs/durable-queue.ts';
import { DurableTable } from '../../lib/constructs/durable-table.ts';
import { feedFromStream } from '../../lib/constructs/stream-feed.ts';
import { statements } from './policies.ts';
import { context } from './templates.ts';

/** A table, and a Lambda that is fed from its stream. */
function feed({ stream = true, tracing = false } = {}): Stack {
  const stack = new Stack(new App({ context, builtinCloudFormationValidation: false }), 'Stack');
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  const { table } = new DurableTable(stack, 'Items', {
    key,
    partitionKey: { name: 'token', type: AttributeType.STRING },
    stream,
  });
  const reader = new DialguardFunction(stack, 'Reader', {
    name: 'resolve-review',
    bundle: placeholderBundle,
    environment: { CONTACT_POINTS_TABLE: table.tableName, CASES_TABLE: table.tableName },
    timeout: Duration.seconds(10),
    memoryMb: 256,
    key,
    logRetentionDays: RetentionDays.ONE_MONTH,
    tracing,
  });
  feedFromStream(stack, {
    table,
    reader,
    batchSize: 25,
    filter: { dynamodb: { NewImage: { pushShard: { S: [{ exists: true }] } } } },
    undelivered: undeliveredQueue(stack, 'Undelivered', key),
  });
  return stack;
}

const template = Template.fromStack(feed());
const Policy = z.object({ Properties: z.object({ PolicyDocument: z.unknown() }) });

describe('a feed from a stream', () => {
  it('is told new images, from now on, and gives up into the queue after ten tries', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    });
    const [mapping] = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
    expect(mapping?.['Properties']).toEqual({
      EventSourceArn: { 'Fn::GetAtt': [expect.stringContaining('Items'), 'StreamArn'] },
      FunctionName: { Ref: expect.stringContaining('Reader') },
      StartingPosition: 'LATEST',
      BatchSize: 25,
      FilterCriteria: {
        Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"pushShard":{"S":[{"exists":true}]}}}}' }],
      },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('Undelivered'), 'Arn'] } },
      },
    });
  });

  it('lets its reader read this stream and write to this queue, and no more', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).map((one) =>
      Policy.parse(one),
    );
    const granted = policies
      .flatMap(({ Properties }) => statements(Properties.PolicyDocument))
      .filter(({ Action }) => Action.some((action) => /^(dynamodb|sqs):/.test(action)));
    expect(granted.map(({ Action, Resource }) => ({ Action, Resource }))).toEqual([
      {
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        Resource: [{ 'Fn::GetAtt': [expect.stringContaining('Items'), 'StreamArn'] }],
      },
      { Action: ['dynamodb:ListStreams'], Resource: ['*'] },
      {
        Action: ['sqs:SendMessage'],
        Resource: [{ 'Fn::GetAtt': [expect.stringContaining('Undelivered'), 'Arn'] }],
      },
    ]);
  });

  it.each([{ tracing: false }, { tracing: true }])('leaves cdk-nag nothing to say ($tracing)', (options) => {
    const stack = feed(options);
    Template.fromStack(stack);
    const found = new AwsSolutionsChecks().validateScope(stack).violations;
    expect(found.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  it('is refused for a table without a stream', () => {
    expect(() => feed({ stream: false })).toThrow('Stack/Items/Table has no stream to feed from.');
  });
});
