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
import { ComplianceError } from '../../domain/errors.ts';
import { SubjectRequestEntry } from '../../domain/log/entry.ts';
import type { ContactPoints } from '../../domain/ports.ts';
import { SubjectData, SubjectRequest } from '../../domain/subject-request/request.ts';
import type {
  RequestChange,
  StoredRequest,
  SubjectRequests,
} from '../../domain/subject-request/subject-requests.ts';
import { open, seal, sealUnder } from '../secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from '../secrets-manager/secrets.ts';
import { attributes, type Item } from './item.ts';

const PARTITION = 'subject-request';

const Stored = z.object({
  request: SubjectRequest,
  /** Entries by id that are not known to have reached the log's way. */
  toLog: z.record(z.string(), z.string()),
  sealed: z.instanceof(Uint8Array).optional(),
  dataKey: z.instanceof(Uint8Array).optional(),
});

export type SubjectRequestsDeps = {
  readonly client: DynamoDBClient;
  /** The table of cases. */
  readonly table: string;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly kek: () => Promise<KeyEncryptionKey>;
  /** Told when an entry could not be handed on with its change; `logOverdue` does it later. */
  readonly keptBack: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Requests in the table of cases, one item each. An entry is written with its change, in the same item, and handed to the
 * log afterwards: neither is without the other, whenever the process dies.
 */
export class DynamoSubjectRequests implements SubjectRequests {
  readonly #deps: SubjectRequestsDeps;

  constructor(deps: SubjectRequestsDeps) {
    this.#deps = deps;
  }

  async create({ request, data, entry }: RequestChange & { readonly data: SubjectData }) {
    const { id } = request;
    const item = {
      pk: PARTITION,
      sk: id,
      version: request.version,
      request,
      toLog: entry === undefined ? {} : { [entry.id]: canonicalJson(entry) },
      ...firstSeal(await this.#deps.kek(), id, data),
    };
    const outcome = await conditionally(
      this.#deps.client.send(
        new PutItemCommand({
          TableName: this.#deps.table,
          Item: attributes(item),
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      ),
    );
    if (!outcome) return 'EXISTS' as const;
    await this.#handOn(id, entry);
    return 'CREATED' as const;
  }

  async read(id: string): Promise<StoredRequest | undefined> {
    const { Item } = await this.#deps.client.send(
      new GetItemCommand({ TableName: this.#deps.table, Key: keyOf(id), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { request, sealed, dataKey } = storedOf(Item);
    if (sealed === undefined || dataKey === undefined) return { request, data: undefined };
    const clear = open(await this.#deps.kek(), contextOf(id), { ciphertext: sealed, wrappedKey: dataKey });
    return { request, data: SubjectData.parse(JSON.parse(clear)) };
  }

  async save({ request, data, entry }: RequestChange) {
    const { id, version } = request;
    const sealed = data === undefined || data === 'DESTROYED' ? undefined : await this.#sealAgain(id, data);
    const sets = ['#request = :request', 'version = :version'];
    if (entry !== undefined) sets.push('toLog.#entry = :entry');
    if (sealed !== undefined) sets.push('sealed = :sealed');
    const values = { request, version, before: version - 1, entry: entry && canonicalJson(entry), sealed };
    const outcome = await conditionally(
      this.#deps.client.send(
        new UpdateItemCommand({
          TableName: this.#deps.table,
          Key: keyOf(id),
          UpdateExpression: `SET ${sets.join(', ')}${data === 'DESTROYED' ? ' REMOVE sealed, dataKey' : ''}`,
          ConditionExpression: 'version = :before',
          ExpressionAttributeNames: {
            '#request': 'request',
            ...(entry === undefined ? {} : { '#entry': entry.id }),
          },
          ExpressionAttributeValues: attributes(
            Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
          ),
        }),
      ),
    );
    if (!outcome) return 'CONFLICT' as const;
    await this.#handOn(id, entry);
    return 'SAVED' as const;
  }

  /** The wrapped key of what is kept of a request; undefined once it was destroyed. */
  async dataKeyOf(id: string): Promise<Uint8Array | undefined> {
    const { Item } = await this.#deps.client.send(
      new GetItemCommand({
        TableName: this.#deps.table,
        Key: keyOf(id),
        ConsistentRead: true,
        ProjectionExpression: 'dataKey',
      }),
    );
    return Item?.['dataKey']?.B;
  }

  async all(): Promise<readonly SubjectRequest[]> {
    return (await this.#items()).map(({ request }) => request);
  }

  async logOverdue(): Promise<number> {
    let handedOn = 0;
    for (const { request, toLog } of await this.#items()) {
      for (const line of Object.values(toLog)) {
        await this.#log(request.id, SubjectRequestEntry.parse(JSON.parse(line)));
        handedOn += 1;
      }
    }
    return handedOn;
  }

  /** A failure here is no failure of the change: the entry waits in the item. */
  async #handOn(id: string, entry: SubjectRequestEntry | undefined): Promise<void> {
    if (entry === undefined) return;
    try {
      await this.#log(id, entry);
    } catch (error) {
      this.#deps.keptBack(error);
    }
  }

  /** Recording the same entry twice changes nothing, so that dying between the two writes is harmless. */
  async #log(id: string, entry: SubjectRequestEntry): Promise<void> {
    await this.#deps.contactPoints.record(entry, this.#deps.now());
    await this.#deps.client.send(
      new UpdateItemCommand({
        TableName: this.#deps.table,
        Key: keyOf(id),
        UpdateExpression: 'REMOVE toLog.#entry',
        ExpressionAttributeNames: { '#entry': entry.id },
      }),
    );
  }

  async #items(): Promise<readonly z.infer<typeof Stored>[]> {
    const items: z.infer<typeof Stored>[] = [];
    const pages = paginateQuery(
      { client: this.#deps.client },
      {
        TableName: this.#deps.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: attributes({ ':pk': PARTITION }),
      },
    );
    for await (const { Items = [] } of pages) items.push(...Items.map(storedOf));
    return items;
  }

  /** Under the key that the request has: what else was sealed with it must open still. */
  async #sealAgain(id: string, data: SubjectData): Promise<Uint8Array> {
    const wrappedKey = await this.dataKeyOf(id);
    if (wrappedKey === undefined) {
      throw new ComplianceError({
        code: 'REQUEST_DESTROYED',
        message: 'expected a request with a data key, got one whose key was destroyed; nothing was written',
      });
    }
    return sealUnder(await this.#deps.kek(), { wrappedKey, context: contextOf(id) }, JSON.stringify(data));
  }
}

function firstSeal(kek: KeyEncryptionKey, id: string, data: SubjectData) {
  const { ciphertext, wrappedKey } = seal(kek, contextOf(id), JSON.stringify(data));
  return { sealed: ciphertext, dataKey: wrappedKey };
}

function storedOf(item: Item): z.infer<typeof Stored> {
  return Stored.parse(unmarshall(item));
}

function keyOf(id: string): Item {
  return attributes({ pk: PARTITION, sk: id });
}

function contextOf(id: string): string {
  return `subject-request ${id}`;
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
