import { afterEach, describe, expect, it } from 'vitest';
import type { Listing } from '../../lib/domain/dialler/dialler.ts';
import { leaks } from '../support/canary.ts';
import type { Fault } from '../support/fake-platform.ts';
import { START } from '../support/genesys-cloud/dialler.ts';
import { caught, collected, listing, numberAt } from '../support/listings.ts';
import { type DiallerWorld, KINDS, startDiallerWorld } from './dialler-worlds.ts';

const HOUR_MS = 3_600_000;
const [A, B, C] = [numberAt(0), numberAt(1), numberAt(2)];
const ADDRESS = 'casey.fixture@example.com';
const until = START + HOUR_MS;

describe.each(KINDS)('the lists of a dialler of the kind %s', (kind) => {
  let world: DiallerWorld;
  const start = async (options = {}) => {
    world = await startDiallerWorld(kind, options);
  };
  afterEach(async () => {
    await world.close();
    expect(world.server?.violations ?? []).toEqual([]);
  });
  const apply = (...listings: readonly Listing[]) => world.lists.apply(world.list, listings);
  const told = async () => Object.fromEntries(await world.told());

  it('say who is on them, and until when', async () => {
    await start();
    expect(await apply(listing(A), listing(B, { until }), listing(C, { listed: false }))).toEqual([]);
    expect(await told()).toEqual({ [A]: undefined, [B]: until });
    world.pass(HOUR_MS);
    expect(await told()).toEqual({ [A]: undefined });
  });

  it('are told twice what they are told once', async () => {
    await start();
    const all = [listing(A), listing(B, { until }), listing(C)] as const;
    await apply(...all);
    await apply(listing(C, { listed: false }));
    for (let time = 0; time < 2; time += 1) {
      expect(await apply(...all)).toEqual([]);
      expect(await told()).toEqual({ [A]: undefined, [B]: until, [C]: undefined });
    }
  });

  it.each([
    ['off, then on again', [{}, { listed: false }, {}], undefined],
    ['for ever after an end', [{ until }, {}], undefined],
    ['an end after for ever', [{}, { until }], until],
    ['a later end', [{ until }, { until: until + HOUR_MS }], until + HOUR_MS],
    ['an earlier end', [{ until: until + HOUR_MS }, { until }], until],
    ['on again after the end', [{ until }, { listed: false }, { until }], until],
  ])('say what was said last: %s', async (_what, said, end) => {
    await start();
    for (const one of said) await apply(listing(A, one));
    expect(await told()).toEqual({ [A]: end });
  });

  it('are told of many at once', async () => {
    await start();
    const all = Array.from({ length: 450 }, (_, index) => listing(numberAt(index)));
    await apply(...all);
    expect((await world.told()).size).toBe(450);
    await apply(...all.map(({ contactPoint, token }) => ({ contactPoint, token, listed: false })));
    expect(await told()).toEqual({});
  });

  it('pass over contact points that they have no room for', async () => {
    await start();
    expect(
      await world.lists.apply({ ...world.list, channels: ['VOICE'] }, [listing(A), listing(ADDRESS)]),
    ).toEqual([]);
    expect(await told()).toEqual({ [A]: undefined });
  });

  it('tell everybody that is on them, where they can be asked', async () => {
    await start();
    const { exported } = world.lists;
    if (exported === undefined) expect(['webhook', 'file']).toContain(kind);
    const all = Array.from({ length: 250 }, (_, index) => numberAt(index));
    await apply(
      ...all.map((number) => listing(number)),
      listing(C, { listed: false }),
      listing(B, { until }),
    );
    world.pass(HOUR_MS);
    const found = await collected(world.lists.exported?.(world.list));
    const left = all.filter((number) => number !== B && number !== C);
    expect(found.toSorted()).toEqual(exported === undefined ? [] : left.toSorted());
  });

  describe('are right in the end, whatever became of a call', () => {
    const faults: readonly (readonly [string, Fault])[] = [
      ['its answer was lost', { kind: 'NO_ANSWER', acted: true }],
      ['it never came', { kind: 'NO_ANSWER' }],
      ['503, though it was carried out', { kind: 'STATUS', status: 503, acted: true }],
      ['429', { kind: 'STATUS', status: 429 }],
    ];
    const cases = faults.flatMap(([what, fault]) =>
      (kind === 'file' ? [1] : [1, 2, 3, 4]).map((call) => ({ what, fault, call })),
    );

    it.each(cases)('call $call: $what', async ({ fault, call }) => {
      await start();
      await apply(listing(A), listing(B));
      for (let before = 1; before < call; before += 1) world.fail({ kind: 'LATE', acted: true });
      for (let time = 0; time < 3; time += 1) world.fail(fault);
      const all = [listing(A, { listed: false }), listing(B, { until }), listing(C)];
      let tries = 0;
      while ((await caught(apply(...all))) !== 'none') {
        tries += 1;
        if (tries > 12) throw new Error('expected it to be told in the end');
      }
      expect(await told()).toEqual({ [B]: until, [C]: undefined });
    });

    it('a restart', async () => {
      await start();
      await apply(listing(A));
      await world.server?.stop();
      const down = await caught(apply(listing(B)));
      if (world.server !== undefined) expect(down).toHaveProperty('code');
      await world.server?.start();
      await apply(listing(B));
      expect(await told()).toEqual({ [A]: undefined, [B]: undefined });
    });
  });

  it('name nobody in an address or an error', async () => {
    await start();
    await apply(listing(A), listing(ADDRESS));
    await collected(world.lists.exported?.(world.list));
    for (const status of world.server === undefined ? [0] : [400, 401, 403, 404, 410, 418, 500, 503]) {
      for (let time = 0; time < 12; time += 1) world.fail({ kind: 'STATUS', status });
      const error = await caught(apply(listing(A), listing(B), listing(ADDRESS)));
      const cause = error instanceof Error ? error.cause : undefined;
      expect(leaks(`${error}${JSON.stringify(error)}${cause}`, [A, B, ADDRESS])).toEqual([]);
    }
    expect(leaks(await world.addresses(), [A, B, ADDRESS])).toEqual([]);
  });
});

describe.each(['genesys-cloud', 'nice-cxone'] as const)('a limit of calls per second of %s', (kind) => {
  it('delays and loses nothing', async () => {
    const world = await startDiallerWorld(kind, { ids: ['1001'], callsPerSecond: 4 });
    for (let index = 0; index < 4; index += 1)
      await world.lists.apply(world.list, [listing(numberAt(index))]);
    expect((await world.told()).size).toBe(4);
    await world.close();
  });
});
