import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decided, dialled } from '../support/coverage.ts';
import { uuid } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { type Mortality, mortality } from '../support/killable.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { type CoverageWorld, checksOf, createCoverageWorld, HOUR_MS } from './coverage-fixture.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const { newYork, chicago, phoenix } = NUMBERS;
// The last hour of a day and the first of the next, so that a report is written between them.
const BEGIN = NOON + 8 * HOUR_MS;
const minute = (n: number) => BEGIN + n * 60_000;

let s3: Fixture;
beforeAll(async () => {
  s3 = await startLocalS3();
});
afterAll(() => s3.close());

/** Two hours that can be closed: one decision just before their border, which two contacts could claim. */
async function twoHours(): Promise<CoverageWorld> {
  const world = await createCoverageWorld(s3);
  world.clock.now = BEGIN;
  await world.setLoggedUntil(BEGIN);
  await world.run();
  world.platform.conversations.push(
    dialled({ id: 'talk-1', to: chicago, at: minute(10) }),
    dialled({ id: 'talk-2', to: newYork, at: minute(59) }),
    dialled({ id: 'talk-3', to: newYork, at: minute(61) }),
    dialled({ id: 'talk-4', to: phoenix, at: minute(70) }),
  );
  await world.decided(
    decided(1, minute(58), { subjects: [tokenOfNumber(newYork, PEPPER)] }),
    decided(2, minute(69), { subjects: [tokenOfNumber(phoenix, PEPPER)] }),
  );
  await world.passTo(minute(155));
  return world;
}

/** All that must be the same, however often a run was killed. */
async function outcomeOf(world: CoverageWorld) {
  const reports = (await world.objects()).filter((text) => text.startsWith('coverage/reports/'));
  return {
    closedUntil: (await world.progress())?.closedUntil,
    gaps: (await world.gaps()).map(({ id, outcome, token, at }) => [id, outcome, token, at]),
    checks: checksOf(await world.entries()).map(({ from, to, counts, gaps }) => ({ from, to, counts, gaps })),
    reports,
  };
}

const killedRun = (world: CoverageWorld, dying: Mortality) =>
  world
    .runner(dying)()
    .then(
      () => 'LIVED' as const,
      () => 'DIED' as const,
    );

describe('a run over two hours', () => {
  // Killed before a call is killed after the one before it, and what only reads leaves nothing behind.
  it('killed after any of its writes: the next run finds the same, each gap once, each hour once', async () => {
    const whole = await twoHours();
    const counting = mortality();
    expect(await killedRun(whole, counting)).toBe('LIVED');
    const expected = await outcomeOf(whole);
    await whole.stop();
    expect(expected.closedUntil).toBe(minute(120));
    expect(expected.gaps.map(([id]) => id)).toEqual(['talk-1.talk-1-customer', 'talk-3.talk-3-customer']);
    expect(expected.checks.map(({ counts }) => counts['COVERED'])).toEqual([1, 1]);
    expect(expected.reports).toHaveLength(2);
    const writes = [...counting.calls.entries()].filter(([, name]) => /^(Put|Update)/.test(name));
    expect(writes.length).toBeGreaterThan(12);
    let died = 0;
    for (const [place] of writes) {
      const world = await twoHours();
      const dying = mortality();
      dying.killAt(place + 1, 'AFTER');
      died += (await killedRun(world, dying)) === 'DIED' ? 1 : 0;
      await world.run();
      expect(await outcomeOf(world), `killed after call ${place + 1}`).toEqual(expected);
      expect(world.fake.violations).toEqual([]);
      await world.stop();
    }
    // An entry that could not be handed on is no failure of the run: the next one does it.
    expect(died).toBeGreaterThan(writes.length - 5);
  });

  it('of several runs at once each hour is closed by one', async () => {
    const world = await twoHours();
    await Promise.all([world.run(), world.run(), world.run()]);
    await world.run();
    const { closedUntil, gaps, checks } = await outcomeOf(world);
    expect(closedUntil).toBe(minute(120));
    expect(gaps).toHaveLength(2);
    expect(checks).toHaveLength(2);
    await world.stop();
  });

  it('that comes late moves nothing back', async () => {
    const world = await twoHours();
    await world.run();
    const first = await world.results.read(BEGIN);
    if (first === undefined) throw new Error('expected the result of the first hour');
    // Its own finding does not replace the one from which gaps and entry followed.
    const other = { ...first, entryId: uuid(9) };
    expect(await world.results.settle(other)).toEqual(first);
    expect(await world.results.read(BEGIN)).toEqual(first);
    expect(await world.ledger.close(first, world.clock.now)).toBe('CONFLICT');
    await world.ledger.keepJob(BEGIN, { id: 'job-9', from: BEGIN, to: minute(60) });
    expect(await world.progress()).toMatchObject({ closedUntil: minute(120) });
    expect((await world.progress())?.job).toBeUndefined();
    await world.stop();
  });
});
