import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { Entry } from '../../lib/domain/log/entry.ts';
import { blockEndings } from '../support/block-endings.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import type { Mortality } from '../support/killable.ts';
import { type Clients, createBuckets, itemsIn, objectsIn, REGISTRY } from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

let s3: Fixture;
let dynamo: TestDynamoDb;
export let clients: Clients;

beforeAll(async () => {
  s3 = await startLocalS3();
  dynamo = await startDynalite();
  clients = { s3: s3.client(), dynamodb: dynamo.client };
  await createBuckets(clients.s3, REGISTRY);
});

afterAll(async () => {
  await s3.close();
  await dynamo.stop();
});

/** As if nothing had ever been imported. */
export async function forget(): Promise<void> {
  for (const TableName of [TABLES.registryBlocks, TABLES.contactPoints]) {
    for (const { block, token } of await itemsIn(dynamo.client, TableName)) {
      const Key = block ? { block } : token ? { token } : undefined;
      if (Key) await dynamo.client.send(new DeleteItemCommand({ TableName, Key }));
    }
  }
  for (const Key of (await objectsIn(clients.s3, REGISTRY)).keys()) {
    if (!Key.endsWith('.snapshot')) await clients.s3.send(new DeleteObjectCommand({ Bucket: REGISTRY, Key }));
  }
}

export const e164 = (line: string) => `+1${line.replace(',', '')}`;

/** Every number that the blocks in the table say is listed. */
export async function listedInTable(): Promise<string[]> {
  const items = await itemsIn(dynamo.client, TABLES.registryBlocks);
  return items
    .map((item) => unmarshall(item))
    .filter(({ bits }) => bits instanceof Uint8Array)
    .flatMap(({ block, bits }) =>
      blockEndings(bits).map((ending) => `+${String(block).split('#')[1]}${String(ending).padStart(4, '0')}`),
    )
    .toSorted();
}

export async function registryEntries() {
  const items = await itemsIn(dynamo.client, TABLES.contactPoints);
  return items
    .flatMap((item) => Object.values(item['pending']?.M ?? {}))
    .map((entry) => Entry.parse(JSON.parse(entry.S ?? '')))
    .filter(({ kind }) => kind === 'registry');
}

export function factsOf(lines: readonly string[]) {
  const questions = lines.map((line) => ({ registry: 'us-national', e164: e164(line) }));
  const tables = { contactPoints: TABLES.contactPoints, registryBlocks: TABLES.registryBlocks };
  return new DynamoDecisionFacts(dynamo.client, tables).readForDecision([], questions);
}

/** Clients of a process that can be killed. */
export function mortal(life: Mortality): Clients {
  const dynamodb = dynamoDbClient(dynamo.endpoint, { maxAttempts: 1 });
  return { s3: life.s3(s3.client()), dynamodb: life.dynamodb(dynamodb) };
}
