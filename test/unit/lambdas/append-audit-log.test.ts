import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAppendAuditLog } from '../../../lambdas/append-audit-log/append-audit-log.ts';
import type { Metric } from '../../../lib/adapters/cloudwatch/telemetry.ts';
import { type Entry, entryLine, homesOf } from '../../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { AuditLogWorld, portsOf, type Step } from '../../support/audit-log-world.ts';
import { decisionEntry, factEntry, token, uuid } from '../../support/entries.ts';
import { NOON } from '../../support/facts.ts';
import { expectTree } from '../../support/reference-tree.ts';

class Killed extends Error {}

const SURVIVES: Step = async () => {};

type Process = {
  readonly step?: Step;
  readonly seesHome?: (home: string) => boolean;
  readonly batchEntries?: number;
  readonly now?: () => number;
  readonly alert?: (decisionId: string) => Promise<void>;
};

function processOf(world: AuditLogWorld, options: Process = {}) {
  const {
    step = SURVIVES,
    seesHome,
    batchEntries = 5000,
    now = () => NOON,
    alert = async () => {},
  } = options;
  const metrics: [Metric, number][] = [];
  const logs: string[] = [];
  const run = createAppendAuditLog({
    ...portsOf(world, step, seesHome),
    policy: DEFAULT_POLICY,
    alerts: { attemptBlocked: ({ decisionId }) => alert(decisionId) },
    batchLimit: { entries: batchEntries, size: 1_000_000 },
    now,
    newId: () => 'a-run',
    telemetry: { log: (code) => logs.push(code), metric: (name, value) => metrics.push([name, value]) },
  });
  return { run, metrics, logs };
}

/** Ends the process at its `nth` moment; there are two for each effect, one before it and one after. */
function killedAt(nth: number): Step {
  let moments = 0;
  return async () => {
    if (moments >= nth) throw new Killed();
    moments += 1;
  };
}

function waitFor(world: AuditLogWorld, entries: readonly Entry[]): void {
  for (const entry of entries) world.wait(homesOf(entry)[0] ?? '', entry);
}

