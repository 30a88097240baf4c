import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Token } from '../../domain/contact-point/token.ts';
import { attributes } from './item.ts';

const Stored = z.object({ dataKey: z.instanceof(Uint8Array).optional() });

/** The wrapped data key of a contact point; undefined where there is none, or none any more. */
export async function readDataKey(
  client: DynamoDBClient,
  { table, token }: { readonly table: string; readonly token: Token },
): Promise<Uint8Array | undefined> {
  const { Item = {} } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: attributes({ token }),
      ConsistentRead: true,
      ProjectionExpression: 'dataKey',
    }),
  );
  return Stored.parse(unmarshall(Item)).dataKey;
}
