import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectRetentionCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { attributes } from '../../lib/adapters/dynamodb/item.ts';
import { DynamoLogHeads } from '../../lib/adapters/dynamodb/log-head.ts';
import { inParallel } from '../../lib/adapters/in-parallel.ts';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import { BATCH_LIMIT } from '../../lib/domain/log/batch.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { TABLES } from '../support/dynalite.ts';
import { decisionEntry, entryLine, factEntry, token, uuid } from '../support/entries.ts';
import { DAY_MS, NOON } from '../support/facts.ts';
import { startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog();
  return () => log.stop();
});

describe('append-audit-log on DynamoDB and S3', () => {
  test('writes one locked object of what waits, and clears it without disturbing a check', async () => {
    const entries = [
      factEntry({ n: 1 }),
      factEntry({ n: 2, subjects: [token(1)], at: NOON + 1 }),
      decisionEntry({ n: 3, at: NOON + 2 }),
      decisionEntry({ n: 4, subjects: [], facts: [], at: NOON + 3 }),
    ];
    for (const entry of entries) await log.commit(entry);
    const before = await log.itemOf(token(1));
    const { run, values } = log.newRun();
    expect(await run()).toEqual({ appended: 4 });

    expect(await log.lines()).toEqual(entries.map((entry, index) => entryLine(index, entry)));
    const { Versions = [] } = await log.s3
      .client()
      .send(new ListObjectVersionsCommand({ Bucket: log.bucket }));
    expect(Versions.map(({ Key }) => Key)).toEqual([
      'checkpoint',
      'checkpoints/4',
      'entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz',
      `policies/${DEFAULT_POLICY.hash}.json`,
      'tile/0/000.p/4',
      'vkey',
    ]);
    for (const { Key } of Versions) {
      const { Retention } = await log.s3
        .client()
        .send(new GetObjectRetentionCommand({ Bucket: log.bucket, Key }));
      expect(Retention?.Mode).toBe('COMPLIANCE');
      expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(log.s3.now() + 2556 * DAY_MS);
    }

    const { pendingShard: _shard, pendingSince: _since, ...rest } = before;
    expect(await log.itemOf(token(1))).toEqual({ ...rest, pending: {} });
    const own = await log.itemOf(`e.${uuid(4, NOON + 3)}`);
    expect(own).toEqual({ token: `e.${uuid(4, NOON + 3)}`, pending: {}, ttl: expect.any(Number) });
    expect(values('AuditEntriesCount')).toEqual([4]);
  });

  test('does nothing while another run holds the lease, and takes over when it lapses', async () => {
    const heads = new DynamoLogHeads(log.dynamo, TABLES.cases);
    const lease = { now: NOON, leaseUntil: NOON + 55_000 };
    const first = await heads.acquire({ owner: 'run-a', ...lease });
    expect(first).toEqual({ size: 0, fence: 1 });
    expect(await heads.acquire({ owner: 'run-b', ...lease })).toBeUndefined();
    expect(await heads.acquire({ owner: 'run-b', ...lease, now: NOON + 55_000 })).toBeUndefined();
    expect(await heads.acquire({ owner: 'run-a', ...lease })).toEqual({ size: 0, fence: 2 });
    const next = await heads.acquire({ owner: 'run-b', now: NOON + 55_001, leaseUntil: NOON + 99_000 });
    expect(next).toEqual({ size: 0, fence: 3 });
    await expect(heads.release(2)).rejects.toMatchObject({ code: 'FENCED' });
    const batch = { key: 'entries/x', first: 0 };
    await expect(heads.intend(2, { state: 'INTENDED', ...batch })).rejects.toMatchObject({ code: 'FENCED' });
    await heads.release(3);
    expect(await heads.acquire({ owner: 'run-c', ...lease })).toEqual({ size: 0, fence: 4 });
  });

  // The emulator is never behind, so the request itself is looked at.
  test('reads what waits strongly consistent: what was cleared is never seen again', async () => {
    await log.commit(factEntry({ n: 1 }));
    const requests: unknown[] = [];
    log.dynamo.middlewareStack.add(
      (next) => (args) => {
        requests.push(args.input);
        return next(args);
      },
      { step: 'initialize' },
    );
    await log.pending.collect(BATCH_LIMIT);
    const Keys = [attributes({ token: token(1) })];
    expect(requests).toContainEqual({
      RequestItems: { [TABLES.contactPoints]: expect.objectContaining({ Keys, ConsistentRead: true }) },
    });
  });

  test('keeps an item in the index while something new waits on it', async () => {
    const { pending } = log;
    await log.commit(factEntry({ n: 1 }));
    await log.commit(factEntry({ n: 2, subjects: [token(1)] }));
    await pending.clear([{ home: token(1), id: uuid(1) }]);
    expect(await log.itemOf(token(1))).toMatchObject({
      pendingShard: expect.any(String),
      pendingSince: NOON,
    });
    const { entries } = await pending.collect(BATCH_LIMIT);
    expect(entries.map(({ entry }) => entry.id)).toEqual([uuid(2)]);
    await pending.clear([
      { home: token(1), id: uuid(1) },
      { home: token(1), id: uuid(2) },
    ]);
    expect(await log.itemOf(token(1))).not.toHaveProperty('pendingShard');
    expect(await log.itemOf(token(1))).not.toHaveProperty('pendingSince');
  });

  test('clears more entries of one item than fit into one update, and nothing of an item that is gone', async () => {
    const { pending } = log;
    const many = Array.from({ length: 205 }, (_, n) => factEntry({ n, subjects: [token(1)] }));
    await log.commit(factEntry({ n: 999, subjects: [token(1)] }));
    const all = Object.fromEntries(many.map((entry) => [entry.id, canonicalJson(entry)]));
    await log.dynamo.send(
      new UpdateItemCommand({
        TableName: TABLES.contactPoints,
        Key: attributes({ token: token(1) }),
        UpdateExpression: 'SET pending = :all',
        ExpressionAttributeValues: attributes({ ':all': all }),
      }),
    );
    await pending.clear(many.map(({ id }) => ({ home: token(1), id })));
    expect(await log.itemOf(token(1))).toMatchObject({ pending: {} });
    expect(await log.itemOf(token(1))).not.toHaveProperty('pendingShard');
    await pending.clear([{ home: token(77), id: uuid(1) }]);
    expect(await log.itemOf(token(77))).toEqual({});
  });

  test('leaves what is no entry, counts it, and logs the rest', async () => {
    await log.commit(factEntry({ n: 1 }));
    await log.commit(factEntry({ n: 2 }));
    await log.dynamo.send(
      new UpdateItemCommand({
        TableName: TABLES.contactPoints,
        Key: attributes({ token: token(1) }),
        UpdateExpression: 'SET pending.#x = :x',
        ExpressionAttributeNames: { '#x': uuid(9) },
        ExpressionAttributeValues: attributes({ ':x': 'not an entry' }),
      }),
    );
    const { run, values } = log.newRun();
    expect(await run()).toEqual({ appended: 2 });
    expect(values('AuditUnreadableCount')).toEqual([1]);
    expect(await log.itemOf(token(1))).toMatchObject({
      pending: { [uuid(9)]: 'not an entry' },
      pendingSince: NOON,
    });
  });

  test('appends more than one page of each shard, in batches', async () => {
    const entries = Array.from({ length: 450 }, (_, n) => factEntry({ n, at: NOON + n }));
    await inParallel(entries, 16, log.commit);
    const { run } = log.newRun(undefined, { entries: 200, size: 1e9 });
    expect(await run()).toEqual({ appended: 450 });
    const { Versions = [] } = await log.s3
      .client()
      .send(new ListObjectVersionsCommand({ Bucket: log.bucket }));
    expect(Versions.length).toBeGreaterThanOrEqual(3);
  });

  test('sends alerts that did not reach Legal once their decisions are logged', async () => {
    await log.commit(decisionEntry({ n: 1, legalAlert: 'FAILED' }));
    await log.commit(decisionEntry({ n: 2, legalAlert: 'SENT' }));
    const first = log.newRun();
    await first.run();
    expect(first.alerted).toEqual([uuid(1)]);
    const second = log.newRun();
    await second.run();
    expect(second.alerted).toEqual([]);
  });
});
