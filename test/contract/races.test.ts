import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import type { Change } from '../../lib/domain/ports.ts';
import { createDialguard } from '../negative-control/dialguard.ts';
import { neverAllowedAfterOptOut, worldAt } from '../negative-control/laws.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { MemoryContactPoints } from '../support/memory-contact-points.ts';

const PERSON = '+12125550150';

/** A store that has lost its lock: the last writer wins. */
class UnlockedContactPoints extends MemoryContactPoints {
  override async commit(change: Change): Promise<'COMMITTED' | 'CONFLICT'> {
    const version = this.items.get(change.from.token)?.version ?? 0;
    return super.commit({ ...change, from: { ...change.from, version } });
  }
}

describe('an opt-out against a check (I1)', () => {
  it('10,000 interleavings: no ALLOW for a check that is made after the opt-out was acknowledged', async () => {
    await neverAllowedAfterOptOut((world) => createDialguard(world), { numRuns: 10_000 });
  });

  it('and the harness would see it, were the store without its lock', async () => {
    const unlocked = neverAllowedAfterOptOut((world) => createDialguard(world, new UnlockedContactPoints()), {
      numRuns: 1_000,
    });
    await expect(unlocked).rejects.toThrow('Property failed');
  });
});

describe('one request, sent several times at once', () => {
  it('is one attempt and one answer, however they follow one another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, copies) => {
        const world = worldAt();
        world.step = () => scheduler.schedule(Promise.resolve());
        const system = createDialguard(world);
        const asked = Array.from({ length: copies }, () =>
          system.ask({ phone: PERSON, requestId: 'request-1' }),
        );
        const answers = await scheduler.waitFor(Promise.all(asked));
        const [first] = answers;
        expect(answers).toEqual(answers.map(() => first));
        expect(await system.attempts(PERSON)).toMatchObject([{ decisionId: first?.decisionId }]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('two requests are two attempts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = worldAt();
        world.step = () => scheduler.schedule(Promise.resolve());
        const system = createDialguard(world);
        const asked = ['request-1', 'request-2'].map((requestId) => system.ask({ phone: PERSON, requestId }));
        const answers = await scheduler.waitFor(Promise.all(asked));
        expect(answers.map(({ decision }) => decision)).toEqual(['ALLOW', 'ALLOW']);
        expect(await system.attempts(PERSON)).toHaveLength(2);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the same over dynalite', () => {
  let db: TestDynamoDb;
  beforeAll(async () => {
    db = await startDynalite();
  });
  afterAll(() => db?.stop());

  it('60 interleavings of opt-outs and checks: no ALLOW after an acknowledged opt-out', async () => {
    let people = 0;
    const phoneOf = () => {
      people += 1;
      return `+1212555${String(100 + people).padStart(4, '0')}`;
    };
    const store = new DynamoContactPoints(db.client, TABLES.contactPoints);
    await neverAllowedAfterOptOut((world) => createDialguard(world, store), { numRuns: 60, phoneOf });
  });
});
