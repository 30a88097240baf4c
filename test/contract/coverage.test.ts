import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leaks } from '../support/canary.ts';
import { decided, dialled, sent } from '../support/coverage.ts';
import { NOON } from '../support/facts.ts';
import { ADDRESS, NUMBERS, PEPPER, tokenOfAddress, tokenOfNumber } from '../support/numbers.ts';
import {
  type CoverageOptions,
  type CoverageWorld,
  checksOf,
  createCoverageWorld,
  HOUR_MS,
} from './coverage-fixture.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const { newYork, chicago, phoenix, london } = NUMBERS;
const MINUTE_MS = 60_000;
const at = (minutes: number) => NOON + minutes * MINUTE_MS;
const of = (number: string) => ({ subjects: [tokenOfNumber(number, PEPPER)] });

let s3: Fixture;
let world: CoverageWorld;
beforeAll(async () => {
  s3 = await startLocalS3();
});
afterEach(async () => {
  expect(world.fake.violations).toEqual([]);
  await world.stop();
});
afterAll(() => s3.close());

/** A world whose checks have begun at NOON. */
async function begun(options: CoverageOptions = {}): Promise<CoverageWorld> {
  world = await createCoverageWorld(s3, options);
  await world.setLoggedUntil(NOON);
  await world.run();
  return world;
}

