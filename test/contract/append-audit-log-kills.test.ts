import { expect, test } from 'vitest';
import { expectExactLog } from '../support/exact-log.ts';
import { killWriters } from '../support/kill-writers.ts';
import { Random } from '../support/random.ts';
import { startAuditLog } from './audit-log-fixture.ts';

// For more: AUDIT_KILLS=200 npx vitest run test/contract/append-audit-log-kills.test.ts
const KILLS = Number(process.env['AUDIT_KILLS'] ?? 10);

test(`${KILLS} processes of the writer, killed by SIGKILL at random requests, leave the log exact`, async () => {
  const log = await startAuditLog();
  try {
    const { entries, deaths, now } = await killWriters(log, new Random(20_261_122), KILLS);
    for (const _ of ['takes over', 'finds nothing']) await log.newRun(undefined, undefined, now).run();
    expect(new Set(deaths).size).toBeGreaterThan(4);
    expect(deaths.filter((death) => death !== 'LIVED').length).toBeGreaterThan(KILLS / 2);
    await expectExactLog(log, entries);
  } finally {
    await log.stop();
  }
}, 3_600_000);
