import { describe, expect, test } from 'vitest';
import {
  type AppendAuditLogDeps,
  createAppendAuditLog,
} from '../../../lambdas/append-audit-log/append-audit-log.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { expectExactly, processOf, settle, waitFor } from '../../support/append-process.ts';
import { AuditLogWorld, portsOf } from '../../support/audit-log-world.ts';
import { entryLine, factEntry } from '../../support/entries.ts';
import { NOON } from '../../support/facts.ts';
import { testSigner } from '../../support/log-key.ts';
import { expectTree } from '../../support/reference-tree.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function entriesFrom(first: number, count: number, at = NOON) {
  return Array.from({ length: count }, (_, n) => factEntry({ n: first + n, at }));
}

/** A log of objects with so many entries each, of a version that knew no tree: its head counts them, and that is all. */
function oldLog(...counts: readonly number[]): AuditLogWorld {
  const world = new AuditLogWorld();
  let first = 0;
  for (const count of counts) {
    const lines = entriesFrom(first, count).map((entry, at) => `${entryLine(first + at, entry)}\n`);
    const name = String(first).padStart(12, '0');
    world.objects.set(`entries/dt=2026-11-20/hh=15/${name}.ndjson.gz`, lines.join(''));
    first += count;
  }
  world.head = { size: first, fence: 3 };
  return world;
}

function runWith(world: AuditLogWorld, given: Partial<AppendAuditLogDeps>) {
  return createAppendAuditLog({
    ...portsOf(world, async () => {}),
    policy: DEFAULT_POLICY,
    alerts: { attemptBlocked: async () => {} },
    batchLimit: { entries: 5000, size: 1e6 },
    now: () => NOON,
    newId: () => 'a-run',
    telemetry: { log: () => {}, metric: () => {} },
    ...given,
  })();
}

function checkpoints(world: AuditLogWorld): readonly string[] {
  return [...world.tree.keys()].filter((key) => key.startsWith('checkpoints/'));
}

describe('the tree of the log', () => {
  test('begins empty, signed, with the key beside it', async () => {
    const world = new AuditLogWorld();
    await processOf(world).run();
    expect([...world.tree.keys()]).toEqual(['vkey', 'checkpoints/0']);
    expect(world.tree.get('vkey')).toMatch(/^log\.example\.com\/test\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$/);
    expectTree({ lines: [], objects: world.tree, pointers: world.pointers });
  });

  test('grows by what each run appends, tile after tile', async () => {
    const world = new AuditLogWorld();
    for (const [run, count] of [1, 254, 1, 300, 256].entries()) {
      waitFor(world, entriesFrom(run * 1000, count));
      await processOf(world).run();
    }
    expect(checkpoints(world)).toEqual([1, 255, 256, 556, 812].map((size) => `checkpoints/${size}`));
    expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
  });

  test('catches up with a log that has none, and goes on', async () => {
    const world = oldLog(200, 100, 1);
    const { run } = processOf(world);
    expect(await run()).toEqual({ appended: 0 });
    expect(checkpoints(world)).toEqual(['checkpoints/301']);
    waitFor(world, entriesFrom(900, 5));
    await run();
    expect(checkpoints(world)).toEqual(['checkpoints/301', 'checkpoints/306']);
    expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
  });

  test('catches up object by object, as far as each run has time, and only then is the log up to date', async () => {
    const world = oldLog(200, 100, 1);
    for (const size of [200, 300, 301]) {
      let now = NOON;
      const { run } = processOf(world, { now: () => (now += 50_000) });
      await run();
      expect(Number(world.pointers.at(-1)?.split('\n')[1])).toBe(size);
      expect(world.head.loggedUntil === undefined).toBe(size < 301);
    }
    expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
  });

  test('lags, and the entries do not, while the key cannot sign; then it catches up', async () => {
    const world = new AuditLogWorld();
    await processOf(world).run();
    const known = world.head.loggedUntil;
    const mute = { ...testSigner(), sign: () => Promise.reject(new Error('no key')) };
    const entries = [entriesFrom(0, 3), entriesFrom(10, 2)];
    for (const some of entries) {
      waitFor(world, some);
      await expect(runWith(world, { signer: mute, now: () => NOON + MINUTE_MS })).rejects.toThrow('no key');
    }
    expect(world.head).toMatchObject({ size: 5, loggedUntil: known });
    expect(world.waiting()).toBe(0);
    await settle(world);
    expectExactly(world, entries.flat());
  });

  test('is not signed by a signature that does not verify', async () => {
    const world = new AuditLogWorld();
    const wrong = { ...testSigner(), sign: testSigner('another key').sign };
    await expect(runWith(world, { signer: wrong })).rejects.toMatchObject({ code: 'LOG_OBJECT_BROKEN' });
    expect([...world.tree.keys()]).toEqual(['vkey']);
    await settle(world);
    expectExactly(world, []);
  });

  test.each([
    ['another key', { signer: testSigner('another key') }],
    ['another name', { origin: 'log.example.com/other' }],
  ])('is not continued under %s', async (_, given) => {
    const world = new AuditLogWorld();
    await processOf(world).run();
    waitFor(world, entriesFrom(0, 1));
    await expect(runWith(world, given)).rejects.toMatchObject({ code: 'LOG_KEY_CHANGED' });
    expect(world.pointers).toHaveLength(1);
    expect(world.head.size).toBe(1);
  });
});

