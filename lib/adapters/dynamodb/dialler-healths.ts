import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { CLOSED } from '../../domain/circuit-breaker.ts';
import { DiallerHealth } from '../../domain/dialler/health.ts';
import type { DiallerHealths } from '../../domain/dialler/ports.ts';
import { attributes } from './item.ts';

const PARTITION = 'dialler';

/** How each dialler does, in the table of cases. Of two writers the later one stands: it is a note, no count. */
export class DynamoDiallerHealths implements DiallerHealths {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(name: string): Promise<DiallerHealth> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: attributes({ pk: PARTITION, sk: name }),
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? { circuit: CLOSED } : DiallerHealth.parse(unmarshall(Item));
  }

  async write(name: string, health: DiallerHealth): Promise<void> {
    await this.#client.send(
      new PutItemCommand({
        TableName: this.#table,
        Item: attributes({ pk: PARTITION, sk: name, ...health }),
      }),
    );
  }
}
