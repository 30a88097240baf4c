import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { Entry } from '../../domain/log/entry.ts';
import type { ContactPoints } from '../../domain/ports.ts';
import { attributes, type Item } from './item.ts';

export type LoggedCasesDeps = {
  readonly client: DynamoDBClient;
  /** The table of cases. */
  readonly table: string;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  /** Told when an entry could not be handed on with its change; `logOverdue` does it later. */
  readonly keptBack: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** How an item is to be: attributes by name, and what happened to it. */
export type CaseChange = {
  readonly version: number;
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly entry?: Entry | undefined;
};

const Waiting = z.object({ sk: z.string(), toLog: z.record(z.string(), z.string()) });

/**
 * Items of one partition of the table of cases. An entry is written with its change, in the same item, and handed to the
 * log afterwards: neither is without the other, whenever the process dies.
 */
export class LoggedCases {
  readonly #deps: LoggedCasesDeps;
  readonly #partition: string;

  constructor(partition: string, deps: LoggedCasesDeps) {
    this.#partition = partition;
    this.#deps = deps;
  }

  /** Writes a new item; false if there is one. */
  async create(id: string, { version, set, entry }: CaseChange): Promise<boolean> {
    const item = {
      ...{ pk: this.#partition, sk: id, version, ...set },
      toLog: entry === undefined ? {} : { [entry.id]: canonicalJson(entry) },
    };
    return await this.#write(
      id,
      entry,
      this.#deps.client.send(
        new PutItemCommand({
          TableName: this.#deps.table,
          Item: attributes(item),
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      ),
    );
  }

  /** Changes an item of the version before; false if it is of another. What is undefined stays as it was. */
  async update(id: string, { version, set, remove = [], entry }: CaseChange): Promise<boolean> {
    const given = Object.entries({ version, ...set }).filter(([, value]) => value !== undefined);
    const sets = given.map(([name]) => `#${name} = :${name}`);
    if (entry !== undefined) sets.push('toLog.#entryId = :entryLine');
    const names = [...given.map(([name]) => name), ...remove].map((name): [string, string] => [
      `#${name}`,
      name,
    ]);
    const values = given.map(([name, value]): [string, unknown] => [`:${name}`, value]);
    const removal = remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}`;
    return await this.#write(
      id,
      entry,
      this.#deps.client.send(
        new UpdateItemCommand({
          TableName: this.#deps.table,
          Key: this.#keyOf(id),
          UpdateExpression: `SET ${sets.join(', ')}${removal}`,
          ConditionExpression: '#version = :before',
          ExpressionAttributeNames: {
            ...Object.fromEntries(names),
            ...(entry === undefined ? {} : { '#entryId': entry.id }),
          },
          ExpressionAttributeValues: attributes({
            ...Object.fromEntries(values),
            ':before': version - 1,
            ':entryLine': entry && canonicalJson(entry),
          }),
        }),
      ),
    );
  }

  /** Strongly consistent; undefined if there is none. */
  async read(id: string, ...only: readonly string[]): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#deps.client.send(
      new GetItemCommand({
        TableName: this.#deps.table,
        Key: this.#keyOf(id),
        ConsistentRead: true,
        ...(only.length === 0 ? {} : { ProjectionExpression: only.join(', ') }),
      }),
    );
    return Item === undefined ? undefined : unmarshall(Item);
  }

  /** Every item, in the order of their ids; or those whose ids begin so. */
  async all(prefix = ''): Promise<readonly Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.table,
        ConsistentRead: true,
        KeyConditionExpression: prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: attributes({
          ':pk': this.#partition,
          ':prefix': prefix === '' ? undefined : prefix,
        }),
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items.map((item) => unmarshall(item)));
    return items;
  }

  /** Hands entries to the log that a crash kept back; how many. */
  async logOverdue(): Promise<number> {
    let handedOn = 0;
    for (const item of await this.all()) {
      const { sk, toLog } = Waiting.parse(item);
      for (const line of Object.values(toLog)) {
        await this.#log(sk, Entry.parse(JSON.parse(line)));
        handedOn += 1;
      }
    }
    return handedOn;
  }

  /** Whether the condition of a write held; if it did, its entry is handed on. */
  async #write(id: string, entry: Entry | undefined, write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
    if (entry !== undefined) await this.#handOn(id, entry);
    return true;
  }

  /** A failure here is no failure of the change: the entry waits in the item. */
  async #handOn(id: string, entry: Entry): Promise<void> {
    try {
      await this.#log(id, entry);
    } catch (error) {
      this.#deps.keptBack(error);
    }
  }

  /** Recording the same entry twice changes nothing, so that dying between the two writes is harmless. */
  async #log(id: string, entry: Entry): Promise<void> {
    await this.#deps.contactPoints.record(entry, this.#deps.now());
    await this.#deps.client.send(
      new UpdateItemCommand({
        TableName: this.#deps.table,
        Key: this.#keyOf(id),
        UpdateExpression: 'REMOVE toLog.#entry',
        ExpressionAttributeNames: { '#entry': entry.id },
      }),
    );
  }

  #keyOf(id: string): Item {
    return attributes({ pk: this.#partition, sk: id });
  }
}
