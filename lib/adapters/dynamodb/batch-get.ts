import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetItemCommand, type DynamoDBClient, type KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { ComplianceError } from '../../domain/errors.ts';
import type { CallOptions } from '../../domain/ports.ts';
import type { Item } from './item.ts';

const ROUNDS = 8;

/**
 * BatchGetItem of at most 100 keys that asks again for what DynamoDB left unprocessed.
 *
 * @returns the items found, by table.
 * @throws ComplianceError STORE_OVERLOADED when keys stay unprocessed: they are unknown, not absent.
 */
export async function batchGet(
  client: DynamoDBClient,
  request: Record<string, KeysAndAttributes>,
  { abortSignal }: CallOptions,
): Promise<Map<string, Item[]>> {
  const found = new Map<string, Item[]>();
  let wanted = request;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetItemCommand({ RequestItems: wanted }),
      abortSignal === undefined ? {} : { abortSignal },
    );
    for (const [table, items] of Object.entries(Responses)) {
      found.set(table, [...(found.get(table) ?? []), ...items]);
    }
    if (Object.keys(UnprocessedKeys).length === 0) return found;
    wanted = UnprocessedKeys;
    await sleep(
      Math.random() * 20 * 2 ** round,
      undefined,
      abortSignal === undefined ? {} : { signal: abortSignal },
    );
  }
  throw new ComplianceError({
    code: 'STORE_OVERLOADED',
    message: `keys stayed unprocessed after ${ROUNDS} rounds`,
  });
}
