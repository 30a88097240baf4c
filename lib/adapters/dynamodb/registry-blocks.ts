import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import type { StoredBlock } from '../../domain/registry/compare.ts';
import type { BegunImport, RegistryBlocks } from '../../domain/registry/import-registry.ts';
import type { RegistryVersion } from '../../domain/registry/version.ts';
import { inParallel } from '../in-parallel.ts';
import { attributes } from './item.ts';
import { versionKey } from './registry-keys.ts';

/** BatchWriteItem takes so many. */
const ITEMS_A_WRITE = 25;
const IN_FLIGHT = 8;
const ROUNDS = 10;
/** An import that was heard of less long ago may still be writing. */
const RUNNING_MS = 15 * 60_000;

const Marker = z.object({
  at: z.number(),
  imports: z
    .array(z.object({ snapshotKey: z.string(), entryId: z.string(), writtenTo: z.string().optional() }))
    .min(1),
});
type Marker = z.infer<typeof Marker>;

/** Registry blocks in DynamoDB: an item each, one for the version in use, and one while an import is under way. */
export class DynamoRegistryBlocks implements RegistryBlocks {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async unfinished(registry: string): Promise<string | undefined> {
    return (await this.#marker(registry))?.imports.at(-1)?.snapshotKey;
  }

  async begin(
    registry: string,
    about: { readonly snapshotKey: string; readonly entryId: string; readonly now: number },
  ): Promise<BegunImport> {
    const { snapshotKey, now } = about;
    const marker = await this.#marker(registry);
    const newest = marker?.imports.at(-1);
    const again = newest?.snapshotKey === snapshotKey ? newest : undefined;
    if (marker !== undefined && again === undefined && marker.at > now - RUNNING_MS) throw running();
    const own = again ?? { snapshotKey, entryId: about.entryId };
    const others = (marker?.imports ?? []).filter((one) => one.snapshotKey !== snapshotKey);
    await this.#mark(registry, { at: now, imports: [...others, own] }, marker);
    return { ...own, unfinished: (marker?.imports ?? []).map((one) => one.snapshotKey) };
  }

  async put(registry: string, blocks: readonly StoredBlock[]): Promise<void> {
    const batches: WriteRequest[][] = [];
    for (let at = 0; at < blocks.length; at += ITEMS_A_WRITE) {
      const batch = blocks.slice(at, at + ITEMS_A_WRITE);
      batches.push(
        batch.map(({ prefix, block }) => ({
          PutRequest: { Item: attributes({ block: `${registry}#${prefix}`, bits: block }) },
        })),
      );
    }
    await inParallel(batches, IN_FLIGHT, (batch) => this.#write(batch));
  }

  async pause(registry: string, snapshotKey: string, group: string): Promise<void> {
    const marker = await this.#marker(registry);
    const newest = marker?.imports.at(-1);
    if (marker === undefined || newest?.snapshotKey !== snapshotKey) throw running();
    const imports = [...marker.imports.slice(0, -1), { ...newest, writtenTo: group }];
    await this.#mark(registry, { at: marker.at, imports }, marker);
  }

  async finish(version: RegistryVersion): Promise<void> {
    const { registry } = version;
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: attributes({ block: versionKey(registry), ...version }),
      }),
    );
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#table, Key: attributes({ block: markerKey(registry) }) }),
    );
  }

  async #write(requests: readonly WriteRequest[]): Promise<void> {
    let wanted: WriteRequest[] = [...requests];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { UnprocessedItems = {} } = await this.#client.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#table]: wanted } }),
      );
      wanted = UnprocessedItems[this.#table] ?? [];
      if (wanted.length === 0) return;
      await sleep(Math.random() * 20 * 2 ** round);
    }
    throw new ComplianceError({
      code: 'STORE_OVERLOADED',
      message: `blocks stayed unwritten after ${ROUNDS} rounds; the old version is still in use`,
    });
  }

  async #marker(registry: string): Promise<Marker | undefined> {
    const Key = attributes({ block: markerKey(registry) });
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : Marker.parse(unmarshall(Item));
  }

  async #mark(registry: string, marker: Marker, previous: Marker | undefined): Promise<void> {
    const condition =
      previous === undefined
        ? {
            ConditionExpression: 'attribute_not_exists(#block)',
            ExpressionAttributeNames: { '#block': 'block' },
          }
        : {
            ConditionExpression: '#at = :at',
            ExpressionAttributeNames: { '#at': 'at' },
            ExpressionAttributeValues: attributes({ ':at': previous.at }),
          };
    try {
      const Item = attributes({ block: markerKey(registry), ...marker });
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw running(error);
      throw error;
    }
  }
}

/** No number begins with a letter, so no block has this key. */
function markerKey(registry: string): string {
  return `${registry}#importing`;
}

function running(cause?: unknown): ComplianceError {
  return new ComplianceError({
    code: 'IMPORT_RUNNING',
    message: 'another version of this registry is being imported, or was cut short less than 15 minutes ago',
    cause,
  });
}
