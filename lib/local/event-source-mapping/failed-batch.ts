import type { StreamRecord } from '../dynamodb-streams/stream.ts';

export type FailedBatch = {
  readonly records: readonly StreamRecord[];
  readonly functionArn: string;
  readonly streamArn: string;
  /** Of the last invocation. */
  readonly requestId: string;
  readonly functionFailed: boolean;
  readonly invokeCount: number;
  /** Epoch milliseconds. */
  readonly now: number;
};

/**
 * What the failure destination of a stream gets: where the records were, never what is in them
 * (AWS Lambda Developer Guide, "Retain discarded records for a DynamoDB event source in Lambda").
 */
export function failedBatch(batch: FailedBatch): string {
  const { records, functionArn, streamArn, requestId, functionFailed, invokeCount, now } = batch;
  const [first, last] = [records.at(0)?.dynamodb, records.at(-1)?.dynamodb];
  return JSON.stringify({
    requestContext: {
      requestId,
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(functionFailed && { functionError: 'Unhandled' }),
    },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: SHARD_ID,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn,
    },
  });
}

// A stream has one shard here.
const SHARD_ID = 'shardId-00000000000000000000-00000000';

function arrival(record: StreamRecord['dynamodb'] | undefined): string | undefined {
  if (record === undefined) return undefined;
  return new Date(record.ApproximateCreationDateTime * 1000).toISOString().replace('.000Z', 'Z');
}
