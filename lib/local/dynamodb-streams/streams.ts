import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { parsedJson } from '../../domain/json.ts';
import type { AwsAccount, AwsRequest, AwsResponse, AwsService } from '../aws-service.ts';
import { type Clock, systemClock } from '../clock.ts';
import { createLanes } from './lanes.ts';
import { createTableStream, Image, type TableStream } from './stream.ts';
import { type Write, writesOf } from './writes.ts';

export type DynamoDbStreams = {
  /** What the gateway routes `dynamodb` to, in place of the service that `capture` was given. */
  readonly service: AwsService;
  /** Declares the stream of a table; a view type that the local stack does not have throws. */
  createStream(properties: StreamProperties): TableStream;
  streamByArn(arn: string): TableStream | undefined;
};

export type DynamoDbStreamsOptions = {
  readonly account: AwsAccount;
  /** DynamoDB itself. */
  readonly service: AwsService;
  readonly clock?: Clock;
};

export const StreamSpecification = z.strictObject({ StreamViewType: z.string() });

/** What of AWS::DynamoDB::Table makes its stream. */
type StreamProperties = {
  readonly TableName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly StreamSpecification: z.output<typeof StreamSpecification>;
};

/**
 * Amazon DynamoDB Streams on one machine. All writes come through the gateway, so the item is read before and after each of
 * them, one write of an item at a time: images are exact, and records of an item are in the order of its writes. Records are
 * in memory alone.
 */
export function createDynamoDbStreams(options: DynamoDbStreamsOptions): DynamoDbStreams {
  const { account, service, clock = systemClock } = options;
  const byTable = new Map<string, TableStream>();
  const lanes = createLanes();
  return {
    service: {
      protocol: service.protocol,
      async handle(request) {
        const writes = byTable.size === 0 ? [] : writesOf(request, byTable);
        if (writes.length === 0) return service.handle(request);
        const items = writes.map(({ stream, keys }) => JSON.stringify([stream.tableName, keys]));
        return lanes.run(items, () => writeAndRecord(service, request, writes));
      },
    },
    createStream({ TableName: tableName, KeySchema, StreamSpecification: { StreamViewType } }) {
      if (StreamViewType !== 'NEW_IMAGE') {
        throw new Error(`${tableName}: the local stack has streams of NEW_IMAGE, not of ${StreamViewType}.`);
      }
      const keyNames = KeySchema.map(({ AttributeName }) => AttributeName);
      const stream = createTableStream({ account, clock, tableName, keyNames });
      byTable.set(tableName, stream);
      return stream;
    },
    streamByArn: (arn) => [...byTable.values()].find((stream) => stream.arn === arn),
  };
}

async function writeAndRecord(
  service: AwsService,
  request: AwsRequest,
  writes: readonly Write[],
): Promise<AwsResponse> {
  const images = () => Promise.all(writes.map((write) => imageOf(service, request, write)));
  const before = await images();
  const response = await service.handle(request);
  if (response.status !== 200) return response;
  const after = await images();
  for (const [index, { stream, keys }] of writes.entries()) {
    const change = { keys, before: before[index], after: after[index] };
    // "If you perform a PutItem or UpdateItem operation that does not change any data in an item, DynamoDB Streams does not
    // write a stream record for that operation" (Amazon DynamoDB Developer Guide, Change data capture for DynamoDB Streams)
    if (!isDeepStrictEqual(change.before, change.after)) stream.append(change);
  }
  return response;
}

const Got = z.object({ Item: Image.optional() });

/** The item as it is now; undefined where there is none, or where its key is not one that the table takes. */
async function imageOf(service: AwsService, request: AwsRequest, { stream, keys }: Write) {
  const input = { TableName: stream.tableName, Key: keys, ConsistentRead: true };
  const { status, body = '' } = await service.handle({
    ...request,
    headers: { ...request.headers, 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    body: Buffer.from(JSON.stringify(input)),
  });
  return status === 200 ? Got.parse(parsedJson(String(body))).Item : undefined;
}
