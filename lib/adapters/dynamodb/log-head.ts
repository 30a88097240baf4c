import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { ComplianceError } from '../../domain/errors.ts';
import { type Batch, LogHead } from '../../domain/log/head.ts';
import type { LogHeads } from '../../domain/log/log-ports.ts';
import { attributes } from './item.ts';

/** The key of the head in the table of cases. */
export const HEAD_KEY = attributes({ pk: 'audit-log', sk: 'head' });

/** The head of the log as one item: { size, fence, owner, leaseUntil, batch?, loggedUntil? }. */
export class DynamoLogHeads implements LogHeads {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async acquire({
    owner,
    now,
    leaseUntil,
  }: Parameters<LogHeads['acquire']>[0]): Promise<LogHead | undefined> {
    try {
      const { Attributes = {} } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: HEAD_KEY,
          UpdateExpression:
            'SET #owner = :owner, leaseUntil = :leaseUntil, #size = if_not_exists(#size, :zero) ADD fence :one',
          // The owner itself may ask twice: the SDK repeats a call whose answer was lost.
          ConditionExpression: 'attribute_not_exists(leaseUntil) OR leaseUntil < :now OR #owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner', '#size': 'size' },
          ExpressionAttributeValues: attributes({
            ':owner': owner,
            ':now': now,
            ':leaseUntil': leaseUntil,
            ':zero': 0,
            ':one': 1,
          }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return LogHead.parse(unmarshall(Attributes));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async intend(fence: number, batch: Extract<Batch, { state: 'INTENDED' }>): Promise<void> {
    await this.#update(fence, 'SET #batch = :batch', {
      names: { '#batch': 'batch' },
      values: { ':batch': batch },
    });
  }

  async commit(fence: number, batch: Extract<Batch, { state: 'COMMITTED' }>): Promise<void> {
    await this.#update(fence, 'SET #batch = :batch, #size = :size', {
      names: { '#batch': 'batch', '#size': 'size' },
      values: { ':batch': batch, ':size': batch.first + batch.count },
    });
  }

  async finish(fence: number): Promise<void> {
    await this.#update(fence, 'REMOVE #batch', { names: { '#batch': 'batch' } });
  }

  async release(fence: number, loggedUntil?: number): Promise<void> {
    const known = loggedUntil === undefined ? {} : { ':loggedUntil': loggedUntil };
    const also = loggedUntil === undefined ? '' : ', loggedUntil = :loggedUntil';
    await this.#update(fence, `SET leaseUntil = :never${also}`, { values: { ':never': 0, ...known } });
  }

  async #update(
    fence: number,
    expression: string,
    { names, values = {} }: { names?: Record<string, string>; values?: Record<string, unknown> },
  ): Promise<void> {
    const bound: Record<string, AttributeValue> = attributes({ ...values, ':fence': fence });
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: HEAD_KEY,
          UpdateExpression: expression,
          ConditionExpression: 'fence = :fence',
          ...(names === undefined ? {} : { ExpressionAttributeNames: names }),
          ExpressionAttributeValues: bound,
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new ComplianceError({
        code: 'FENCED',
        message: `expected to be the log's writer under fence ${fence}, but another has taken over; nothing was changed`,
        cause: error,
      });
    }
  }
}
