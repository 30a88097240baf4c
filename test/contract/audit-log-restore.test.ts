import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { attributes } from '../../lib/adapters/dynamodb/item.ts';
import { LoggedEntry } from '../../lib/domain/log/entry.ts';
import { TABLES } from '../support/dynalite.ts';
import { decisionEntry, factEntry, token } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { dyingAt, startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

const OLD_HEAD = { pk: 'audit-log', sk: 'head', size: 0, fence: 0, leaseUntil: 0 };

async function putHead({ dynamo }: TestAuditLog, head: Record<string, unknown>): Promise<void> {
  await dynamo.send(new PutItemCommand({ TableName: TABLES.cases, Item: attributes(head) }));
}

/** What docs/runbook.md says to do before the writer runs again: the head as the newest entries object tells it. */
async function headFromBucket({ s3, bucket }: TestAuditLog): Promise<Record<string, unknown>> {
  const client = s3.client();
  const { Contents = [] } = await client.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: 'entries/' }),
  );
  const first = (key: string) => Number(key.slice(-'000000000000.ndjson.gz'.length, -'.ndjson.gz'.length));
  const [key] = Contents.map(({ Key = '' }) => Key).toSorted((a, b) => first(b) - first(a));
  const head = { ...OLD_HEAD, fence: Math.floor(NOON / 1000) };
  if (key === undefined) return head;
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  const count = gunzipSync(bytes).toString('utf8').split('\n').length - 1;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const batch = { state: 'COMMITTED', key, first: first(key), count, sha256 };
  return { ...head, size: first(key) + count, batch };
}

/** Two entries are logged; a run with two more dies at its nth request, if it has so many. */
async function logUntilDeath(log: TestAuditLog, nth: number) {
  await log.commit(factEntry({ n: 1 }));
  await log.commit(decisionEntry({ n: 2, at: NOON + 1 }));
  await log.newRun().run();
  await log.commit(factEntry({ n: 3, subjects: [token(3)], at: NOON + 2 }));
  await log.commit(decisionEntry({ n: 4, at: NOON + 3 }));
  return log
    .newRun(dyingAt(nth, 'AFTER'))
    .run()
    .then(
      () => 'LIVED',
      () => 'DIED',
    );
}

describe('after the table of cases was taken back to an earlier time', () => {
  test('a head set from the newest object goes on without gap or duplicate, wherever the last run was killed', async () => {
    for (let nth = 1, end = ''; end !== 'LIVED'; nth += 1) {
      const log = await startAuditLog();
      try {
        end = await logUntilDeath(log, nth);
        await putHead(log, OLD_HEAD);
        await putHead(log, await headFromBucket(log));
        await log.commit(factEntry({ n: 5, subjects: [token(5)], at: NOON + 4 }));
        await log.newRun().run();
        const entries = (await log.lines()).map((line) => LoggedEntry.parse(JSON.parse(line)));
        expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
        expect(new Set(entries.map(({ id }) => id)).size).toBe(5);
      } finally {
        await log.stop();
      }
    }
  });

  test('without that, nothing is appended: the next object would repeat indices that are taken', async () => {
    const log = await startAuditLog();
    await logUntilDeath(log, Number.POSITIVE_INFINITY);
    const before = await log.lines();
    await putHead(log, OLD_HEAD);
    await log.commit(factEntry({ n: 5, subjects: [token(5)], at: NOON + 3_600_000 }));
    await expect(log.newRun().run()).rejects.toMatchObject({ code: 'LOG_HEAD_BEHIND' });
    const after = await log.lines();
    await log.stop();
    expect(after).toEqual(before);
  });
});
