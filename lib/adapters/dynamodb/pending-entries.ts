import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { BatchLimit } from '../../domain/log/batch.ts';
import type { Collected, PendingEntries } from '../../domain/log/log-ports.ts';
import { type PendingEntry, type PendingPlace, readPending } from '../../domain/log/pending.ts';
import { inParallel } from '../in-parallel.ts';
import { batchGet } from './batch-get.ts';
import { SHARDS } from './contact-points.ts';
import { attributes } from './item.ts';

/** Items read at a time of each shard: eight pages of items of 400 KB, the largest, still fit into memory. */
const PAGE = 50;
const KEYS_PER_READ = 100;
/** An update expression is at most 4 KB long and has at most 300 operators. */
const IDS_PER_UPDATE = 100;
const UPDATES_AT_ONCE = 32;

const Key = z.object({ token: z.string() });
const Waiting = z.object({ token: z.string(), pending: z.record(z.string(), z.unknown()).optional() });

/** Entries that wait on the items of contact-points, found through its sparse index `pending`. */
export class DynamoPendingEntries implements PendingEntries {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async collect(enough: BatchLimit): Promise<Collected> {
    const entries: PendingEntry[] = [];
    let unreadable = 0;
    let size = 0;
    const shards = SHARDS.map((shard) => this.#homes(shard));
    while (entries.length < enough.entries && size < enough.size) {
      const pages = await Promise.all(shards.map((shard) => shard.next()));
      const homes = pages.flatMap(({ value }) => value ?? []);
      if (pages.every(({ done }) => done)) break;
      const read = await this.#read(homes);
      entries.push(...read.entries);
      unreadable += read.unreadable;
      for (const entry of read.entries) size += entry.size;
    }
    return { entries, unreadable };
  }

  async collectAt(home: string): Promise<Collected> {
    return await this.#read([home]);
  }

  async clear(places: readonly PendingPlace[]): Promise<void> {
    const byHome = Map.groupBy(places, ({ home }) => home);
    await inParallel([...byHome], UPDATES_AT_ONCE, async ([home, at]) => {
      const ids = at.map(({ id }) => id);
      for (let from = 0; from < ids.length; from += IDS_PER_UPDATE) {
        const some = ids.slice(from, from + IDS_PER_UPDATE);
        if (await this.#clearAll(home, some)) return;
        await this.#clearSome(home, some);
      }
      await this.#leaveIndex(home);
    });
  }

  async *#homes(shard: string): AsyncGenerator<readonly string[], undefined> {
    const pages = paginateQuery(
      { client: this.#client, pageSize: PAGE },
      {
        TableName: this.#table,
        IndexName: 'pending',
        KeyConditionExpression: 'pendingShard = :shard',
        ExpressionAttributeValues: attributes({ ':shard': shard }),
      },
    );
    for await (const { Items = [] } of pages) yield Items.map((item) => Key.parse(unmarshall(item)).token);
    return undefined;
  }

  async #read(homes: readonly string[]): Promise<Collected> {
    const entries: PendingEntry[] = [];
    let unreadable = 0;
    for (let from = 0; from < homes.length; from += KEYS_PER_READ) {
      const Keys = homes.slice(from, from + KEYS_PER_READ).map((token) => attributes({ token }));
      const request = { Keys, ConsistentRead: true, ProjectionExpression: '#token, pending' };
      const found = await batchGet(
        this.#client,
        { [this.#table]: { ...request, ExpressionAttributeNames: { '#token': 'token' } } },
        {},
      );
      for (const item of found.get(this.#table) ?? []) {
        const waiting = Waiting.safeParse(unmarshall(item));
        for (const entry of waiting.success ? entriesOf(waiting.data) : [undefined]) {
          if (entry === undefined) unreadable += 1;
          else entries.push(entry);
        }
      }
    }
    return { entries, unreadable };
  }

  /** One write where the entries are all that waits on the item, which is nearly always; false if they are not. */
  async #clearAll(home: string, ids: readonly string[]): Promise<boolean> {
    const paths = ids.map((_, position) => `pending.#${position}`);
    return await this.#update(home, {
      expression: `REMOVE ${[...paths, 'pendingShard', 'pendingSince'].join(', ')}`,
      condition: ['size(pending) = :count', ...paths.map((path) => `attribute_exists(${path})`)].join(
        ' AND ',
      ),
      ids,
      values: { ':count': ids.length },
    });
  }

  async #clearSome(home: string, ids: readonly string[]): Promise<void> {
    await this.#update(home, {
      expression: `REMOVE ${ids.map((_, position) => `pending.#${position}`).join(', ')}`,
      condition: 'attribute_exists(pending)',
      ids,
    });
  }

  async #leaveIndex(home: string): Promise<void> {
    await this.#update(home, {
      expression: 'REMOVE pendingShard, pendingSince',
      condition: 'size(pending) = :count AND attribute_exists(pendingShard)',
      ids: [],
      values: { ':count': 0 },
    });
  }

  async #update(
    home: string,
    update: {
      expression: string;
      condition: string;
      ids: readonly string[];
      values?: Record<string, number>;
    },
  ): Promise<boolean> {
    const { expression, condition, ids, values } = update;
    const names = Object.fromEntries(ids.map((id, position) => [`#${position}`, id]));
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: attributes({ token: home }),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ...(ids.length === 0 ? {} : { ExpressionAttributeNames: names }),
          ...(values === undefined ? {} : { ExpressionAttributeValues: attributes(values) }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function entriesOf({ token, pending = {} }: z.infer<typeof Waiting>): readonly (PendingEntry | undefined)[] {
  return Object.entries(pending).map(([id, stored]) => readPending({ home: token, id }, stored));
}
