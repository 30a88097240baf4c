import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { CoverageGap } from '../../domain/coverage/contact.ts';
import { type CoverageGaps, type GapJudgement, KnownGap } from '../../domain/coverage/ports.ts';
import { attributes, type Item } from './item.ts';

const PARTITIONS = { OPEN: 'coverage-gap', JUDGED: 'coverage-gap-judged' } as const;

/** Outbound contacts without a decision, in the table of cases: open ones in one partition, judged ones in another. */
export class DynamoCoverageGaps implements CoverageGaps {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async open(gap: CoverageGap, foundAt: number): Promise<void> {
    await this.#put('OPEN', { ...gap, foundAt });
  }

  async list(which: keyof typeof PARTITIONS): Promise<readonly KnownGap[]> {
    const gaps: KnownGap[] = [];
    const pages = paginateQuery({ client: this.#client }, { ...this.#query(which), ConsistentRead: true });
    for await (const { Items = [] } of pages)
      gaps.push(...Items.map((item) => KnownGap.parse(unmarshall(item))));
    return gaps.toSorted((a, b) => a.at - b.at);
  }

  async countOpen(): Promise<number> {
    let count = 0;
    const pages = paginateQuery({ client: this.#client }, { ...this.#query('OPEN'), Select: 'COUNT' });
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  }

  async find(id: string): Promise<KnownGap | undefined> {
    return (await this.#read('OPEN', id)) ?? (await this.#read('JUDGED', id));
  }

  async judge(id: string, judgement: GapJudgement): Promise<KnownGap | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf('OPEN', id),
          UpdateExpression: 'SET judgement = :judgement',
          ConditionExpression: 'attribute_exists(sk) AND attribute_not_exists(judgement)',
          ExpressionAttributeValues: attributes({ ':judgement': judgement }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return gapOf(Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return await this.find(id);
    }
  }

  async close(gap: KnownGap): Promise<void> {
    await this.#put('JUDGED', gap);
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: keyOf('OPEN', gap.id) }));
  }

  #query(which: keyof typeof PARTITIONS) {
    return {
      TableName: this.#table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: attributes({ ':pk': PARTITIONS[which] }),
    };
  }

  async #put(which: keyof typeof PARTITIONS, gap: KnownGap): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: { ...keyOf(which, gap.id), ...attributes(gap) },
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #read(which: keyof typeof PARTITIONS, id: string): Promise<KnownGap | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: keyOf(which, id), ConsistentRead: true }),
    );
    return gapOf(Item);
  }
}

function gapOf(item: Item | undefined): KnownGap | undefined {
  return item === undefined ? undefined : KnownGap.parse(unmarshall(item));
}

function keyOf(which: keyof typeof PARTITIONS, id: string): Item {
  return attributes({ pk: PARTITIONS[which], sk: id });
}
