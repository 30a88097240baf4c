import { describe, expect, test } from 'vitest';
import { ENTRIES, expectExactly, processOf, settle, waitFor } from '../../support/append-process.ts';
import { AuditLogWorld } from '../../support/audit-log-world.ts';
import { decisionEntry, entryLine, factEntry, token, uuid } from '../../support/entries.ts';
import { NOON } from '../../support/facts.ts';

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
