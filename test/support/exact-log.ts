import { expect } from 'vitest';
import { BATCH_LIMIT } from '../../lib/domain/log/batch.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { TestAuditLog } from '../contract/audit-log-fixture.ts';
import { expectTree } from './reference-tree.ts';

/** The log holds exactly `entries`, numbered from 0 without a gap; the head has counted them, and all are signed. */
export async function expectExactEntries(log: TestAuditLog, entries: readonly Entry[]): Promise<void> {
  const logged = (await log.lines()).map((line) => JSON.parse(line));
  expect(logged.map(({ index }) => index)).toEqual(entries.map((_, index) => index));
  expect(logged.map(({ id }) => id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
  const head = await log.headItem();
  expect(head).toMatchObject({ size: entries.length, leaseUntil: 0 });
  expect(head).not.toHaveProperty('batch');
  expect(await log.pending.collect(BATCH_LIMIT)).toEqual({ entries: [], unreadable: 0 });
  expect((await log.tree.pointer())?.note.split('\n')[1]).toBe(String(entries.length));
}

/** And its tree is what follows from them. What was written once is there still, so the end shows every moment. */
export async function expectExactLog(log: TestAuditLog, entries: readonly Entry[]): Promise<void> {
  await expectExactEntries(log, entries);
  expectTree({ lines: await log.lines(), ...(await log.published()) });
}
