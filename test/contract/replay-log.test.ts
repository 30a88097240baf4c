import { beforeEach, describe, expect, test } from 'vitest';
import { findDecision } from '../../lib/adapters/audit-log/entries.ts';
import { replayLog } from '../../lib/adapters/audit-log/replay-log.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { DecisionEntry } from '../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { decisionEntry, factEntry } from '../support/entries.ts';
import { Random } from '../support/random.ts';
import { randomHistory } from '../support/random-history.ts';
import { startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const COUNT = 60;

let log: TestAuditLog;
let policies: S3Policies;
let history: readonly DecisionEntry[];

beforeEach(async () => {
  log = await startAuditLog();
  policies = new S3Policies(log.s3.client(), log.bucket);
  history = await randomHistory(new Random(SEED), COUNT, DEFAULT_POLICY);
  return () => log.stop();
});

async function logged(entries: readonly (DecisionEntry | ReturnType<typeof factEntry>)[]): Promise<void> {
  for (const entry of entries) await log.commit(entry);
  await log.newRun().run();
}

const replay = (since = 0) => replayLog({ objects: log.objects, policies }, since);

describe(`the log replayed, seed ${SEED}`, () => {
  test('comes out the same, with the policy read from beside it', async () => {
    await logged([factEntry({ n: 1 }), ...history]);
    expect(await replay()).toEqual({
      decisions: COUNT,
      identical: COUNT,
      withoutFacts: history.filter(({ facts }) => facts.length === 0).length,
      withoutPolicy: 0,
      differing: 0,
      firstDifferences: [],
    });
  });

  test('from a moment on leaves out what is older', async () => {
    const times = history.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
    const since = times[COUNT / 2] ?? 0;
    await logged(history);
    expect((await replay(since)).decisions).toBe(times.filter((at) => at >= since).length);
  });

  test('shows where a decision comes out otherwise: the facts of this one explain no suppression', async () => {
    const odd = decisionEntry({ n: 1 });
    await logged([...history, odd]);
    const { differing, identical, firstDifferences } = await replay();
    expect({ differing, identical }).toEqual({ differing: 1, identical: COUNT });
    expect(firstDifferences).toMatchObject([
      {
        decisionId: odd.decisionId,
        index: expect.any(Number),
        recorded: { effect: 'BLOCK', reasons: odd.reasons },
        replayed: { effect: 'ALLOW', reasons: [] },
      },
    ]);
  });

  test('says of how many decisions the policy is not kept', async () => {
    const unknown = { name: 'gone', hash: sha256Hex('gone') };
    await logged([...history, decisionEntry({ n: 1, policy: unknown })]);
    expect(await replay()).toMatchObject({ identical: COUNT, withoutPolicy: 1, differing: 0 });
  });

  test('finds one decision while it waits, and when it is logged', async () => {
    const [entry] = history;
    if (entry === undefined) throw new Error('expected a decision');
    await log.commit(entry);
    expect(await findDecision(log, entry.decisionId)).toEqual({ entry });
    await log.newRun().run();
    expect(await findDecision(log, entry.decisionId)).toEqual({ entry, index: 0 });
    expect(await findDecision(log, 'nobody')).toBeUndefined();
  });
});
