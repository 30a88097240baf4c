import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { DynamoLogHeads } from '../../lib/adapters/dynamodb/log-head.ts';
import { DynamoLogProgress } from '../../lib/adapters/dynamodb/log-progress.ts';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { NOON } from '../support/facts.ts';
import { putRegistry } from '../support/registry-items.ts';

const MINUTE_MS = 60_000;
const LIMIT_MS = 10 * MINUTE_MS;

let db: TestDynamoDb;
let now: number;
let reads: number;
let fails: boolean;
beforeEach(async () => {
  db = await startDynalite();
  [now, reads, fails] = [NOON, 0, false];
  db.client.middlewareStack.add(
    (next) => async (args) => {
      if (!('ProjectionExpression' in args.input && args.input.ProjectionExpression === 'loggedUntil')) {
        return next(args);
      }
      reads += 1;
      if (fails) throw new Error('no answer');
      return next(args);
    },
    { step: 'initialize' },
  );
  return () => db.stop();
});

/** Ends a run of the writer that knows how far it has come, or does not. */
async function run(loggedUntil?: number): Promise<void> {
  const heads = new DynamoLogHeads(db.client, TABLES.cases);
  const head = await heads.acquire({ owner: `run-${now}`, now, leaseUntil: now });
  await heads.release(head?.fence ?? 0, loggedUntil);
}

function progress(): DynamoLogProgress {
  return new DynamoLogProgress(db.client, TABLES.cases, () => now);
}

describe('how far the log has come', () => {
  test('is unknown, and so not far enough, before a run of the writer has said it', async () => {
    expect(await progress().isLoggedUntil(NOON)).toBe(false);
    await run();
    expect(await progress().isLoggedUntil(NOON)).toBe(false);
  });

  test('is what the last run said that knew it', async () => {
    await run(NOON);
    await run();
    expect(await progress().isLoggedUntil(NOON)).toBe(true);
    expect(await progress().isLoggedUntil(NOON + 1)).toBe(false);
  });

  test('is read no more than once while it is enough, however many ask', async () => {
    await run(NOON);
    const known = progress();
    const ask = () => known.isLoggedUntil(now - LIMIT_MS);
    await Promise.all([ask(), ask(), ask()]);
    now = NOON + LIMIT_MS;
    expect(await ask()).toBe(true);
    expect(reads).toBe(1);
  });

  test('is read every 15 seconds, and no more often, once it is not enough', async () => {
    await run(NOON);
    const known = progress();
    const ask = () => known.isLoggedUntil(now - LIMIT_MS);
    now = NOON + LIMIT_MS + 1;
    for (let second = 0; second < 60; second += 1, now += 1000) expect(await ask()).toBe(false);
    expect(reads).toBe(4);
    await run(now);
    now += 15_000;
    expect(await ask()).toBe(true);
  });

  test('stays known while the head cannot be read, until that is too old; then it is asked for each second', async () => {
    await run(NOON);
    const known = progress();
    expect(await known.isLoggedUntil(NOON)).toBe(true);
    fails = true;
    now = NOON + LIMIT_MS;
    expect(await known.isLoggedUntil(now - LIMIT_MS)).toBe(true);
    now += 20_000;
    await run(now);
    expect(await known.isLoggedUntil(now - LIMIT_MS)).toBe(false);
    fails = false;
    expect(await known.isLoggedUntil(now - LIMIT_MS)).toBe(false);
    now += 1000;
    expect(await known.isLoggedUntil(now - LIMIT_MS)).toBe(true);
  });

  test('is asked for by key, with nothing else of the head', async () => {
    const inputs: unknown[] = [];
    db.client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === GetItemCommand.name) inputs.push(args.input);
          return next(args);
        },
      { step: 'initialize' },
    );
    await progress().isLoggedUntil(NOON);
    const Key = { pk: { S: 'audit-log' }, sk: { S: 'head' } };
    expect(inputs).toEqual([{ TableName: TABLES.cases, Key, ProjectionExpression: 'loggedUntil' }]);
  });
});

describe('checks while the log is behind', () => {
  test('allow up to ten minutes, and again once it has caught up; a retry of an ALLOW is no exception', async () => {
    await putRegistry(db.client, { listed: [] });
    const world = new CheckConsentWorld(db);
    const given = { progress: new DynamoLogProgress(db.client, TABLES.cases, () => world.now) };
    await run(NOON);
    world.now = NOON + LIMIT_MS;
    expect((await world.check({ requestId: 'once' }, given)).decision).toBe('ALLOW');
    world.now += 1;
    for (const requestId of ['once', 'other']) {
      const answer = await world.check({ requestId }, given);
      expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
    }
    expect(world.recorded.values('AuditUnavailableCount')).toEqual([1, 1]);
    expect(await world.entries()).toHaveLength(1);
    await run(world.now);
    world.now += 15_000;
    expect((await world.check({ requestId: 'once' }, given)).decision).toBe('ALLOW');
  });

  test('say of who is blocked anyway what they always say', async () => {
    await putRegistry(db.client, { listed: ['+12125550101'] });
    const world = new CheckConsentWorld(db);
    const given = { progress: new DynamoLogProgress(db.client, TABLES.cases, () => world.now) };
    const answer = await world.check({ phoneNumber: '+12125550101' }, given);
    expect(answer.decision).toBe('BLOCK');
    expect(answer.reason).not.toBe('AUDIT_UNAVAILABLE');
    expect(await world.entries()).toHaveLength(1);
  });
});
