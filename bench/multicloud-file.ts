// A file of many devices, one in twenty of them bad, that forgets people who are known: against plain conditional writes of
// the same items on the same emulator. `node bench/multicloud-file.ts [devices]`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { DynamoContactPoints } from '../lib/adapters/dynamodb/contact-points.ts';
import type { Item } from '../lib/adapters/dynamodb/item.ts';
import { inParallel } from '../lib/adapters/in-parallel.ts';
import { createRecordFact } from '../lib/adapters/record-fact.ts';
import { parsePhoneNumber } from '../lib/domain/contact-point/phone-number.ts';
import { submissionName } from '../lib/domain/multicloud/file-name.ts';
import { createTables, TABLES } from '../test/support/dynalite.ts';
import { dynamoDbClient } from '../test/support/dynamodb-client.ts';
import { consent } from '../test/support/facts.ts';
import { PEPPER } from '../test/support/numbers.ts';
import { startEmulator } from './emulator.ts';

const DEVICES = Number(process.argv[2] ?? 10_000);
const BAD_EVERY = 20;
const AT_ONCE = 16;
const Measured = z.object({ wallMs: z.number(), cpuMs: z.number(), peakMb: z.number(), log: z.string() });
const Log = z.object({
  result: z.array(z.object({ contacts: z.array(z.object({ response: z.string() })) })),
});

const bad = [{ phone: '617 555 1313' }, { email: 'nobody@nowhere' }, { phone: 7 }, {}, { ipaddr: '1.2.3' }];
const isBad = (place: number) => place % BAD_EVERY === 7;
const e164Of = (place: number) =>
  `+1${['212', '312', '415', '617'][Math.floor(place / 10_000) % 4]}555${String(place % 10_000).padStart(4, '0')}`;

const emulator = await startEmulator();
try {
  const client = dynamoDbClient(emulator.endpoint);
  await createTables(client);
  const places = Array.from({ length: DEVICES }, (_, place) => place);
  await seed(client, places.filter((place) => !isBad(place)).map(e164Of));
  const contacts = places.map((place) =>
    isBad(place) ? bad[Math.floor(place / BAD_EVERY) % bad.length] : { phone: e164Of(place) },
  );
  const name = submissionName({ type: 'FORGET', what: 'bench' }, Date.now(), 'UTC');
  const file = JSON.stringify({ requests: [{ type: 'FORGET', contacts }] });
  const { log, ...measured } = await processed({ endpoint: emulator.endpoint, name, text: file });
  const responses = Log.parse(JSON.parse(log)).result.flatMap((each) => each.contacts);
  const wrong = responses.filter(({ response }, place) => response.startsWith('SUCCESS') === isBad(place));
  if (responses.length !== DEVICES || wrong.length > 0) throw new Error(`${wrong.length} wrong responses`);
  const baselineMs = await writtenPlainly(client, await itemsOf(client));
  const good = places.filter((place) => !isBad(place)).length;
  process.stdout.write(
    `${DEVICES} devices, ${DEVICES - good} of them bad: ${(measured.wallMs / 1000).toFixed(1)} s, ` +
      `${(measured.cpuMs / 1000).toFixed(1)} s of CPU, ${Math.round(measured.peakMb)} MB at most; ` +
      `${good} conditional writes of the same items: ${(baselineMs / 1000).toFixed(1)} s; ` +
      `file / writes ${(measured.wallMs / baselineMs).toFixed(2)}\n`,
  );
  client.destroy();
} finally {
  emulator.stop();
}

/** Everybody consented once. */
async function seed(client: DynamoDBClient, numbers: readonly string[]): Promise<void> {
  const recordFact = createRecordFact({
    contactPoints: new DynamoContactPoints(client, TABLES.contactPoints),
    pepper: async () => PEPPER,
    kek: async () => ({ version: 'k1', kek: 'x'.repeat(64) }),
    residency: 'US',
    now: Date.now,
    newId: uuid,
  });
  await inParallel(numbers, AT_ONCE, async (number) => {
    const phone = parsePhoneNumber(number);
    if (phone.kind === 'unreadable') throw new Error(`unreadable: ${number}`);
    await recordFact(phone, () => consent());
  });
}

async function processed(task: object): Promise<z.infer<typeof Measured>> {
  const child = fork(fileURLToPath(new URL('./multicloud-file-process.ts', import.meta.url)));
  child.send(task);
  const [message] = await once(child, 'message');
  return Measured.parse(message);
}

async function itemsOf(client: DynamoDBClient): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: TABLES.contactPoints })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

async function writtenPlainly(client: DynamoDBClient, items: readonly Item[]): Promise<number> {
  const TableName = 'plain';
  await client.send(
    new CreateTableCommand({
      ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
      AttributeDefinitions: [{ AttributeName: 'token', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'token', KeyType: 'HASH' }],
    }),
  );
  const began = performance.now();
  await inParallel(items, AT_ONCE, async (Item) => {
    await client.send(
      new PutItemCommand({
        TableName,
        Item,
        ConditionExpression: 'attribute_not_exists(#t)',
        ExpressionAttributeNames: { '#t': 'token' },
      }),
    );
  });
  return performance.now() - began;
}
