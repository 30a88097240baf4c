import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { Dispatch } from '../../domain/notice/dispatch.ts';
import type { NoticeCounts } from '../../domain/notice/notice.ts';
import { attributes } from './item.ts';

/** Before every recipient's id, which begins with a letter or a digit. */
export const DISPATCH = '#dispatch';

const StoredDispatch = z.object({ dispatch: Dispatch, dataKey: z.instanceof(Uint8Array).optional() });
export type StoredDispatch = z.infer<typeof StoredDispatch>;

/** The partition of an incident's notices in the table of cases. */
export function noticesOf(incidentId: string): string {
  return `notice#${incidentId}`;
}

/** How far an incident's notices have come, and the wrapped key of its recipients' addresses; strongly consistent. */
export async function readDispatch(
  client: DynamoDBClient,
  { table, incidentId }: { readonly table: string; readonly incidentId: string },
): Promise<StoredDispatch | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: table,
      Key: attributes({ pk: noticesOf(incidentId), sk: DISPATCH }),
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : StoredDispatch.parse(unmarshall(Item));
}

/** How many of an incident's notices are in which state, as the last run left them; undefined where none were begun. */
export function createNoticeCounts(
  client: DynamoDBClient,
  table: string,
): (incidentId: string) => Promise<NoticeCounts | undefined> {
  return async (incidentId) => (await readDispatch(client, { table, incidentId }))?.dispatch.counts;
}