/** The log holds exactly `entries`, numbered from 0 without a gap, in whole objects that the head has counted. */
function expectExactly(world: AuditLogWorld, entries: readonly Entry[]): void {
  const logged = world.lines().map((line) => JSON.parse(line));
  expect(logged.map(({ index }) => index)).toEqual(entries.map((_, index) => index));
  expect(logged.map(({ id }) => id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
  expect(world.head.size).toBe(entries.length);
  expect(world.head.batch).toBeUndefined();
  expect(world.waiting()).toBe(0);
  expect([...world.unkept]).toEqual([]);
  expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
}

async function settle(world: AuditLogWorld, alert = async (_: string) => {}): Promise<void> {
  do await processOf(world, { alert, now: () => NOON + 90 * 86_400_000 }).run();
  while (world.waiting() > 0);
}

const ENTRIES: readonly Entry[] = [
  factEntry({ n: 1 }),
  decisionEntry({ n: 2, legalAlert: 'FAILED' }),
  factEntry({ n: 3, subjects: [] }),
  decisionEntry({ n: 4, subjects: [token(1)], at: NOON + 1 }),
];

describe('append-audit-log', () => {
  test('numbers what waits by time, then by id, and clears it', async () => {
    const world = new AuditLogWorld();
    const [first = factEntry({ n: 0 }), ...others] = [1, 2, 3].map((n) =>
      factEntry({ n, at: NOON + (n % 2) }),
    );
    waitFor(world, [first, ...others]);
    expect(await processOf(world).run()).toEqual({ appended: 3 });
    const ordered = [others[0], first, others[1]].map((entry) => entry ?? first);
    expect(world.lines()).toEqual(ordered.map((entry, index) => entryLine(index, entry)));
    expectExactly(world, ordered);
    expect([...world.objects.keys()]).toEqual(['entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz']);
  });

  test('goes on where the log ends, and writes nothing where nothing waits', async () => {
    const world = new AuditLogWorld();
    waitFor(world, ENTRIES.slice(0, 3));
    await processOf(world).run();
    const idle = processOf(world);
    expect(await idle.run()).toEqual({ appended: 0 });
    const names = ['AuditLagMs', 'AuditUnreadableCount', 'AuditEntriesCount', 'AuditCheckpointAgeMs'];
    expect(idle.metrics).toEqual([...names, 'ReviewOverdueCount'].map((name) => [name, 0]));
    waitFor(world, ENTRIES.slice(3));
    await processOf(world).run();
    expect(world.objects.size).toBe(2);
    expectExactly(world, ENTRIES);
  });

  test('logs an entry as it was written, with members that this version does not know', async () => {
    const world = new AuditLogWorld();
    const entry = { ...factEntry({ n: 1 }), later: { version: 2 } };
    waitFor(world, [entry]);
    await processOf(world).run();
    expect(world.lines().map((line) => JSON.parse(line))).toEqual([{ index: 0, ...entry }]);
  });

  test('splits what is too much for one object, and empties the queue in one run', async () => {
    const world = new AuditLogWorld();
    const many = Array.from({ length: 7 }, (_, n) => factEntry({ n }));
    waitFor(world, many);
    expect(await processOf(world, { batchEntries: 3 }).run()).toEqual({ appended: 7 });
    expect([...world.objects.values()].map((text) => text.split('\n').length - 1)).toEqual([3, 3, 1]);
    expectExactly(world, many);
  });

  test('begins no batch when the run is old, and leaves the rest to the next one', async () => {
    const world = new AuditLogWorld();
    const many = Array.from({ length: 5 }, (_, n) => factEntry({ n }));
    waitFor(world, many);
    let now = NOON;
    const slow = processOf(world, { batchEntries: 2, now: () => (now += 15_000) });
    expect(await slow.run()).toEqual({ appended: 4 });
    await settle(world);
    expectExactly(world, many);
  });

  test('reports how long the oldest entry has waited', async () => {
    const world = new AuditLogWorld();
    waitFor(world, [factEntry({ n: 1, at: NOON - 40_000 }), factEntry({ n: 2, at: NOON - 90_000 })]);
    const { run, metrics } = processOf(world);
    await run();
    expect(metrics).toContainEqual(['AuditLagMs', 90_000]);
    expect(metrics).toContainEqual(['AuditEntriesCount', 2]);
  });

  test.each([
    ['no JSON', '{'],
    ['no entry', '{"id":"x"}'],
    ['an entry under the name of another', JSON.stringify(factEntry({ n: 5, subjects: [token(1)] }))],
    ['an entry of another contact point', JSON.stringify({ ...factEntry({ n: 5 }), id: uuid(9) })],
    [
      'an entry that brings an index',
      JSON.stringify({ index: 0, ...factEntry({ n: 9, subjects: [token(1)] }) }),
    ],
  ])('leaves %s where it waits, says so, and goes on', async (_, stored) => {
    const world = new AuditLogWorld();
    waitFor(world, ENTRIES);
    world.items.get(token(1))?.set(uuid(9), stored);
    const { run, metrics, logs } = processOf(world);
    expect(await run()).toEqual({ appended: 4 });
    expect(metrics).toContainEqual(['AuditUnreadableCount', 1]);
    expect(logs).toContain('PENDING_ENTRY_UNREADABLE');
    expect(world.items.get(token(1))?.get(uuid(9))).toBe(stored);
    expect(world.lines()).toHaveLength(4);
  });

  test.each([
    ['no line', ''],
    ['half a line', '{"index":0'],
    ['foreign lines', 'hello\n'],
    ['another index', `${entryLine(1, factEntry({ n: 8 }))}\n`],
    ['a gap', `${entryLine(0, factEntry({ n: 8 }))}\n${entryLine(2, factEntry({ n: 9 }))}\n`],
  ])('stops, and loses nothing, where its key is taken by %s', async (_, text) => {
    const world = new AuditLogWorld();
    waitFor(world, ENTRIES);
    world.objects.set('entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz', text);
    await expect(processOf(world).run()).rejects.toMatchObject({ code: 'LOG_OBJECT_BROKEN' });
    expect(world.head.size).toBe(0);
    expect(world.waiting()).toBe(4);
  });
});

describe('alerts that did not reach Legal', () => {
  test('are sent after the decision is logged, once', async () => {
    const world = new AuditLogWorld();
    waitFor(world, [...ENTRIES, decisionEntry({ n: 8, legalAlert: 'SENT' })]);
    const sent: string[] = [];
    const process = processOf(world, { alert: async (id) => void sent.push(id) });
    await process.run();
    await process.run();
    expect(sent).toEqual([uuid(2)]);
    expect(process.metrics.map(([name]) => name)).not.toContain('LegalAlertUndeliveredCount');
  });

  test('are kept and counted until they can be sent', async () => {
    const world = new AuditLogWorld();
    waitFor(world, ENTRIES);
    const failing = processOf(world, { alert: () => Promise.reject(new Error('no topic')) });
    await failing.run();
    expect(failing.metrics).toContainEqual(['LegalAlertUndeliveredCount', 1]);
    const sent: string[] = [];
    await processOf(world, { alert: async (id) => void sent.push(id) }).run();
    expect(sent).toEqual([uuid(2)]);
    expect(world.outbox.size).toBe(0);
  });

  test('are sent even where the log cannot be written', async () => {
    const world = new AuditLogWorld();
    waitFor(world, ENTRIES);
    world.outbox.set('kept', { decisionId: 'kept', at: new Date(NOON).toISOString() });
    world.objects.set('entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz', 'taken');
    const sent: string[] = [];
    await expect(processOf(world, { alert: async (id) => void sent.push(id) }).run()).rejects.toThrow();
    expect(sent).toEqual(['kept']);
  });
});

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
