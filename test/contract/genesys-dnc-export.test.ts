import { afterEach, describe, expect, it } from 'vitest';
import type { Listing } from '../../lib/domain/dialler/dialler.ts';
import { type GenesysDiallerOptions, START, startGenesysDialler } from '../support/genesys-cloud/dialler.ts';
import { caught, collected, listing, numberAt } from '../support/listings.ts';

const DAY_MS = 86_400_000;
const N = numberAt(0);
const ADDRESS = 'casey.fixture@example.com';

let world: Awaited<ReturnType<typeof startGenesysDialler>>;
const start = async (options: GenesysDiallerOptions = {}) => {
  world = await startGenesysDialler(options);
};
afterEach(async () => {
  await world.fake.close();
  expect(world.fake.violations).toEqual([]);
});
const apply = (listings: readonly Listing[]) => world.lists.apply(world.list, listings);

describe('an export of Genesys Cloud', () => {
  it.each([400, 404] as const)('holds every entry of every shard; not ready: %i', async (notReady) => {
    const ids = ['list-a', 'list-b'];
    await start({ ids, notReady });
    const numbers = Array.from({ length: 30 }, (_, index) => numberAt(index));
    await apply([...numbers.map((number) => listing(number)), listing(ADDRESS)]);
    const found = await collected(world.lists.exported(world.list));
    expect(found.toSorted()).toEqual([...numbers, ADDRESS].toSorted());
  });

  it('is a new one, without what has expired', async () => {
    await start();
    await apply([listing(N, { until: START + DAY_MS })]);
    expect(await collected(world.lists.exported(world.list))).toEqual([N]);
    await apply([listing(numberAt(1))]);
    expect(await collected(world.lists.exported(world.list))).toEqual([N, numberAt(1)]);
    world.pass(DAY_MS);
    expect(await collected(world.lists.exported(world.list))).toEqual([numberAt(1)]);
  });

  it.each([
    ['never comes', { exportPolls: 1000 }, undefined],
    ['cannot be read', {}, { kind: 'STATUS', status: 500, path: /files/ }],
    ['breaks off', {}, { kind: 'NO_ANSWER', path: /files/ }],
  ] as const)('that %s is no export', async (_what, options, fault) => {
    await start(options);
    await apply([listing(N)]);
    if (fault !== undefined) world.fake.fail(fault);
    const error = await caught(collected(world.lists.exported(world.list)));
    expect(error).toMatchObject({ code: 'GENESYS_EXPORT_INCOMPLETE' });
  });
});
