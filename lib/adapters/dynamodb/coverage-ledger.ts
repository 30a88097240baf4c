import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { coverageEntry } from '../../domain/coverage/coverage-entry.ts';
import type { IntervalResult } from '../../domain/coverage/interval.ts';
import { type CoverageLedger, CoverageProgress } from '../../domain/coverage/ports.ts';
import { CoverageEntry } from '../../domain/log/entry.ts';
import type { ContactPoints } from '../../domain/ports.ts';
import { attributes } from './item.ts';

const KEY = attributes({ pk: 'coverage', sk: 'progress' });

const Stored = CoverageProgress.extend({
  /** Entries by id that are not known to have reached the log's way. */
  toLog: z.record(z.string(), z.string()),
});

export type CoverageLedgerDeps = {
  readonly client: DynamoDBClient;
  /** The table of cases. */
  readonly table: string;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  /** Told when an entry could not be handed on with its interval; `logOverdue` does it later. */
  readonly keptBack: (error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * How far the checks have come, as one item of the table of cases. The entry of an interval is written with the closing of
 * it and handed to the log afterwards: neither is without the other.
 */
export class DynamoCoverageLedger implements CoverageLedger {
  readonly #deps: CoverageLedgerDeps;

  constructor(deps: CoverageLedgerDeps) {
    this.#deps = deps;
  }

  async begin(from: number): Promise<CoverageProgress> {
    const { client, table } = this.#deps;
    const known = await readCoverageProgress(client, table);
    if (known !== undefined) return known;
    const item = { closedUntil: from, toLog: {} };
    await conditionally(
      client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...KEY, ...attributes(item) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
    return (await readCoverageProgress(client, table)) ?? { closedUntil: from };
  }

  async keepJob(from: number, job: CoverageProgress['job']): Promise<void> {
    await this.#update({
      expression: job === undefined ? 'REMOVE job' : 'SET job = :job',
      values: { ':job': job },
      closedUntil: from,
    });
  }

  async close(result: IntervalResult, now: number): Promise<'CLOSED' | 'CONFLICT'> {
    const entry = coverageEntry(result);
    const closed = await this.#update({
      expression: 'SET closedUntil = :to, closedAt = :now, toLog.#entry = :entry REMOVE job',
      values: { ':to': result.to, ':now': now, ':entry': canonicalJson(entry) },
      names: { '#entry': entry.id },
      closedUntil: result.from,
    });
    if (!closed) return 'CONFLICT';
    try {
      await this.#log(entry);
    } catch (error) {
      this.#deps.keptBack(error);
    }
    return 'CLOSED';
  }

  async logOverdue(): Promise<void> {
    const stored = await readStored(this.#deps.client, this.#deps.table);
    for (const line of Object.values(stored?.toLog ?? {}))
      await this.#log(CoverageEntry.parse(JSON.parse(line)));
  }

  /** Recording the same entry twice changes nothing, so that dying between the two writes is harmless. */
  async #log(entry: CoverageEntry): Promise<void> {
    const { client, table: TableName, contactPoints, now } = this.#deps;
    await contactPoints.record(entry, now());
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: KEY,
        UpdateExpression: 'REMOVE toLog.#entry',
        ExpressionAttributeNames: { '#entry': entry.id },
      }),
    );
  }

  /** Changes the item while what is closed ends where it is believed to. */
  async #update(change: {
    readonly expression: string;
    readonly values: Readonly<Record<string, unknown>>;
    readonly names?: Record<string, string>;
    readonly closedUntil: number;
  }): Promise<boolean> {
    const { client, table: TableName } = this.#deps;
    return await conditionally(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: KEY,
          UpdateExpression: change.expression,
          ConditionExpression: 'closedUntil = :closedUntil',
          ...(change.names === undefined ? {} : { ExpressionAttributeNames: change.names }),
          ExpressionAttributeValues: attributes({ ...change.values, ':closedUntil': change.closedUntil }),
        }),
      ),
    );
  }
}

/** How far the checks have come; undefined if they never began. */
export async function readCoverageProgress(
  client: DynamoDBClient,
  table: string,
): Promise<CoverageProgress | undefined> {
  const stored = await readStored(client, table);
  return stored === undefined ? undefined : CoverageProgress.parse(stored);
}

async function readStored(
  client: DynamoDBClient,
  TableName: string,
): Promise<z.infer<typeof Stored> | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }));
  return Item === undefined ? undefined : Stored.parse(unmarshall(Item));
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
