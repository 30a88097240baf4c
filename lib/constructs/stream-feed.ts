import { type Duration, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { DialguardFunction, LambdaName } from './dialguard-function.ts';

/** A pattern in the language of EventBridge: it tests leaves only, so of an attribute the value under its type. */
export type StreamFilter = { readonly dynamodb: Readonly<Record<string, unknown>> };

export type StreamFeedProps = {
  /** A table with a stream. */
  readonly table: Table;
  readonly reader: DialguardFunction<LambdaName>;
  readonly batchSize: number;
  /** For how long records are gathered before the Lambda is invoked; not at all unless told. */
  readonly window?: Duration;
  /** Which records the Lambda is invoked for; "DynamoDB event source mappings only support filtering on the dynamodb key". */
  readonly filter: StreamFilter;
  /** A standard queue: gets where in the stream the records are that failed for good. */
  readonly undelivered: Queue;
};

// A record that fails holds up those behind it: ten tries ride out a short fault. What must not be lost needs another way
// besides the stream.
const retryAttempts = 10;

/**
 * Hands what is written to a table to a Lambda, from the next write on; of a batch, only what follows the first record that
 * the Lambda names is delivered again. The reader needs the keys of the table (read) and of the queue (write) besides.
 *
 * @throws Error for a table without a stream.
 */
export function feedFromStream(scope: Construct, props: StreamFeedProps): void {
  const { table, reader, batchSize, window, filter, undelivered } = props;
  const { tableStreamArn } = table;
  if (tableStreamArn === undefined) throw new Error(`${table.node.path} has no stream to feed from.`);
  reader.allow(
    ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
    [tableStreamArn],
  );
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html lists no resource type for it
  reader.allow(['dynamodb:ListStreams'], ['*']);
  Validations.of(reader.role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'The action dynamodb:ListStreams accepts no resource, only *; it tells names of streams alone.',
  });
  reader.allow(['sqs:SendMessage'], [undelivered.queueArn]);
  new EventSourceMapping(scope, 'StreamFeed', {
    target: reader.lambda,
    eventSourceArn: tableStreamArn,
    startingPosition: StartingPosition.LATEST,
    batchSize,
    ...(window !== undefined && { maxBatchingWindow: window }),
    filters: [FilterCriteria.filter(filter)],
    reportBatchItemFailures: true,
    bisectBatchOnError: true,
    retryAttempts,
    // CDK's own destination grants more than sending.
    onFailure: { bind: () => ({ destination: undelivered.queueArn }) },
  }).node.addDependency(reader.role);
}
