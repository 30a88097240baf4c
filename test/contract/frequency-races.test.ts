import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCheckConsent } from '../../lambdas/check-consent/check-consent.ts';
import { type Policy, policyOf } from '../../lib/domain/policy/policy.ts';
import type { Change } from '../../lib/domain/ports.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { CALL, CheckConsentWorld, FlatAnswer } from '../support/check-consent.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { uuid } from '../support/entries.ts';
import { DAY_MS, NOON } from '../support/facts.ts';
import { MemoryContactPoints } from '../support/memory-contact-points.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { SteppedContactPoints } from '../support/stepped-contact-points.ts';

const THREE_A_DAY = policyOf({
  version: '1',
  rules: [
    {
      id: 'three-a-day',
      kind: 'frequencyCap',
      limit: 3,
      window: { hours: 24 },
      per: 'SELLER',
      jurisdiction: { except: [] },
      channels: ['VOICE'],
      purposes: ['MARKETING'],
      citation: 'the statute',
      mark: 'P',
      effectiveFrom: '1970-01-01',
      contested: false,
    },
  ],
});
const CAMPAIGNS = ['spring', 'summer', 'autumn'];

/** A store that has lost its lock: the last writer wins. */
class UnlockedContactPoints extends MemoryContactPoints {
  override async commit(change: Change): Promise<'COMMITTED' | 'CONFLICT'> {
    const version = this.items.get(change.from.token)?.version ?? 0;
    return super.commit({ ...change, from: { ...change.from, version } });
  }
}

/** Campaigns that ask for the same number at once, after two calls this day, however their calls to the store follow. */
function oneAllow(inner: () => MemoryContactPoints, numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), async (scheduler, campaigns) => {
      const store = inner();
      const before = [NOON - DAY_MS + 1, NOON - 1].map((at) => earlier(at));
      const token = tokenOfNumber(CALL.phoneNumber, PEPPER);
      const [from] = await store.read([token]);
      if (from === undefined) throw new Error('expected a contact point');
      await store.commit({ from, state: { ...EMPTY_STATE, attempts: before }, now: NOON });
      const check = checkOver(
        new SteppedContactPoints(store, () => scheduler.schedule(Promise.resolve())),
        THREE_A_DAY,
      );
      const asked = CAMPAIGNS.slice(0, campaigns).map((campaignId) => check({ ...CALL, campaignId }));
      const answers = (await scheduler.waitFor(Promise.all(asked))).map((one) => FlatAnswer.parse(one));
      const allowed = answers.filter(({ decision }) => decision === 'ALLOW');
      const blocked = answers.filter(({ decision }) => decision === 'BLOCK');
      expect(allowed).toHaveLength(1);
      for (const answer of blocked) {
        expect(answer).toMatchObject({
          reason: 'FREQUENCY_CAP',
          nextAllowedAt: new Date(NOON + 1).toISOString(),
        });
      }
      expect(store.items.get(token)?.state.attempts).toHaveLength(3);
    }),
    { numRuns },
  );
}

function earlier(at: number) {
  const attempt = { at, decisionId: uuid(1, at), seller: 'acme' };
  return { ...attempt, channel: 'VOICE', purpose: 'MARKETING' } as const;
}

function checkOver(store: SteppedContactPoints, policy: Policy) {
  let ids = 0;
  return createCheckConsent({
    facts: {
      readForDecision: async (tokens) => ({ contactPoints: await store.read(tokens), registries: [] }),
    },
    contactPoints: store,
    progress: { isLoggedUntil: async () => true },
    alerts: { attemptBlocked: async () => undefined },
    pepper: async () => PEPPER,
    policy,
    residency: 'US',
    budgetMs: 20_000,
    now: () => NOON,
    newId: () => {
      ids += 1;
      return uuid(ids, NOON);
    },
    telemetry: recordedTelemetry(() => NOON).telemetry,
  });
}

describe('campaigns that race for the third call of the day', () => {
  it('1,000 interleavings: exactly one is allowed', async () => {
    await oneAllow(() => new MemoryContactPoints(), 1_000);
  });

  it('and the harness would see it, were the store without its lock', async () => {
    await expect(oneAllow(() => new UnlockedContactPoints(), 200)).rejects.toThrow('Property failed');
  });
});

describe.each([
  { emulator: 'dynalite', start: startDynalite },
  { emulator: 'DynamoDB Local', start: startDynamoDbLocal },
])('the same over $emulator', ({ start }) => {
  let db: TestDynamoDb;
  beforeAll(async () => {
    db = await start();
  });
  afterAll(() => db?.stop());

  it('six campaigns at once, three calls a day: three are allowed, and one more when the first has left the window', async () => {
    const world = new CheckConsentWorld(db);
    const check = (campaignId: string) => world.check({ campaignId }, { policy: THREE_A_DAY });
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(check));
    expect(answers.map(({ decision }) => decision).toSorted()).toEqual([
      ...['ALLOW', 'ALLOW', 'ALLOW'],
      ...['BLOCK', 'BLOCK', 'BLOCK'],
    ]);
    expect(await world.attempts(CALL.phoneNumber)).toBe(3);
    world.now = NOON + DAY_MS - 1;
    expect(await check('g')).toMatchObject({ decision: 'BLOCK', reason: 'FREQUENCY_CAP' });
    world.now = NOON + DAY_MS;
    expect(await check('h')).toMatchObject({ decision: 'ALLOW' });
    expect(await world.attempts(CALL.phoneNumber)).toBe(1);
  });
});
