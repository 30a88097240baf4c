// Two tables with streams and a queue for what fails, behind real SDK clients, anew for each test of the file that imports this.
import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach } from 'vitest';
import type { TableStream } from '../../lib/local/dynamodb-streams/stream.ts';
import type { EventSourceMapping } from '../../lib/local/event-source-mapping/batch.ts';
import { createStreamMapping } from '../../lib/local/event-source-mapping/stream-mapping.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import type { Queue } from '../../lib/local/sqs/queue.ts';
import { clientsOf, manualClock, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

export type Received = {
  readonly eventName: string;
  readonly dynamodb: {
    readonly Keys: { readonly id: { readonly S: string } };
    readonly NewImage?: { readonly [name: string]: { readonly S?: string; readonly N?: string } };
    readonly SequenceNumber: string;
  };
};
export type Answer = { readonly payload: string; readonly failed: boolean };

export let clock: ReturnType<typeof manualClock>;
export let aws: LocalAws;
export let dynamodb: DynamoDBClient;
export let undelivered: Queue;
export let first: TableStream;
export let second: TableStream;
let folder: ReturnType<typeof temporaryFolder>;
let mappings: EventSourceMapping[];

beforeEach(async () => {
  folder = temporaryFolder();
  clock = manualClock();
  aws = await startLocalAws(folder.path, { clock });
  dynamodb = clientsOf(aws.endpoint).dynamodb;
  undelivered = aws.sqs.createQueue({ QueueName: 'undelivered' });
  mappings = [];
  for (const name of ['first', 'second', 'without']) await createTable(name);
  first = streamOf('first');
  second = streamOf('second');
});
afterEach(async () => {
  await Promise.all(mappings.map((mapping) => mapping.close()));
  await aws.close();
  folder.remove();
});

const KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' as const }];

async function createTable(TableName: string): Promise<void> {
  const AttributeDefinitions = [{ AttributeName: 'id', AttributeType: 'S' as const }];
  const BillingMode = 'PAY_PER_REQUEST' as const;
  await dynamodb.send(new CreateTableCommand({ TableName, KeySchema, AttributeDefinitions, BillingMode }));
}

export function streamOf(TableName: string, StreamViewType = 'NEW_IMAGE'): TableStream {
  return aws.streams.createStream({ TableName, KeySchema, StreamSpecification: { StreamViewType } });
}

export const answer = (value: unknown): Answer => ({ payload: JSON.stringify(value), failed: false });
export const failure: Answer = { payload: '{"errorType":"Error"}', failed: true };
/** The answer that names the records of these items as failed. */
export const failing = (records: readonly Received[], ids: readonly string[]): Answer =>
  answer({
    batchItemFailures: records
      .filter(({ dynamodb: { Keys } }) => ids.includes(Keys.id.S))
      .map(({ dynamodb: { SequenceNumber } }) => ({ itemIdentifier: SequenceNumber })),
  });

/** Feeds a function from a stream. */
export function map(
  stream: TableStream,
  run: (records: Received[], payload: string, requestId: string) => Answer | Promise<Answer>,
  properties: Readonly<Record<string, unknown>> = {},
): EventSourceMapping {
  const mapping = createStreamMapping({
    stream,
    clock,
    functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:reader',
    invoke: async (payload, requestId) => run(JSON.parse(payload).Records, payload, requestId),
    queueByArn: aws.sqs.queueByArn,
    properties: { StartingPosition: 'LATEST', ...properties },
  });
  mappings.push(mapping);
  return mapping;
}

/** The ids of each batch that a function that does not fail is given from now on. */
export function batchesOf(
  stream: TableStream,
  properties: Readonly<Record<string, unknown>> = {},
): string[][] {
  const batches: string[][] = [];
  map(
    stream,
    (records) => {
      batches.push(idsOf(records));
      return answer(null);
    },
    properties,
  );
  return batches;
}

export const idsOf = (records: readonly Received[]) => records.map((record) => record.dynamodb.Keys.id.S);

export async function put(id: string, more: Record<string, { S: string }> = {}, TableName = 'first') {
  return dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id }, ...more } }));
}

/** One after the other, so that their order is known. */
export async function putAll(ids: readonly string[], TableName = 'first'): Promise<void> {
  for (const id of ids) await put(id, {}, TableName);
}

export function increment(id: string, condition?: string) {
  return dynamodb.send(
    new UpdateItemCommand({
      TableName: 'first',
      Key: { id: { S: id } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ...(condition && { ConditionExpression: condition }),
    }),
  );
}

/** What was given up, oldest first. */
export async function givenUp() {
  const messages = await undelivered.receive({ max: 10, waitMs: 0, visibilityTimeoutMs: 0 });
  return messages.map(({ body }) => JSON.parse(body));
}

/** Lets all pauses between tries pass until the function says what is expected. */
export async function hurry<T>(read: () => T | Promise<T>): Promise<T> {
  clock.advance(60_000);
  return read();
}
