import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { LogProgress } from '../../domain/log/log-ports.ts';
import { HEAD_KEY } from './log-head.ts';

const Progress = z.object({ loggedUntil: z.number() });
/** The head is read no more often than this, however many ask; sooner again only after a failure. */
const READ_EVERY_MS = 15_000;
const RETRY_AFTER_MS = 1_000;

/**
 * How far the log has come, from its head. What is known stays true, since the log only grows: the head is read again
 * only where that is not enough for the answer, which for a log that keeps up is every few minutes.
 */
export class DynamoLogProgress implements LogProgress {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;
  #loggedUntil = Number.NEGATIVE_INFINITY;
  #readAgainAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async isLoggedUntil(moment: number): Promise<boolean> {
    if (this.#loggedUntil < moment) {
      if (this.#reading === undefined && this.#now() >= this.#readAgainAt) this.#reading = this.#read();
      await this.#reading;
    }
    return this.#loggedUntil >= moment;
  }

  async #read(): Promise<void> {
    let wait = RETRY_AFTER_MS;
    try {
      // Eventually consistent: an older answer errs towards BLOCK.
      const { Item = {} } = await this.#client.send(
        new GetItemCommand({ TableName: this.#table, Key: HEAD_KEY, ProjectionExpression: 'loggedUntil' }),
      );
      const read = Progress.safeParse(unmarshall(Item));
      if (read.success) this.#loggedUntil = Math.max(this.#loggedUntil, read.data.loggedUntil);
      wait = READ_EVERY_MS;
    } catch {
      // Not to know is to fall behind: what was known before goes out of date by itself.
    } finally {
      this.#readAgainAt = this.#now() + wait;
      this.#reading = undefined;
    }
  }
}
