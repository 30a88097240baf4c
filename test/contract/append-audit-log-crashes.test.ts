import { beforeEach, describe, expect, test } from 'vitest';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { decisionEntry, factEntry, token } from '../support/entries.ts';
import { expectExactEntries, expectExactLog } from '../support/exact-log.ts';
import { NOON } from '../support/facts.ts';
import { dyingAt, startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog();
  return () => log.stop();
});

describe('whatever happens to a run, the log is exact', () => {
  // What is left behind is the same before the next request; each effect's both sides are in the unit tests.
  test('killed after any request', async () => {
    const entries: Entry[] = [];
    for (let nth = 1; ; nth += 1) {
      const at = NOON + nth * 1000;
      const fresh = [
        factEntry({ n: 1, at }),
        factEntry({ n: 2, subjects: [token(1)], at: at + 1 }),
        decisionEntry({ n: 3, legalAlert: 'FAILED', at: at + 2 }),
        factEntry({ n: 4, subjects: [], at: at + 3 }),
      ];
      for (const entry of fresh) await log.commit(entry);
      const outcome = await log
        .newRun(dyingAt(nth, 'AFTER'))
        .run()
        .catch((error: unknown) => error);
      const late = factEntry({ n: 5, subjects: [token(1)], at: at - 1 });
      await log.commit(late);
      await log.newRun().run();
      await log.newRun().run();
      entries.push(...fresh, late);
      await expectExactEntries(log, entries);
      if (outcome instanceof Error) continue;
      expect(nth).toBeGreaterThan(25);
      return await expectExactLog(log, entries);
    }
  });

  test('overtaken before any request by another run, while decisions are committed', async () => {
    const entries: Entry[] = [];
    for (let nth = 1; ; nth += 1) {
      const at = NOON + nth * 1000;
      const fresh = [factEntry({ n: 1, at }), decisionEntry({ n: 2, at: at + 1 })];
      const late = [factEntry({ n: 3, subjects: [token(1)], at: at - 1 }), factEntry({ n: 4, at: at + 2 })];
      for (const entry of fresh) await log.commit(entry);
      entries.push(...fresh, ...late);
      let requests = 0;
      await log
        .newRun(async (request) => {
          requests += 1;
          if (requests === nth) {
            await Promise.all(late.map(log.commit));
            await log.newRun().run();
          }
          await request();
        })
        .run();
      const finished = requests < nth;
      if (finished) await Promise.all(late.map(log.commit));
      await log.newRun().run();
      await log.newRun().run();
      await expectExactEntries(log, entries);
      if (!finished) continue;
      expect(nth).toBeGreaterThan(25);
      return await expectExactLog(log, entries);
    }
  });

  test('every answer lost on its way back, and every request repeated', async () => {
    const entries = [
      factEntry({ n: 1 }),
      decisionEntry({ n: 2, legalAlert: 'FAILED', at: NOON + 1 }),
      factEntry({ n: 3, subjects: [], at: NOON + 2 }),
    ];
    for (const entry of entries) await log.commit(entry);
    const { run } = log.newRun(async (request) => {
      await request();
      await request();
    });
    expect(await run()).toEqual({ appended: 3 });
    await expectExactLog(log, entries);
  });

  test('many runs at once, while decisions are committed', async () => {
    const entries = Array.from({ length: 60 }, (_, n) => decisionEntry({ n, subjects: [token(n % 7)] }));
    const commits = entries.map(log.commit);
    await Promise.all([...commits, ...Array.from({ length: 6 }, () => log.newRun().run())]);
    await log.newRun().run();
    await log.newRun().run();
    await expectExactLog(log, entries);
  });
});
