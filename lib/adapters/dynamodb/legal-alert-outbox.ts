import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { LegalAlert, LegalAlertOutbox } from '../../domain/log/log-ports.ts';
import { attributes } from './item.ts';

const PARTITION = 'legal-alert';
const Stored = z.object({ sk: z.string(), at: z.iso.datetime(), campaignId: z.string().optional() });

/** Undelivered alerts to Legal, one item per decision in the table of cases. */
export class DynamoLegalAlertOutbox implements LegalAlertOutbox {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async add({ decisionId, at, campaignId }: LegalAlert): Promise<void> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: attributes({ pk: PARTITION, sk: decisionId, at, campaignId }),
          ConditionExpression: 'attribute_not_exists(sk)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async waiting(): Promise<readonly LegalAlert[]> {
    const alerts: LegalAlert[] = [];
    const pages = paginateQuery(
      { client: this.#client },
      {
        TableName: this.#table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: attributes({ ':pk': PARTITION }),
      },
    );
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const { sk, at, campaignId } = Stored.parse(unmarshall(item));
        alerts.push({ decisionId: sk, at, ...(campaignId === undefined ? {} : { campaignId }) });
      }
    }
    return alerts;
  }

  async remove(decisionId: string): Promise<void> {
    await this.#client.send(
      new DeleteItemCommand({ TableName: this.#table, Key: attributes({ pk: PARTITION, sk: decisionId }) }),
    );
  }
}
