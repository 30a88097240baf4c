import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { Change, type MarkedChange } from '../../domain/dialler/changes.ts';
import type { UnpushedChanges } from '../../domain/dialler/ports.ts';
import { SHARDS } from './contact-points.ts';
import { attributes, type Item } from './item.ts';

const Marked = z
  .object({
    token: Change.shape.token,
    pushSince: Change.shape.since,
    pushVersion: z.number().int().positive(),
  })
  .transform(({ token, pushSince, pushVersion }) => ({ token, since: pushSince, version: pushVersion }));

/** The mark of a contact point of which diallers must hear; undefined where it has none. */
export function markOf(item: Item): MarkedChange | undefined {
  return Marked.safeParse(unmarshall(item)).data;
}

/** Changes that diallers must hear of, marked on the items of contact-points, found through its sparse index `unpushed`. */
export class DynamoUnpushedChanges implements UnpushedChanges {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async *waiting(until: number): AsyncGenerator<readonly MarkedChange[], undefined> {
    for (const shard of SHARDS) {
      const pages = paginateQuery(
        { client: this.#client },
        {
          TableName: this.#table,
          IndexName: 'unpushed',
          KeyConditionExpression: 'pushShard = :shard AND pushSince <= :until',
          ExpressionAttributeValues: attributes({ ':shard': shard, ':until': until }),
        },
      );
      for await (const { Items = [] } of pages) yield Items.flatMap((item) => markOf(item) ?? []);
    }
    return undefined;
  }

  async clear({ token, version }: MarkedChange): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: attributes({ token }),
          UpdateExpression: 'REMOVE pushShard, pushSince, pushVersion',
          ConditionExpression: 'pushVersion = :version',
          ExpressionAttributeValues: attributes({ ':version': version }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
