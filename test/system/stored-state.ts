import { DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Connection } from '../../bin/commands/connection.ts';
import { tokenFor } from '../../bin/commands/contact-point.ts';
import { ContactPointState, EMPTY_STATE } from '../../lib/domain/state/state.ts';

/** What is stored of a number or an address. */
export async function stateOf(connection: Connection, contact: string): Promise<ContactPointState> {
  const { Item } = await new DynamoDBClient(connection.aws).send(
    new GetItemCommand({
      TableName: connection.endpoints.tables.contactPoints,
      Key: { token: { S: await tokenFor(connection, contact, undefined) } },
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? EMPTY_STATE : ContactPointState.parse(unmarshall(Item));
}

const Stored = z.looseObject({ token: z.string() });
export type Stored = z.infer<typeof Stored>;

/** Every item of the contact points. */
export async function storedItems({ aws, endpoints }: Connection): Promise<readonly Stored[]> {
  const items: Stored[] = [];
  const client = new DynamoDBClient(aws);
  for await (const page of paginateScan({ client }, { TableName: endpoints.tables.contactPoints })) {
    items.push(...(page.Items ?? []).map((item) => Stored.parse(unmarshall(item))));
  }
  return items;
}
