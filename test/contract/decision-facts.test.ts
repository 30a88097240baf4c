import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { hold, NOON, stateOf } from '../support/facts.ts';
import { leaveUnprocessed } from '../support/faulty-client.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { putRegistry, US_NATIONAL } from '../support/registry-items.ts';

const held = tokenOfNumber(NUMBERS.newYork, PEPPER);
const unknown = tokenOfNumber(NUMBERS.chicago, PEPPER);
const ask = (e164: string, registry = US_NATIONAL) => ({ registry, e164 });
const fact = { registry: US_NATIONAL, versionAt: NOON, areaCodes: ['212', '312'] };

describe.each([
  { emulator: 'dynalite', start: startDynalite },
  { emulator: 'DynamoDB Local', start: startDynamoDbLocal },
])('DecisionFacts on $emulator', ({ start }) => {
  let db: TestDynamoDb;
  let facts: DynamoDecisionFacts;
  beforeAll(async () => {
    db = await start();
    facts = new DynamoDecisionFacts(db.client, TABLES);
    const store = new DynamoContactPoints(db.client, TABLES.contactPoints);
    await store.change(held, () => ({ state: stateOf(hold()), now: NOON }));
    await putRegistry(db.client, { areaCodes: fact.areaCodes, versionAt: NOON, listed: [NUMBERS.newYork] });
  });
  afterAll(() => db?.stop());

  it('answers contact points and registries in the order of the questions', async () => {
    const found = await facts.readForDecision(
      [unknown, held],
      [ask(NUMBERS.chicago), ask(NUMBERS.newYork), ask(NUMBERS.newYork, 'gb-tps')],
    );
    expect(found.contactPoints.map(({ token, version }) => [token, version])).toEqual([
      [unknown, 0],
      [held, 1],
    ]);
    expect(found.registries).toEqual([{ ...fact, listed: false }, { ...fact, listed: true }, undefined]);
  });

  it('reads what is asked twice once, as BatchGetItem demands', async () => {
    const found = await facts.readForDecision([held, held], [ask(NUMBERS.newYork), ask(NUMBERS.newYork)]);
    expect(found.contactPoints.map(({ version }) => version)).toEqual([1, 1]);
    expect(found.registries).toEqual([
      { ...fact, listed: true },
      { ...fact, listed: true },
    ]);
  });

  it('asks the store only for what it is asked', async () => {
    expect(await facts.readForDecision([held], [])).toMatchObject({ registries: [] });
    expect(await facts.readForDecision([], [ask(NUMBERS.newYork)])).toMatchObject({ contactPoints: [] });
  });

  it('finds the number in its block and no other number of it', async () => {
    const next = `${NUMBERS.newYork.slice(0, -1)}1`;
    const { registries } = await facts.readForDecision([], [ask(next)]);
    expect(registries).toEqual([{ ...fact, listed: false }]);
  });

  it('throws on a block that is none, rather than say "not listed"', async () => {
    const put = (item: Record<string, unknown>) =>
      db.client.send(new PutItemCommand({ TableName: TABLES.registryBlocks, Item: marshall(item) }));
    await put({ block: `${US_NATIONAL}#1602555`, bits: Uint8Array.of(7) });
    await expect(facts.readForDecision([], [ask(NUMBERS.phoenix)])).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_BLOCK' }),
    );
    await put({ block: `${US_NATIONAL}#1808555`, bits: 'text' });
    await expect(facts.readForDecision([], [ask(NUMBERS.honolulu)])).rejects.toThrow();
  });

  it('throws on a registry version that cannot be read', async () => {
    const item = { block: 'bad#', registry: 'bad', versionAt: 'yesterday' };
    await db.client.send(new PutItemCommand({ TableName: TABLES.registryBlocks, Item: marshall(item) }));
    await expect(facts.readForDecision([], [ask(NUMBERS.newYork, 'bad')])).rejects.toThrow();
  });

  it('asks again for what the store left undone', async () => {
    const { client } = leaveUnprocessed(db.endpoint, 2);
    const { contactPoints } = await new DynamoDecisionFacts(client, TABLES).readForDecision([held], []);
    expect(contactPoints.map(({ version }) => version)).toEqual([1]);
    client.destroy();
  });

  it('throws when it stays undone: what is unknown is not absent', async () => {
    const { client } = leaveUnprocessed(db.endpoint, 100);
    await expect(new DynamoDecisionFacts(client, TABLES).readForDecision([held], [])).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_OVERLOADED' }),
    );
    client.destroy();
  });

  it('fails rather than answers when the call is given up', async () => {
    const abortSignal = AbortSignal.abort();
    await expect(facts.readForDecision([held], [], { abortSignal })).rejects.toThrow();
  });
});
