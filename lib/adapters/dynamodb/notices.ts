import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Dispatch } from '../../domain/notice/dispatch.ts';
import { Notice, NoticeAddress } from '../../domain/notice/notice.ts';
import type { AddressClaim, AddressedNotice, Notices } from '../../domain/notice/ports.ts';
import { open, seal, sealUnder } from '../secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from '../secrets-manager/secrets.ts';
import { DISPATCH, noticesOf, readDispatch, type StoredDispatch } from './dispatches.ts';
import { attributes } from './item.ts';

const Bytes = z.instanceof(Uint8Array);
const StoredNotice = z.object({ notice: Notice, sealed: Bytes.optional() });

export type NoticesDeps = {
  readonly client: DynamoDBClient;
  /** The table of cases. */
  readonly table: string;
  readonly kek: () => Promise<KeyEncryptionKey>;
};

/**
 * Notices in the table of cases: one partition for each incident, one item for each recipient. Addresses are ciphertext under
 * a data key of the incident's own, which lies with its dispatch.
 */
export class DynamoNotices implements Notices {
  readonly #deps: NoticesDeps;
  /** By incident: the wrapped key never changes while it is there. */
  readonly #keys = new Map<string, Uint8Array>();

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  async begin(fresh: Dispatch): Promise<Dispatch> {
    const { incidentId, version } = fresh;
    // What is sealed here is nothing: the key that comes with it is what is wanted.
    const { wrappedKey: dataKey } = seal(await this.#deps.kek(), incidentId, '');
    await this.#put({ ...keyOf(incidentId, DISPATCH), version, dispatch: fresh, dataKey }, undefined);
    const stored = await this.#dispatch(incidentId);
    return stored?.dispatch ?? fresh;
  }

  async dispatch(incidentId: string): Promise<Dispatch | undefined> {
    return (await this.#dispatch(incidentId))?.dispatch;
  }

  async saveDispatch(dispatch: Dispatch) {
    const { incidentId, version } = dispatch;
    const saved = await this.#update(keyOf(incidentId, DISPATCH), {
      name: 'dispatch',
      value: dispatch,
      version,
    });
    return saved ? ('SAVED' as const) : ('CONFLICT' as const);
  }

  async add(incidentId: string, { notice, address }: AddressedNotice) {
    const { recipientId, version } = notice;
    const sealed =
      address === undefined
        ? undefined
        : sealUnder(
            await this.#deps.kek(),
            { wrappedKey: await this.#keyOf(incidentId), context: contextOf(incidentId, recipientId) },
            JSON.stringify(address),
          );
    const added = await this.#put({ ...keyOf(incidentId, recipientId), version, notice, sealed }, undefined);
    return added ? ('ADDED' as const) : ('EXISTS' as const);
  }

  async *pages(incidentId: string): AsyncGenerator<readonly AddressedNotice[]> {
    const kek = await this.#deps.kek();
    const dataKey = (await this.#dispatch(incidentId))?.dataKey;
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk > :dispatch',
        ExpressionAttributeValues: attributes({ ':pk': noticesOf(incidentId), ':dispatch': DISPATCH }),
      },
    );
    for await (const { Items = [] } of pages) {
      yield Items.map((item) => {
        const { notice, sealed } = StoredNotice.parse(unmarshall(item));
        if (sealed === undefined || dataKey === undefined) return { notice, address: undefined };
        const context = contextOf(incidentId, notice.recipientId);
        const clear = open(kek, context, { ciphertext: sealed, wrappedKey: dataKey });
        return { notice, address: NoticeAddress.parse(JSON.parse(clear)) };
      });
    }
  }

  async save(incidentId: string, notice: Notice) {
    const { recipientId, version } = notice;
    const saved = await this.#update(keyOf(incidentId, recipientId), {
      name: 'notice',
      value: notice,
      version,
    });
    return saved ? ('SAVED' as const) : ('CONFLICT' as const);
  }

  async claim(incidentId: string, { channel, token, recipientId }: AddressClaim) {
    const key = { pk: `notice-address#${incidentId}`, sk: `${channel}#${token}` };
    const ours = await this.#put({ ...key, recipientId }, recipientId);
    return ours ? ('OURS' as const) : ('TAKEN' as const);
  }

  async forget(incidentId: string): Promise<void> {
    this.#keys.delete(incidentId);
    await this.#deps.client.send(
      new UpdateItemCommand({
        TableName: this.#deps.table,
        Key: attributes(keyOf(incidentId, DISPATCH)),
        UpdateExpression: 'REMOVE dataKey',
        ConditionExpression: 'attribute_exists(pk)',
      }),
    );
  }

  #dispatch(incidentId: string): Promise<StoredDispatch | undefined> {
    return readDispatch(this.#deps.client, { table: this.#deps.table, incidentId });
  }

  async #keyOf(incidentId: string): Promise<Uint8Array> {
    const key = this.#keys.get(incidentId) ?? (await this.#dispatch(incidentId))?.dataKey;
    if (key === undefined) throw new TypeError('expected notices that were begun');
    this.#keys.set(incidentId, key);
    return key;
  }

  /** Writes a new item; what is there already stays, and counts as written where it is the same recipient's. */
  #put(item: Record<string, unknown>, recipientId: string | undefined): Promise<boolean> {
    const same = recipientId === undefined ? '' : ' OR recipientId = :recipientId';
    return conditionally(
      this.#deps.client.send(
        new PutItemCommand({
          TableName: this.#deps.table,
          Item: attributes(item),
          ConditionExpression: `attribute_not_exists(pk)${same}`,
          ...(recipientId === undefined
            ? {}
            : { ExpressionAttributeValues: attributes({ ':recipientId': recipientId }) }),
        }),
      ),
    );
  }

  #update(
    key: { pk: string; sk: string },
    { name, value, version }: { name: 'dispatch' | 'notice'; value: object; version: number },
  ): Promise<boolean> {
    return conditionally(
      this.#deps.client.send(
        new UpdateItemCommand({
          TableName: this.#deps.table,
          Key: attributes(key),
          UpdateExpression: 'SET #name = :value, version = :version',
          ConditionExpression: 'version = :before',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: attributes({
            ':value': value,
            ':version': version,
            ':before': version - 1,
          }),
        }),
      ),
    );
  }
}

function keyOf(incidentId: string, sk: string): { pk: string; sk: string } {
  return { pk: noticesOf(incidentId), sk };
}

function contextOf(incidentId: string, recipientId: string): string {
  return `notice ${incidentId} ${recipientId}`;
}

/** Whether the condition of a write held. */
async function conditionally(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