describe('an idle log', () => {
  test('signs again in each hour, once', async () => {
    const world = new AuditLogWorld();
    waitFor(world, entriesFrom(0, 2));
    for (let minute = 0; minute <= 150; minute += 1) {
      await processOf(world, { now: () => NOON + minute * MINUTE_MS }).run();
    }
    expect(checkpoints(world)).toEqual([
      'checkpoints/2',
      'checkpoints/2.idle/2026-11-20T16',
      'checkpoints/2.idle/2026-11-20T17',
    ]);
    expect(world.pointers).toHaveLength(3);
    expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
  });

  test('says how old its newest checkpoint is', async () => {
    const world = new AuditLogWorld();
    const ages: number[] = [];
    for (const minute of [0, 1, 59, 60, 61]) {
      const { run, metrics } = processOf(world, { now: () => NOON + minute * MINUTE_MS });
      await run();
      ages.push(...metrics.flatMap(([name, value]) => (name === 'AuditCheckpointAgeMs' ? [value] : [])));
    }
    expect(new Date(NOON).getUTCMinutes()).toBe(0);
    expect(ages).toEqual([0, 1, 59, 0, 1].map((minutes) => minutes * MINUTE_MS));
  });

  test('adopts a checkpoint that a stopped run has left', async () => {
    const world = new AuditLogWorld();
    await processOf(world).run();
    const at = (minute: number) => processOf(world, { now: () => NOON + HOUR_MS + minute * MINUTE_MS });
    await at(0).run();
    const left = world.pointers.pop();
    await at(1).run();
    expect(world.pointers.at(-1)).toBe(left);
    expect(checkpoints(world)).toHaveLength(2);
  });
});

describe('what does not follow from the entries stops the tree', () => {
  const tampering: readonly (readonly [string, (world: AuditLogWorld) => void])[] = [
    ['a tile of the newest checkpoint', ({ tree }) => tree.set('tile/0/000.p/3', 'x'.repeat(96))],
    ['a tile that is to come', ({ tree }) => tree.set('tile/0/000.p/5', 'x'.repeat(160))],
    ['a checkpoint that is to come', ({ tree }) => tree.set('checkpoints/5', 'nonsense')],
    [
      'the pointer',
      ({ pointers }) => pointers.push((pointers.at(-1) ?? '').replace('time 2026', 'time 2025')),
    ],
  ];

  test.each(tampering)('%s', async (_, tamper) => {
    const world = new AuditLogWorld();
    waitFor(world, entriesFrom(0, 3));
    await processOf(world).run();
    tamper(world);
    waitFor(world, entriesFrom(10, 2));
    await expect(processOf(world).run()).rejects.toMatchObject({ code: 'LOG_OBJECT_BROKEN' });
    expect(world.head).toMatchObject({ size: 5, loggedUntil: NOON });
  });

  test('an entries object that is missing', async () => {
    const world = oldLog(2, 3);
    world.objects.delete('entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz');
    await expect(processOf(world).run()).rejects.toMatchObject({ code: 'LOG_OBJECT_BROKEN' });
    expect(world.pointers).toEqual([]);
  });

  test('a signed checkpoint of another tree', async () => {
    const [world, other] = [new AuditLogWorld(), new AuditLogWorld()];
    waitFor(other, entriesFrom(50, 2));
    await processOf(other).run();
    world.tree.set('checkpoints/2', other.tree.get('checkpoints/2') ?? '');
    waitFor(world, entriesFrom(0, 2));
    await expect(processOf(world).run()).rejects.toMatchObject({ code: 'LOG_OBJECT_BROKEN' });
  });

  test('a head that counts less than is signed: nothing is appended', async () => {
    const world = new AuditLogWorld();
    waitFor(world, entriesFrom(0, 3));
    await processOf(world).run();
    world.head = { size: 0, fence: 9 };
    waitFor(world, entriesFrom(10, 2));
    await expect(processOf(world).run()).rejects.toMatchObject({ code: 'LOG_HEAD_BEHIND' });
    expect(world.objects.size).toBe(1);
  });
});

describe('until when all is in the log', () => {
  test('is when the last run began that left nothing, and never goes back', async () => {
    const world = new AuditLogWorld();
    await processOf(world, { now: () => NOON }).run();
    expect(world.head.loggedUntil).toBe(NOON);
    waitFor(world, entriesFrom(0, 1));
    await processOf(world, { now: () => NOON + MINUTE_MS }).run();
    expect(world.head.loggedUntil).toBe(NOON + MINUTE_MS);
    await processOf(world, { now: () => NOON }).run();
    expect(world.head.loggedUntil).toBe(NOON + MINUTE_MS);
  });

  test('is when the oldest of the last entries was made where a run had no time for all', async () => {
    const world = new AuditLogWorld();
    waitFor(world, [...entriesFrom(0, 2, NOON - 3000), ...entriesFrom(2, 3, NOON - 1000)]);
    let now = NOON;
    await processOf(world, { batchEntries: 2, now: () => (now += 41_000) }).run();
    expect(world.waiting()).toBe(3);
    expect(world.head.loggedUntil).toBe(NOON - 3000);
  });

  test('is what the lag is told by, also while nothing waits', async () => {
    const world = new AuditLogWorld();
    await processOf(world).run();
    const { run, metrics } = processOf(world, { now: () => NOON + 5 * MINUTE_MS });
    await run();
    expect(metrics).toContainEqual(['AuditLagMs', 5 * MINUTE_MS]);
  });
});
