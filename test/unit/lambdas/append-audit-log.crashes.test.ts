import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ENTRIES,
  expectExactly,
  Killed,
  killedAt,
  processOf,
  settle,
  waitFor,
} from '../../support/append-process.ts';
import { AuditLogWorld, type Step } from '../../support/audit-log-world.ts';
import { decisionEntry, factEntry, token, uuid } from '../../support/entries.ts';
import { NOON } from '../../support/facts.ts';

describe('whatever happens to the writers, the log is exact', () => {
  test('killed at any moment, before or after any effect', async () => {
    for (let moment = 0; ; moment += 1) {
      const world = new AuditLogWorld();
      const alerted = new Set<string>();
      const alert = async (id: string) => void alerted.add(id);
      waitFor(world, ENTRIES);
      const outcome = await processOf(world, { step: killedAt(moment), alert })
        .run()
        .catch((error: unknown) => error);
      const late = factEntry({ n: 50, at: NOON - 1 });
      waitFor(world, [late]);
      await settle(world, alert);
      expectExactly(world, [...ENTRIES, late]);
      expect([...alerted]).toEqual([uuid(2)]);
      if (!(outcome instanceof Killed)) return expect(moment).toBeGreaterThan(25);
    }
  });

  test('overtaken at any moment by another writer, and then going on', async () => {
    for (let moment = 0; ; moment += 1) {
      const world = new AuditLogWorld();
      waitFor(world, ENTRIES);
      const late = factEntry({ n: 50, at: NOON - 1 });
      let moments = 0;
      const step: Step = async () => {
        if (moments++ !== moment) return;
        waitFor(world, [late]);
        await processOf(world, { now: () => NOON + 7_200_000 }).run();
      };
      await processOf(world, { step }).run();
      if (moments <= moment) return expect(moment).toBeGreaterThan(25);
      await settle(world);
      expectExactly(world, [...ENTRIES, late]);
    }
  });

  test('any interleaving of writers, deaths, a lagging index and new entries', async () => {
    const writer = fc.record({
      diesAt: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.nat(60)),
      blindTo: fc.nat(6),
      batchEntries: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(writer, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 10 }),
        async (scheduler, writers, count) => {
          const world = new AuditLogWorld();
          const entries = Array.from({ length: count }, (_, n) =>
            decisionEntry({ n, subjects: [token(n % 5)] }),
          );
          const arrivals = entries.map(async (entry) => {
            await scheduler.schedule(Promise.resolve(), 'commit');
            waitFor(world, [entry]);
          });
          const runs = writers.map(async ({ diesAt, blindTo, batchEntries }, position) => {
            // Each in another hour, so that no two keys are alike by chance.
            const now = () => NOON + position * 3_600_000;
            const dies = killedAt(diesAt);
            const step: Step = async (moment) => {
              await scheduler.schedule(Promise.resolve(), moment);
              await dies(moment);
            };
            const seesHome = (home: string) => home !== token(blindTo);
            await processOf(world, { step, seesHome, batchEntries, now })
              .run()
              .catch((error: unknown) => {
                if (!(error instanceof Killed)) throw error;
              });
          });
          await scheduler.waitFor(Promise.all([...arrivals, ...runs]));
          await settle(world);
          expectExactly(world, entries);
        },
      ),
      { numRuns: 400 },
    );
  });
});
