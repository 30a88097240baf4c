import { beforeEach, describe, expect, test } from 'vitest';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { isToken, type Token } from '../../lib/domain/contact-point/token.ts';
import { decisionEntry, factEntry, token, uuid } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

const HOUR_MS = 3_600_000;

let log: TestAuditLog;
let explainer: Explainer;

beforeEach(async () => {
  log = await startAuditLog();
  explainer = new Explainer({
    ...log,
    policies: new S3Policies(log.s3.client(), log.bucket),
    now: () => NOON,
  });
  return () => log.stop();
});

function person(n: number): Token {
  const found = token(n);
  if (!isToken(found)) throw new Error('expected a token');
  return found;
}

describe('explainDecision', () => {
  test.each([
    ['its own contact point', [token(1)]],
    ['the second contact point of several', [token(2), token(1)]],
    ['none', []],
  ])('finds a decision about %s, first waiting, then logged', async (_, subjects) => {
    await log.commit(factEntry({ n: 9, at: NOON - 1 }));
    await log.commit(decisionEntry({ n: 1, subjects }));
    expect(await explainer.explainDecision(uuid(1))).toMatchObject({
      kind: 'decision',
      effect: 'BLOCK',
      index: null,
    });
    await log.newRun().run();
    expect(await explainer.explainDecision(uuid(1))).toMatchObject({
      kind: 'decision',
      effect: 'BLOCK',
      index: 1,
    });
  });

  test('says so where nothing is recorded', async () => {
    await log.commit(factEntry({ n: 1 }));
    await log.newRun().run();
    // The id of an entry that is no decision is no decision's id.
    for (const id of [uuid(2), uuid(1), 'no-uuid']) {
      expect(await explainer.explainDecision(id)).toEqual({ kind: 'nothing', decisionId: id });
    }
  });

  test('finds an entry that was logged late, and one whose id tells no time', async () => {
    const old = decisionEntry({ n: 1, at: NOON - 30 * HOUR_MS });
    const timeless = decisionEntry({ n: 2, decisionId: 'from-elsewhere' });
    for (const entry of [old, timeless]) {
      await log.commit(entry);
      await log.newRun().run();
    }
    expect(await explainer.explainDecision(old.decisionId)).toMatchObject({ index: 0 });
    expect(await explainer.explainDecision('from-elsewhere')).toMatchObject({ index: 1 });
  });
});

describe('explainContactPoint', () => {
  test('gives what is logged and what waits, each once, in time order, and nobody else', async () => {
    await log.commit(factEntry({ n: 1 }));
    await log.commit(decisionEntry({ n: 2, subjects: [token(3), token(1)], at: NOON + 1 }));
    await log.commit(factEntry({ n: 3, at: NOON + 2 }));
    await log.newRun().run();
    await log.commit(decisionEntry({ n: 4, subjects: [token(1)], at: NOON + 3 }));
    await log.commit(decisionEntry({ n: 5, subjects: [token(3), token(1)], at: NOON + 4 }));
    const { timeline, known, pendingCount } = await explainer.explainContactPoint(person(1));
    expect(timeline.map(({ index }) => index)).toEqual([0, 1, null, null]);
    expect(timeline.map(({ entry }) => entry.id)).toEqual(
      [1, 2, 4, 5].map((n) => uuid(n, NOON + (n === 1 ? 0 : n - 1))),
    );
    expect({ known, pendingCount }).toEqual({ known: true, pendingCount: 1 });
  });

  test('says so where nothing is known', async () => {
    expect(await explainer.explainContactPoint(person(7))).toMatchObject({ known: false, timeline: [] });
  });

  test('reads many objects in order', async () => {
    const count = 12;
    for (let n = 0; n < count; n += 1) {
      await log.commit(factEntry({ n, subjects: [token(1)], at: NOON + n }));
      await log.newRun().run();
    }
    const { timeline } = await explainer.explainContactPoint(person(1));
    expect(timeline.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, n) => n));
  });
});
