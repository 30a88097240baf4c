import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { v7 } from 'uuid';
import { type CheckConsentDeps, createCheckConsent } from '../lambdas/check-consent/check-consent.ts';
import { DynamoContactPoints } from '../lib/adapters/dynamodb/contact-points.ts';
import { DynamoDecisionFacts } from '../lib/adapters/dynamodb/decision-facts.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import { createTables, TABLES } from '../test/support/dynalite.ts';
import { startEmulator } from './emulator.ts';
import { compare, inTurns, type Row, type Samples } from './samples.ts';

const PEPPER = { version: 'p1', pepper: 'a pepper for benchmarks, no secret' };
const NUMBERS = 500;

/** A warm check against a bare read, and against the bare read and write that it cannot do without. */
export async function benchCheckConsent(turns: number): Promise<readonly Row[]> {
  const emulator = await startEmulator();
  try {
    const client = clientOf(emulator.endpoint);
    await createTables(client);
    const check = createCheckConsent(depsOf(emulator.endpoint));
    const samples = await inTurns(
      {
        'bare GetItem': (turn) => client.send(bareGet(turn)),
        'bare BatchGetItem + conditional UpdateItem': async (turn) => {
          await client.send(bareBatchGet(turn));
          await client.send(bareUpdate(turn));
        },
        'warm check': (turn) => check(inputOf(turn)),
      },
      { turns, warmUp: Math.ceil(turns / 5) },
    );
    const [get, readAndWrite, warm] = [...samples.values()];
    return [rowOf(warm, get), rowOf(warm, readAndWrite)];
  } finally {
    emulator.stop();
  }
}

function rowOf(work: Samples | undefined, baseline: Samples | undefined): Row {
  if (work === undefined || baseline === undefined) throw new Error('a kind of work was not measured');
  return compare(work, baseline);
}

function depsOf(endpoint: string): CheckConsentDeps {
  const client = clientOf(endpoint);
  return {
    facts: new DynamoDecisionFacts(client, TABLES),
    contactPoints: new DynamoContactPoints(client, TABLES.contactPoints),
    progress: { isLoggedUntil: async () => true },
    alerts: { attemptBlocked: () => Promise.resolve() },
    pepper: () => Promise.resolve(PEPPER),
    policy: DEFAULT_POLICY,
    residency: 'US',
    budgetMs: 5000,
    now: Date.now,
    newId: v7,
    telemetry: { log: () => undefined, metric: () => undefined },
  };
}

/** Each turn asks about another number, so that no item grows beyond what the log's minute lets it. */
function inputOf(turn: number): object {
  const line = String(turn % 100).padStart(2, '0');
  const areaCodes = [212, 305, 312, 415, 602];
  const phoneNumber = `+1${areaCodes[Math.floor((turn % NUMBERS) / 100)]}55501${line}`;
  return { phoneNumber, channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };
}

const keyOf = (turn: number) => ({ token: { S: `bare-${turn % NUMBERS}` } });

function bareGet(turn: number): GetItemCommand {
  return new GetItemCommand({ TableName: TABLES.contactPoints, Key: keyOf(turn), ConsistentRead: true });
}

function bareBatchGet(turn: number): BatchGetItemCommand {
  return new BatchGetItemCommand({
    RequestItems: { [TABLES.contactPoints]: { Keys: [keyOf(turn)], ConsistentRead: true } },
  });
}

function bareUpdate(turn: number): UpdateItemCommand {
  return new UpdateItemCommand({
    TableName: TABLES.contactPoints,
    Key: keyOf(turn),
    UpdateExpression: 'SET version = :version',
    ConditionExpression: 'attribute_not_exists(#token) OR version < :version',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':version': { N: String(turn + 1) } },
  });
}

function clientOf(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
}
