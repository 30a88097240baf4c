import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDistributeSuppressions } from '../../lambdas/distribute-suppressions/distribute-suppressions.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoUnpushedChanges } from '../../lib/adapters/dynamodb/unpushed-changes.ts';
import type { Token } from '../../lib/domain/contact-point/token.ts';
import type { Change } from '../../lib/domain/dialler/changes.ts';
import type { DiallerQueue } from '../../lib/domain/dialler/ports.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import { changeByFact } from '../../lib/domain/state/record-fact.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { decisionEntry, uuid } from '../support/entries.ts';
import { NOON, suppression } from '../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

describe.each([
  { emulator: 'dynalite', start: startDynalite },
  { emulator: 'DynamoDB Local', start: startDynamoDbLocal },
])('distribute-suppressions on $emulator', ({ start }) => {
  let db: TestDynamoDb;
  let store: DynamoContactPoints;
  let unpushed: DynamoUnpushedChanges;
  let count = 0;
  beforeAll(async () => {
    db = await start();
    store = new DynamoContactPoints(db.client, TABLES.contactPoints);
    unpushed = new DynamoUnpushedChanges(db.client, TABLES.contactPoints);
  });
  afterAll(() => db?.stop());
  // Each test starts from a table in which nothing is marked.
  beforeEach(async () => {
    for await (const marks of unpushed.waiting(Number.MAX_SAFE_INTEGER)) {
      for (const mark of marks) await unpushed.clear(mark);
    }
  });

  const record = async (token: Token, fact: Fact, now: number) => {
    count += 1;
    await store.change(token, (from) => changeByFact(from, fact, { entryId: uuid(count), now }));
  };
  const nextToken = () => tokenOfNumber(`+1212555${String(100 + (count % 100)).padStart(4, '0')}`, PEPPER);
  const image = async (token: Token) => {
    const { Item = {} } = await db.client.send(
      new GetItemCommand({ TableName: TABLES.contactPoints, Key: marshall({ token }), ConsistentRead: true }),
    );
    return Item;
  };
  const marked = async () => {
    const all = [];
    for await (const marks of unpushed.waiting(Number.MAX_SAFE_INTEGER)) all.push(...marks);
    return all;
  };
  const distributor = (queues: readonly DiallerQueue[], now: () => number) =>
    createDistributeSuppressions({ unpushed, queues, telemetry: recordedTelemetry().telemetry, now });
  const queue = (sent: Change[]): DiallerQueue => ({ send: async (changes) => void sent.push(...changes) });

  it('puts what the stream shows into every queue, then takes the mark away', async () => {
    const token = nextToken();
    await record(token, suppression(), NOON);
    const [north, south]: [Change[], Change[]] = [[], []];
    const distribute = distributor([queue(north), queue(south)], () => NOON);
    await distribute({ Records: [{ dynamodb: { NewImage: await image(token) } }] });
    expect(north).toEqual([{ token, since: NOON }]);
    expect(south).toEqual(north);
    expect(await marked()).toEqual([]);
    expect(unmarshall(await image(token))).not.toHaveProperty('pushShard');
  });

  it('keeps the mark where one queue failed, and the schedule does it later', async () => {
    const token = nextToken();
    await record(token, suppression(), NOON);
    const sent: Change[] = [];
    const broken: DiallerQueue = {
      send: async () => {
        throw new Error('no queue');
      },
    };
    const event = { Records: [{ dynamodb: { NewImage: await image(token) } }] };
    await expect(distributor([queue([]), broken], () => NOON)(event)).rejects.toThrow('no queue');
    expect(await marked()).toHaveLength(1);
    // The stream has its time first.
    await distributor([queue(sent)], () => NOON + 10_000)({});
    expect(sent).toEqual([]);
    await distributor([queue(sent)], () => NOON + 30_000)({});
    expect(sent).toEqual([{ token, since: NOON }]);
    expect(await marked()).toEqual([]);
  });

  it('leaves the mark of what was said meanwhile, with the first time', async () => {
    const token = nextToken();
    await record(token, suppression(), NOON);
    const early = await image(token);
    await record(token, suppression({ source: 'LETTER' }), NOON + 5);
    const sent: Change[] = [];
    await distributor([queue(sent)], () => NOON)({ Records: [{ dynamodb: { NewImage: early } }] });
    expect(sent).toEqual([{ token, since: NOON }]);
    expect(await marked()).toMatchObject([{ token, since: NOON }]);
    const latest = { dynamodb: { NewImage: await image(token) } };
    await distributor([queue(sent)], () => NOON)({ Records: [{ dynamodb: { NewImage: early } }, latest] });
    expect(await marked()).toEqual([]);
  });

  it('passes over writes that diallers need not hear of', async () => {
    const token = nextToken();
    await store.change(token, (from) => ({
      state: from.state,
      entry: decisionEntry({ n: 1, subjects: [token] }),
      now: NOON,
    }));
    const sent: Change[] = [];
    await distributor(
      [queue(sent)],
      () => NOON,
    )({ Records: [{ dynamodb: { NewImage: await image(token) } }, { dynamodb: {} }] });
    await distributor([queue(sent)], () => NOON + 60_000)({});
    expect(sent).toEqual([]);
  });
});
