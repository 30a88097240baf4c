import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoContactPoints } from '../lib/adapters/dynamodb/contact-points.ts';
import { inParallel } from '../lib/adapters/in-parallel.ts';
import { scrubFile } from '../lib/domain/scrub/scrub-file.ts';
import { createTables, TABLES } from '../test/support/dynalite.ts';
import { basisOf, phoneToken, profileOf, registryWith } from '../test/support/scrub.ts';
import { startEmulator } from './emulator.ts';
import { compare, inTurns, type Row } from './samples.ts';

const NUMBERS = 10_000;
const KEYS_A_READ = 100;
const READS_IN_FLIGHT = 16;
const TURNS = 5;

/** A scrub that reads its contact points, against reading the same keys and doing nothing with them. */
export async function benchScrubContactPoints(): Promise<readonly Row[]> {
  const emulator = await startEmulator();
  try {
    const client = new DynamoDBClient({
      endpoint: emulator.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    });
    await createTables(client);
    const numbers = Array.from({ length: NUMBERS }, (_, place) => `212555${String(place).padStart(4, '0')}`);
    const list = Buffer.from(`Phone\n${numbers.join('\n')}\n`);
    const tokens = numbers.map((number) => phoneToken(`+1${number}`));
    const samples = await inTurns(
      {
        [`bare BatchGetItem of ${NUMBERS} keys`]: () => readAll(client, tokens),
        [`scrub of ${NUMBERS} rows with contact points`]: () => scrub(client, list),
      },
      { turns: TURNS, warmUp: 2 },
    );
    const [bare, whole] = [...samples.values()];
    if (bare === undefined || whole === undefined) throw new Error('a kind of work was not measured');
    return [compare(whole, bare, 'p50 <= 1.25')];
  } finally {
    emulator.stop();
  }
}

async function readAll(client: DynamoDBClient, tokens: readonly string[]): Promise<void> {
  const parts: string[][] = [];
  for (let at = 0; at < tokens.length; at += KEYS_A_READ) parts.push(tokens.slice(at, at + KEYS_A_READ));
  await inParallel(parts, READS_IN_FLIGHT, async (part) => {
    const Keys = part.map((token) => ({ token: { S: token } }));
    const RequestItems = { [TABLES.contactPoints]: { Keys, ConsistentRead: true } };
    await client.send(new BatchGetItemCommand({ RequestItems }));
  });
}

async function scrub(client: DynamoDBClient, list: Buffer): Promise<void> {
  const nowhere = { write: async () => undefined };
  const result = await scrubFile(
    (async function* () {
      yield list;
    })(),
    basisOf({ profile: profileOf(), registries: [registryWith()] }),
    {
      contactPoints: new DynamoContactPoints(client, TABLES.contactPoints),
      sinks: {
        APPROVED: nowhere,
        REJECTED: nowhere,
        QUARANTINED: nowhere,
        OTHER_REGION: nowhere,
        evidence: nowhere,
      },
    },
  );
  if (result.kind === 'REJECTED') throw new Error(`expected a scrub, got ${result.rejection.cause}`);
}
