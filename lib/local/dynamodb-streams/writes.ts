import * as z from 'zod';
import { parsedJson } from '../../domain/json.ts';
import type { AwsRequest } from '../aws-service.ts';
import { Image, type TableStream } from './stream.ts';

/** An item that a request is about to write, in a table with a stream. */
export type Write = { readonly stream: TableStream; readonly keys: Image };

const Put = z.object({ TableName: z.string(), Item: Image });
const ByKey = z.object({ TableName: z.string(), Key: Image });
const Batch = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: Image }).optional(),
        DeleteRequest: z.object({ Key: Image }).optional(),
      }),
    ),
  ),
});

type Named = { readonly table: string; readonly item: Image };

const byKey = ByKey.transform(({ TableName, Key }): Named[] => [{ table: TableName, item: Key }]);
const OPERATIONS: Readonly<Record<string, z.ZodType<readonly Named[]>>> = {
  PutItem: Put.transform(({ TableName, Item }): Named[] => [{ table: TableName, item: Item }]),
  UpdateItem: byKey,
  DeleteItem: byKey,
  BatchWriteItem: Batch.transform(({ RequestItems }): Named[] =>
    Object.entries(RequestItems).flatMap(([table, requests]) =>
      requests.map(({ PutRequest, DeleteRequest }) => ({
        table,
        item: PutRequest?.Item ?? DeleteRequest?.Key ?? {},
      })),
    ),
  ),
};

/** The items that a request would write, of tables with streams; none for a request that DynamoDB will refuse anyway. */
export function writesOf(request: AwsRequest, streams: ReadonlyMap<string, TableStream>): readonly Write[] {
  const { 'x-amz-target': target } = request.headers;
  const name = String(target ?? '').split('.')[1] ?? '';
  const schema = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (schema === undefined) return [];
  const { data = [] } = schema.safeParse(parsedJson(request.body.toString('utf8')));
  return data.flatMap(({ table, item }) => {
    const stream = streams.get(table);
    if (stream === undefined || !stream.keyNames.every((name) => Object.hasOwn(item, name))) return [];
    return [{ stream, keys: Object.fromEntries(stream.keyNames.map((name) => [name, item[name] ?? null])) }];
  });
}