describe('an hour of outbound contacts', () => {
  it('E14 EB8: what was dialled is held against the decisions, and the log says so', async () => {
    const { platform, decided: logged, passTo, run, gaps, entries, recorded } = await begun();
    platform.conversations.push(
      dialled({ id: 'talk-1', to: newYork, at: at(10), campaignId: 'spring' }),
      dialled({ id: 'talk-2', to: chicago, at: at(11), campaignId: 'spring' }),
      dialled({ id: 'talk-3', to: phoenix, at: at(12), campaignId: 'autumn' }),
      sent('text-1', 'message', newYork, at(13)),
      sent('mail-1', 'email', ADDRESS, at(14)),
      sent('mail-2', 'email', 'nobody at nowhere', at(15)),
    );
    const email = { subjects: [tokenOfAddress(ADDRESS, PEPPER)], contact: { channel: 'EMAIL' } };
    await logged(
      decided(1, at(10) - 2000, of(newYork)),
      decided(2, at(12) - 2000, { ...of(phoenix), effect: 'BLOCK' }),
      decided(3, at(14) - 2000, email),
    );
    await passTo(at(95));
    await run();
    const found = (await gaps()).map(({ id, token, outcome, channel }) => [id, token, outcome, channel]);
    expect(found).toEqual([
      ['talk-2.talk-2-customer', tokenOfNumber(chicago, PEPPER), 'NO_DECISION', 'VOICE'],
      ['talk-3.talk-3-customer', tokenOfNumber(phoenix, PEPPER), 'BLOCKED', 'VOICE'],
      ['text-1.text-1-customer', tokenOfNumber(newYork, PEPPER), 'NO_DECISION', 'SMS'],
      ['mail-2.mail-2-customer', undefined, 'UNREADABLE', 'EMAIL'],
    ]);
    expect(checksOf(await entries())).toMatchObject([
      {
        ...{ from: '2026-11-20T15:00:00.000Z', to: '2026-11-20T16:00:00.000Z', windowMs: 300_000 },
        subjects: [chicago, phoenix, newYork].map((number) => tokenOfNumber(number, PEPPER)),
        counts: { COVERED: 2, NO_DECISION: 2, BLOCKED: 1, UNREADABLE: 1, WRONG_REGION: 0 },
        campaigns: [
          { contacts: 3, covered: 1, gaps: 2 },
          { campaignId: 'spring', contacts: 2, covered: 1, gaps: 1 },
          { campaignId: 'autumn', contacts: 1, covered: 0, gaps: 1 },
        ],
      },
    ]);
    expect(recorded.values('CoverageGapCount').at(-1)).toBe(4);
    expect(recorded.values('CoverageLateMs').at(-1)).toBe(5 * MINUTE_MS);
  });

  it('is closed half an hour after its end, once the platform and the log are whole, and not before', async () => {
    const { clock, platform, setLoggedUntil, run, progress } = await begun();
    const closedUntil = async () => (await progress())?.closedUntil;
    await setLoggedUntil(at(200));
    platform.availableUntil = at(200);
    clock.now = at(89);
    await run();
    expect(await closedUntil()).toBe(NOON);
    clock.now = at(90);
    platform.availableUntil = at(59);
    await run();
    expect(await closedUntil()).toBe(NOON);
    platform.availableUntil = at(60);
    await setLoggedUntil(at(60));
    await run();
    expect(await closedUntil()).toBe(NOON);
    await setLoggedUntil(at(61));
    await run();
    expect(await closedUntil()).toBe(at(60));
    await run();
    expect(world.analytics.intervals).toEqual(['2026-11-20T15:00:00.000Z/2026-11-20T16:00:00.000Z']);
  });

  it('hours after an outage are closed one after the other, and contacts belong to the hour in which they began', async () => {
    const { platform, decided: logged, passTo, run, gaps, entries, analytics } = await begun({ pageSize: 1 });
    // Overlaps the second hour, and is told with it too.
    platform.conversations.push(
      {
        ...dialled({ id: 'long', to: newYork, at: at(59) }),
        conversationEnd: new Date(at(70)).toISOString(),
      },
      dialled({ id: 'edge', to: newYork, at: at(60) }),
      dialled({ id: 'late', to: chicago, at: at(130) }),
    );
    // One decision covers one contact, also where an hour lies between the two.
    await logged(decided(1, at(58), of(newYork)));
    await passTo(at(280));
    await run();
    expect(analytics.intervals.map((interval) => interval.slice(11, 16))).toEqual([
      '15:00',
      '16:00',
      '17:00',
      '18:00',
    ]);
    const checks = checksOf(await entries());
    expect(checks.map(({ counts }) => [counts['COVERED'], counts['NO_DECISION']])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
    expect((await gaps()).map(({ conversationId }) => conversationId)).toEqual(['edge', 'late']);
  });

  it('a contact of another region is counted, and nothing of it is stored', async () => {
    const { platform, passTo, run, gaps, entries } = await begun();
    platform.conversations.push(dialled({ id: 'abroad', to: london, at: at(5) }));
    await passTo(at(95));
    await run();
    expect(await gaps()).toEqual([]);
    expect(checksOf(await entries())).toMatchObject([{ counts: { WRONG_REGION: 1 }, subjects: [] }]);
  });

  it('no number or address is in clear anywhere: items, objects, logs, metrics', async () => {
    const { platform, passTo, run, everything, gaps, judge } = await begun();
    const clear = [newYork, london, ADDRESS];
    platform.conversations.push(
      // A contact id that is made of the number.
      dialled({ id: 'talk-1', to: newYork, at: at(1), campaignId: newYork, contactId: newYork }),
      dialled({ id: newYork.slice(1), to: newYork, at: at(2) }),
      dialled({ id: 'abroad', to: london, at: at(3) }),
      sent('mail-1', 'email', ADDRESS, at(4)),
    );
    await passTo(NOON + 10 * HOUR_MS);
    await run();
    for (const { id } of await gaps()) await judge(id);
    const texts = (await everything()).join('\n');
    expect(texts).toContain('coverage-judgement');
    expect(leaks(texts, clear)).toEqual([]);
  });
});

describe('the report of a day', () => {
  it('is written once its last hour is closed: per campaign, with nobody in it', async () => {
    const { platform, passTo, run, objects } = await begun();
    const hours = [1, 5, 8.9];
    platform.conversations.push(
      ...hours.map((hour) =>
        dialled({ id: `talk-${hour}`, to: newYork, at: NOON + hour * HOUR_MS, campaignId: 'spring' }),
      ),
      dialled({ id: 'next-day', to: newYork, at: NOON + 9 * HOUR_MS, campaignId: 'autumn' }),
    );
    await passTo(NOON + 9 * HOUR_MS + 29 * MINUTE_MS);
    await run();
    const reports = async () => (await objects()).filter((text) => text.startsWith('coverage/reports/'));
    expect(await reports()).toEqual([]);
    await passTo(NOON + 9 * HOUR_MS + 30 * MINUTE_MS);
    await run();
    const [csv = '', json = ''] = await reports();
    expect(csv.split(/\r?\n/)).toEqual([
      'coverage/reports/2026-11-20.csv',
      '"campaign_id","contacts","gaps","covered","no_decision","blocked","unreadable","wrong_region"',
      '"spring",3,3,0,3,0,0,0',
      '',
    ]);
    expect(JSON.parse(json.split('\n')[1] ?? '')).toMatchObject({ date: '2026-11-20', hours: 9 });
    expect(`${csv}${json}`).not.toContain(tokenOfNumber(newYork, PEPPER));
  });
});

describe('a platform that fails', () => {
  it('a job that takes its time is asked about again, by the next run too', async () => {
    const slow = [...Array.from({ length: 40 }, () => 'PENDING' as const), 'FULFILLED' as const];
    const { passTo, run, progress, analytics, clock } = await begun({ states: () => slow });
    await passTo(at(95));
    await run();
    expect(await progress()).toMatchObject({ closedUntil: NOON, job: { id: 'job-1' } });
    expect(clock.now).toBeLessThan(at(101));
    await passTo(at(110));
    await run();
    expect(await progress()).toMatchObject({ closedUntil: at(60) });
    expect(analytics.intervals).toHaveLength(1);
  });

  it.each(['FAILED', 'CANCELLED', 'EXPIRED'] as const)('a job that ends %s is asked anew', async (state) => {
    const { passTo, run, progress } = await begun({ states: (job) => [job === 0 ? state : 'FULFILLED'] });
    await passTo(at(95));
    await expect(run()).rejects.toMatchObject({ code: 'COVERAGE_JOB_LOST' });
    expect((await progress())?.job).toBeUndefined();
    await run();
    expect(await progress()).toMatchObject({ closedUntil: at(60) });
  });

  it('records that are told in part, or not at all, close nothing', async () => {
    const { passTo, run, progress, platform, fake } = await begun();
    await passTo(at(95));
    fake.fail({ method: 'POST', path: /jobs$/, kind: 'STATUS', status: 500 });
    await expect(run()).rejects.toMatchObject({ code: 'GENESYS_UNCERTAIN' });
    platform.conversations.push(
      ...[1, 2, 3].map((n) => dialled({ id: `talk-${n}`, to: newYork, at: at(n) })),
    );
    fake.fail(
      ...Array.from({ length: 5 }, () => ({ path: /results$/, kind: 'STATUS' as const, status: 503 })),
    );
    await expect(run()).rejects.toThrow();
    expect(await progress()).toMatchObject({ closedUntil: NOON });
    fake.fail({ path: /results$/, kind: 'STATUS', status: 429, retryAfterSeconds: 2 });
    await run();
    expect((await world.gaps()).map(({ conversationId }) => conversationId)).toEqual([
      'talk-1',
      'talk-2',
      'talk-3',
    ]);
    expect(world.recorded.values('CoverageAgeMs').length).toBeGreaterThan(2);
  });
});

describe('a contact without a decision', () => {
  it('is judged once, by somebody, and the log says so', async () => {
    const { platform, passTo, run, gaps, judge, entries, recorded } = await begun();
    platform.conversations.push(dialled({ id: 'talk-1', to: newYork, at: at(1) }));
    await passTo(at(95));
    await run();
    const [gap] = await gaps();
    const id = gap?.id ?? '';
    expect(await judge('talk-9.none')).toMatchObject({ status: 404, code: 'UNKNOWN_GAP' });
    expect(await judge(id, { by: 'officer-1' })).toMatchObject({ status: 400 });
    expect(await judge(id, { by: 'officer-1', reason: `call ${newYork}` })).toMatchObject({ status: 400 });
    expect(await judge(id)).toMatchObject({ status: 200, by: 'officer-1', reason: 'test-call' });
    expect(await judge(id)).toMatchObject({ status: 200 });
    expect(await judge(id, { by: 'officer-2', reason: 'test-call' })).toMatchObject({
      status: 409,
      code: 'GAP_JUDGED',
    });
    expect(await gaps()).toEqual([]);
    expect(await gaps('JUDGED')).toMatchObject([{ id, judgement: { by: 'officer-1', reason: 'test-call' } }]);
    const judgements = (await entries()).filter(({ kind }) => kind === 'coverage-judgement');
    expect(judgements).toMatchObject([
      { gapId: id, subjects: [tokenOfNumber(newYork, PEPPER)], by: 'officer-1', reason: 'test-call' },
    ]);
    await run();
    expect(recorded.values('CoverageGapCount').at(-1)).toBe(0);
  });

  it('cannot be judged while its hour is looked at, which could open it again', async () => {
    const { openGap, judge, gaps } = await begun();
    const gap = { conversationId: 'talk-1', channel: 'VOICE', outcome: 'NO_DECISION' } as const;
    await openGap({ ...gap, id: 'open', at: at(1) });
    await openGap({ ...gap, id: 'closed', at: at(-1) });
    expect(await judge('open')).toMatchObject({ status: 409, code: 'HOUR_OPEN' });
    expect(await judge('closed')).toMatchObject({ status: 200 });
    expect((await gaps()).map(({ id }) => id)).toEqual(['open']);
  });
});

it('where no platform is connected nothing is begun, and nobody is alarmed', async () => {
  const { run, progress, recorded } = await begun({ connected: false });
  await run();
  expect(await progress()).toBeUndefined();
  expect(recorded.values('CoverageLateMs')).toEqual([0, 0]);
  expect(recorded.values('CoverageAgeMs')).toEqual([]);
});
