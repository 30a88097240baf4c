import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../../../lib/domain/verify/verify-log.ts';
import { MemoryLog } from '../../../support/audit/memory-log.ts';
import * as tamper from '../../../support/audit/tamper.ts';
import { planOf, writeLog } from '../../../support/audit/test-log.ts';
import { Random } from '../../../support/random.ts';

const PLACES = 100;

const logs = [
  [3, 4, 0, 2, 5],
  [1, 250, 9, 0, 0, 12],
  [0, 6, 1, 1, 520],
].map((sizes) => {
  const plan = planOf(sizes);
  return { plan, written: writeLog(plan) };
});

const { isExpected, ...KINDS } = tamper;

describe('an untouched log', () => {
  it.each(logs)('of $plan.batches.length batches is whole', async ({ written }) => {
    const verification = await verifyLog(new MemoryLog(written), {});
    expect(verification).toMatchObject({ findings: [], counts: {} });
    expect(verification?.entries).toBe(verification?.signedSize);
  });
});

describe(`I19 tampering at ${PLACES} places`, () => {
  it.each(Object.entries(KINDS))('%s is found, for what it is', async (name, doIt) => {
    const random = new Random(17);
    const missed: unknown[] = [];
    for (let place = 0; place < PLACES; place += 1) {
      const scene = logs[place % logs.length];
      if (scene === undefined) throw new Error('no log');
      const log = new MemoryLog(scene.written);
      const newest = scene.written.findLast(({ key }) => key === 'checkpoint');
      const expected = doIt({ ...scene, log }, random);
      const trusted = { name: 'kept.txt', note: newest?.bytes ?? new Uint8Array(0) };
      const verification = await verifyLog(log, name === 'cutTail' ? { trusted } : {});
      const found = verification?.findings ?? [];
      if (!found.some((finding) => isExpected(expected, finding))) missed.push({ place, expected, found });
    }
    expect(missed).toEqual([]);
  });
});
