import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaks } from '../support/canary.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { createMessageWorld } from '../support/messages.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

/** Everything stored, ciphertexts and keys as well, as text. */
async function everything(): Promise<string> {
  const tables = await Promise.all(
    [TABLES.contactPoints, TABLES.cases].map((TableName) => db.client.send(new ScanCommand({ TableName }))),
  );
  const items = tables.flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item)));
  return JSON.stringify(items, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
}

test('I4 neither the number, nor the address, nor the text of a message is in any sink', async () => {
  const world = createMessageWorld(db.client);
  const canaries = ['+17815550141', '+17815550142', 'wren.writer@example.com', '+17815550143'];
  const [a = '', b = '', c = '', d = ''] = canaries;
  const secret = 'my aunt Marguerite is ill';
  const sent: object[] = [
    { from: a },
    { from: a, text: `stop please, ${secret}, call ${d}` },
    { from: b, text: `don't stop, ${secret}, call ${d}`, messageId: 'message-a' },
    { from: b, text: `don't stop, ${secret}, call ${d}`, messageId: 'message-a' },
    { from: `${b} x1`, text: `stop ${secret}` },
    { channel: 'EMAIL', from: c, text: `cancel it, ${secret}`, messageId: `<${d}.${c}>` },
    { channel: 'EMAIL', from: c, text: `cancel it, ${secret}`, messageId: c },
    { from: d, text: `hello, ${secret}` },
    { from: a, to: d, text: 'START', messageId: d },
    { from: a, text: 'STOP', messageId: d, seller: d, [d]: d },
    { channel: secret, from: d, text: secret, receivedAt: d },
  ];
  const answers: unknown[] = [];
  for (const message of sent) answers.push(await world.send(message));
  for (const { id } of await world.reviews.waiting()) {
    answers.push(await world.resolve(id, { outcome: 'OPT_OUT', by: d }));
  }
  const waiting = await world.reviews.waiting();
  expect(waiting).toHaveLength(4);
  const [first, ...others] = waiting;
  answers.push(await world.resolve(first?.id ?? '', { outcome: 'OPT_OUT' }));
  for (const { id } of others) answers.push(await world.resolve(id, { outcome: 'NOT_OPT_OUT' }));
  answers.push(await world.resolve(d, { outcome: 'OPT_OUT' }));
  const sinks = [await everything(), ...world.lines, JSON.stringify([answers, world.announced])].join('\n');
  expect(sinks.length).toBeGreaterThan(5000);
  expect(leaks(sinks, canaries)).toEqual([]);
  for (const word of ['Marguerite', 'aunt', 'is ill']) expect(sinks).not.toContain(word);
});

test('a message waits as ciphertext, opens in its own review alone, and goes when it has been read', async () => {
  const world = createMessageWorld(db.client);
  const text = 'stop please, said Marguerite';
  await world.send({ from: '+17815550144', text });
  await world.send({ from: '+17815550145', text: 'stop please, said nobody' });
  const waiting = await world.reviews.waiting();
  const texts = await Promise.all(
    waiting.map(({ token, id, text: ciphertext = new Uint8Array() }) =>
      world.reviewText.open({ token, reviewId: id }, ciphertext),
    ),
  );
  expect(texts.toSorted()).toEqual([text, 'stop please, said nobody'].toSorted());
  const [one, other] = waiting;
  if (one === undefined || other === undefined) throw new Error('expected two reviews');
  const moved = { token: one.token, reviewId: other.id };
  await expect(world.reviewText.open(moved, one.text ?? new Uint8Array())).rejects.toThrow();
  for (const { id } of waiting) await world.resolve(id, { outcome: 'NOT_OPT_OUT' });
  const { Items = [] } = await db.client.send(new ScanCommand({ TableName: TABLES.cases }));
  expect(Items.length).toBeGreaterThan(1);
  expect(Items.filter((item) => 'text' in item)).toEqual([]);
});
