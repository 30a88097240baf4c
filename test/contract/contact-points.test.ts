import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoContactPoints, SHARDS } from '../../lib/adapters/dynamodb/contact-points.ts';
import { open, seal } from '../../lib/adapters/secrets-manager/sealing.ts';
import type { Token } from '../../lib/domain/contact-point/token.ts';
import { ANSWER_KEPT_MS, type Answer } from '../../lib/domain/decision/answer.ts';
import { Entry } from '../../lib/domain/log/entry.ts';
import type { Change, ContactPoint } from '../../lib/domain/ports.ts';
import { withAttempt } from '../../lib/domain/state/attempts.ts';
import { changeByFact } from '../../lib/domain/state/record-fact.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { leaks } from '../support/canary.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { decisionEntry, factEntry, uuid } from '../support/entries.ts';
import { consent, conversation, DAY_MS, hold, NOON, stateOf, suppression } from '../support/facts.ts';
import { loseFirstResponse } from '../support/faulty-client.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';

const KEK = { version: 'k1', kek: 'a-key-encryption-key-for-tests-only-'.repeat(2) };
const attempt = { at: NOON, decisionId: uuid(1), channel: 'VOICE', purpose: 'MARKETING' } as const;

describe.each([
  { emulator: 'dynalite', start: startDynalite },
  { emulator: 'DynamoDB Local', start: startDynamoDbLocal },
])('ContactPoints on $emulator', ({ start }) => {
  let db: TestDynamoDb;
  let store: DynamoContactPoints;
  let count = 0;
  beforeAll(async () => {
    db = await start();
    store = new DynamoContactPoints(db.client, TABLES.contactPoints);
  });
  afterAll(() => db?.stop());

  const nextToken = (): Token => {
    count += 1;
    return tokenOfNumber(`+1212555${String(count + 100).padStart(4, '0')}`, PEPPER);
  };
  const readOne = async (token: Token): Promise<ContactPoint> => {
    const [found] = await store.read([token]);
    if (found === undefined) throw new Error('expected one contact point for one token');
    return found;
  };
  const itemOf = async (token: string) => {
    const { Item } = await db.client.send(
      new GetItemCommand({ TableName: TABLES.contactPoints, Key: marshall({ token }), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : unmarshall(Item);
  };
  const commitTo = async (token: Token, change: Partial<Change> = {}) =>
    store.commit({ from: await readOne(token), state: EMPTY_STATE, now: NOON, ...change });

  it('knows nothing of a contact point that was never stored', async () => {
    const token = nextToken();
    expect(await readOne(token)).toEqual({
      token,
      version: 0,
      state: EMPTY_STATE,
      pendingCount: 0,
      pendingBytes: 0,
      sealed: false,
      answers: {},
    });
  });

  it('gives back every kind of fact exactly as it was written', async () => {
    const token = nextToken();
    const state = withAttempt(
      stateOf(
        suppression({ evidence: { reference: 'rec-1' } }),
        consent({ expiresAt: NOON + 1 }),
        hold(),
        conversation(),
      ),
      { ...attempt, seller: 'acme', campaignId: 'spring' },
      30 * DAY_MS,
    );
    expect(await commitTo(token, { state })).toBe('COMMITTED');
    expect(await readOne(token)).toMatchObject({ version: 1, state, pendingCount: 0 });
  });

  it('refuses a change of what was changed in between, the first write too, and leaves it as it is', async () => {
    const token = nextToken();
    const first = await readOne(token);
    expect(await store.commit({ from: first, state: stateOf(suppression()), now: NOON })).toBe('COMMITTED');
    const second = await readOne(token);
    expect(await store.commit({ from: first, state: EMPTY_STATE, now: NOON })).toBe('CONFLICT');
    expect(await store.commit({ from: second, state: stateOf(suppression(), hold()), now: NOON })).toBe(
      'COMMITTED',
    );
    expect(await store.commit({ from: second, state: EMPTY_STATE, now: NOON })).toBe('CONFLICT');
    expect(await readOne(token)).toMatchObject({ version: 3 - 1, state: stateOf(suppression(), hold()) });
  });

  it('TB25: of sixteen who write at once one wins, and change() lets all of them in', async () => {
    const token = nextToken();
    const from = await readOne(token);
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        store.commit({ from, state: stateOf(suppression({ eventId: `e-${n}` })), now: NOON }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'COMMITTED')).toHaveLength(1);
    const sources = ['IVR', 'PBX', 'AGENT', 'LETTER', 'SMS_KEYWORD', 'VOICEMAIL'] as const;
    await Promise.all(
      sources.map((source, n) =>
        store.change(token, (now) =>
          changeByFact(now, suppression({ source }), { entryId: uuid(n, NOON + count), now: NOON }),
        ),
      ),
    );
    expect(Object.keys((await readOne(token)).state.suppressions)).toHaveLength(7);
  });

  it('writes nothing when there is nothing to change', async () => {
    const token = nextToken();
    await store.change(token, () => undefined);
    expect(await itemOf(token)).toBeUndefined();
  });

  it('keeps the entry with the change, and shows it in the index of what waits', async () => {
    const token = nextToken();
    const entries = [factEntry({ n: 501, subjects: [token] }), decisionEntry({ n: 502, subjects: [token] })];
    for (const entry of entries) expect(await commitTo(token, { entry, now: NOON + 7 })).toBe('COMMITTED');
    expect((await readOne(token)).pendingCount).toBe(2);
    const item = await itemOf(token);
    expect(Object.values(item?.['pending']).map((line) => Entry.parse(JSON.parse(String(line))))).toEqual(
      entries,
    );
    expect(await waiting(db, token)).toEqual([NOON + 7]);
  });

  it('remembers since when the oldest entry waits', async () => {
    const token = nextToken();
    await commitTo(token, { entry: factEntry({ n: 511, subjects: [token] }), now: NOON });
    await commitTo(token, { entry: factEntry({ n: 512, subjects: [token] }), now: NOON + 60_000 });
    expect(await waiting(db, token)).toEqual([NOON]);
  });

  it('does not wait for the log where nothing is to be logged', async () => {
    const token = nextToken();
    await commitTo(token, { state: withAttempt(EMPTY_STATE, attempt, 30 * DAY_MS) });
    expect(await waiting(db, token)).toEqual([]);
  });

  it('keeps answers for a quarter of an hour, and not more than twenty', async () => {
    const token = nextToken();
    for (let n = 0; n < 23; n += 1) {
      const answer = { requestKey: `key-${n}`, answer: { at: NOON + n, answer: answerNo(n) } };
      await commitTo(token, { answer, now: NOON + n });
    }
    const { answers } = await readOne(token);
    expect(Object.keys(answers).toSorted()).toEqual(
      Array.from({ length: 20 }, (_, n) => `key-${n + 3}`).toSorted(),
    );
    expect(answers['key-22']).toEqual({ at: NOON + 22, answer: answerNo(22) });
    await commitTo(token, { now: NOON + 21 + ANSWER_KEPT_MS });
    expect(Object.keys((await readOne(token)).answers)).toEqual(['key-22']);
  });

  it('lets an item of attempts alone go in time, and never one that holds a fact', async () => {
    const token = nextToken();
    await commitTo(token, { state: withAttempt(EMPTY_STATE, attempt, 30 * DAY_MS), countForMs: 30 * DAY_MS });
    expect((await itemOf(token))?.['ttl']).toBe((NOON + (30 + 31) * DAY_MS) / 1000);
    await commitTo(token, { state: stateOf(suppression()) });
    expect(await itemOf(token)).not.toHaveProperty('ttl');
    const held = nextToken();
    await commitTo(held, { state: stateOf(hold()) });
    expect(await itemOf(held)).not.toHaveProperty('ttl');
  });

  it('I4: keeps the clear value as ciphertext alone, and a later change does not lose it', async () => {
    const token = tokenOfNumber(NUMBERS.chicago, PEPPER);
    await commitTo(token, { state: stateOf(suppression()), sealed: seal(KEK, token, NUMBERS.chicago) });
    await commitTo(token, { state: stateOf(suppression(), hold()) });
    const item = await itemOf(token);
    expect((await readOne(token)).sealed).toBe(true);
    expect(leaks(JSON.stringify(item), [NUMBERS.chicago])).toEqual([]);
    expect(open(KEK, token, { ciphertext: item?.['sealed'], wrappedKey: item?.['dataKey'] })).toBe(
      NUMBERS.chicago,
    );
    expect(() =>
      open(KEK, 'another', { ciphertext: item?.['sealed'], wrappedKey: item?.['dataKey'] }),
    ).toThrow();
  });

  it('records an entry of nobody once, however often it is told', async () => {
    const entry = decisionEntry({ n: 521, subjects: [], facts: [] });
    await store.record(entry, NOON);
    await store.record(entry, NOON + 1);
    const home = `e.${entry.id}`;
    const item = await itemOf(home);
    expect(Entry.parse(JSON.parse(item?.['pending'][entry.id]))).toEqual(entry);
    expect(await waiting(db, home)).toEqual([NOON]);
  });

  it('reads one contact point for each token asked, in order, and each from the store once', async () => {
    const [a, b] = [nextToken(), nextToken()];
    await commitTo(b, { state: stateOf(hold()) });
    const found = await store.read([b, a, b]);
    expect(found.map(({ token, version }) => [token, version])).toEqual([
      [b, 1],
      [a, 0],
      [b, 1],
    ]);
  });

  it('knows its own write when the SDK repeated it because the answer was lost', async () => {
    const token = nextToken();
    const entry = factEntry({ n: 531, subjects: [token] });
    const { client, lost } = loseFirstResponse(db.endpoint, 'UpdateItemCommand');
    const shaky = new DynamoContactPoints(client, TABLES.contactPoints);
    const from = await readOne(token);
    expect(await shaky.commit({ from, state: stateOf(suppression()), entry, now: NOON })).toBe('COMMITTED');
    expect(lost()).toBe(1);
    expect(await readOne(token)).toMatchObject({ version: 1, pendingCount: 1 });
    client.destroy();
  });

  it("takes another's write for a conflict, also when the SDK repeated its own", async () => {
    const token = nextToken();
    const from = await readOne(token);
    await commitTo(token, { state: stateOf(hold()) });
    const { client } = loseFirstResponse(db.endpoint, 'UpdateItemCommand');
    const shaky = new DynamoContactPoints(client, TABLES.contactPoints);
    const entry = factEntry({ n: 541, subjects: [token] });
    expect(await shaky.commit({ from, state: stateOf(suppression()), entry, now: NOON })).toBe('CONFLICT');
    client.destroy();
  });

  const valid = {
    ...{ version: 1, suppressions: {}, consents: {}, holds: {}, attempts: [] },
    ...{ answers: {}, pending: {} },
  };
  it.each([
    { title: 'no suppressions', item: { ...valid, suppressions: undefined } },
    {
      title: 'a text for a time',
      item: { ...valid, suppressions: { 'VOICE#CUSTOMER_REQUEST#*#IVR': { effectiveAt: 'noon' } } },
    },
    { title: 'a hold of no form', item: { ...valid, holds: { 'case-1': true } } },
    { title: 'version 0', item: { ...valid, version: 0 } },
    {
      title: 'an unreadable expiry',
      item: { ...valid, consents: { 'VOICE#MARKETING#*': { GRANTED: { expiresAt: -1 } } } },
    },
  ])('throws on an item with $title instead of taking it for nothing known', async ({ item }) => {
    const token = nextToken();
    await db.client.send(
      new PutItemCommand({
        TableName: TABLES.contactPoints,
        Item: marshall({ token, ...item }, { removeUndefinedValues: true }),
      }),
    );
    await expect(store.read([token])).rejects.toThrow();
  });

  it('fails rather than answers when the call is given up', async () => {
    const abortSignal = AbortSignal.abort();
    await expect(store.read([nextToken()], { abortSignal })).rejects.toThrow();
    const from = await readOne(nextToken());
    await expect(store.commit({ from, state: EMPTY_STATE, now: NOON }, { abortSignal })).rejects.toThrow();
  });
});

function answerNo(n: number): Answer {
  return {
    decision: 'ALLOW',
    decisionId: uuid(n),
    reason: 'PERMITTED',
    reasons: [],
    policyVersion: 'test',
    checkedAt: new Date(NOON).toISOString(),
    nextAllowedAt: null,
  };
}

/** Since when a key waits for the log, as the sparse index says. */
async function waiting(db: TestDynamoDb, token: string): Promise<number[]> {
  const pages = await Promise.all(
    SHARDS.map((shard) =>
      db.client.send(
        new QueryCommand({
          TableName: TABLES.contactPoints,
          IndexName: 'pending',
          KeyConditionExpression: 'pendingShard = :shard',
          ExpressionAttributeValues: marshall({ ':shard': shard }),
        }),
      ),
    ),
  );
  return pages
    .flatMap(({ Items = [] }) => Items.map((item) => unmarshall(item)))
    .filter((item) => item['token'] === token)
    .map((item) => Number(item['pendingSince']));
}
