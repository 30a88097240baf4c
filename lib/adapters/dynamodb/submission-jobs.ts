import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { sha256Hex } from '../../domain/canonical-json.ts';
import type { SubmissionJob, SubmissionJobs } from '../../domain/multicloud/ports.ts';
import { attributes } from './item.ts';

const Stored = z.object({ versionId: z.string(), beganAt: z.number(), today: z.string() });

/** Files for forgetting and exporting in the table of cases, by the hash of their names, which whoever sends them chose. */
export class DynamoSubmissionJobs implements SubmissionJobs {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async claim({ name, ...fresh }: SubmissionJob): Promise<SubmissionJob> {
    const key = { pk: `multicloud#${sha256Hex(name)}`, sk: 'job' };
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: attributes({ ...key, ...fresh }),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
      return { name, ...fresh };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: attributes(key), ConsistentRead: true }),
    );
    return { name, ...Stored.parse(unmarshall(Item ?? {})) };
  }
}
