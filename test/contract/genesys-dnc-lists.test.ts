import { afterEach, describe, expect, it } from 'vitest';
import type { DiallerList, Listing } from '../../lib/domain/dialler/dialler.ts';
import { shardOf } from '../../lib/domain/dialler/shard.ts';
import { leaks } from '../support/canary.ts';
import { type GenesysDiallerOptions, START, startGenesysDialler } from '../support/genesys-cloud/dialler.ts';
import { caught, listing, numberAt } from '../support/listings.ts';

const DAY_MS = 86_400_000;
const N = numberAt(0);
const ADDRESS = 'casey.fixture@example.com';
const PATCHES = /phonenumbers|emailaddresses/;

let world: Awaited<ReturnType<typeof startGenesysDialler>>;
const start = async (options: GenesysDiallerOptions = {}) => {
  world = await startGenesysDialler(options);
  return world;
};
afterEach(async () => {
  await world.fake.close();
  expect(world.fake.violations).toEqual([]);
  expect(world.fake.calls.map(({ method }) => method)).not.toContain('DELETE');
});

const apply = (listings: readonly Listing[], list: DiallerList = world.list) =>
  world.lists.apply(list, listings);
const on = (id = 'list-a') => [...world.platform.entries(id)];
const told = () => world.fake.calls.filter(({ path }) => PATCHES.test(path)).map(({ body }) => body);

describe('what a list of Genesys Cloud is told', () => {
  it('numbers and addresses, each by calls of their own, for ever', async () => {
    await start();
    expect(await apply([listing(N), listing(ADDRESS)])).toEqual([]);
    expect(on()).toEqual([
      [N, undefined],
      [ADDRESS, undefined],
    ]);
    expect(told()).toContainEqual({ action: 'Add', phoneNumbers: [N] });
    expect(told()).toContainEqual({ action: 'Add', emailAddresses: [ADDRESS] });
  });

  it('nothing of an address where its campaigns only call, and of a number where they only write', async () => {
    await start();
    await apply([listing(N), listing(ADDRESS)], { ...world.list, channels: ['VOICE'] });
    expect(on()).toEqual([[N, undefined]]);
    await apply([listing(numberAt(1)), listing(ADDRESS)], { ...world.list, channels: ['EMAIL'] });
    expect(on()).toEqual([
      [N, undefined],
      [ADDRESS, undefined],
    ]);
  });

  it.each([
    ['on the minute', Date.parse('2026-12-01T08:30:00Z'), '2026-12-01T08:30Z'],
    ['within a minute: rounded up', Date.parse('2026-12-01T08:30:00.001Z'), '2026-12-01T08:31Z'],
    ['as far off as can be said', START + 179 * DAY_MS, '2027-05-20T12:00Z'],
    ['further off than can be said: for ever', START + 179 * DAY_MS + 60_000, undefined],
  ])('an end %s', async (_what, until, written) => {
    await start();
    await apply([listing(N, { until })]);
    expect(on()).toEqual([[N, written]]);
  });

  it('ends in calls of their own, and leaves out what has ended', async () => {
    await start();
    const until = START + DAY_MS;
    const ends = [{ until }, { until }, { until: until + 60_000 }, {}, { until: START }];
    await apply(ends.map((end, index) => listing(numberAt(index), end)));
    const added = world.fake.calls.filter(({ sent }) => sent.includes('"Add"'));
    expect(added).toHaveLength(3);
    expect(world.platform.entries('list-a').size).toBe(4);
  });

  describe.each(['REPLACES', 'KEEPS'] as const)('where adding what is there %s its expiry', (added) => {
    it.each([
      ['for ever, after an end', START + DAY_MS, undefined],
      ['an end, after for ever', undefined, START + DAY_MS],
      ['a later end', START + DAY_MS, START + 2 * DAY_MS],
      ['an earlier end', START + 2 * DAY_MS, START + DAY_MS],
    ])('it says %s', async (_what, first, second) => {
      await start({ added });
      const withEnd = (until: number | undefined) => listing(N, until === undefined ? {} : { until });
      await apply([withEnd(first)]);
      await apply([withEnd(second)]);
      const written = second === undefined ? undefined : `${new Date(second).toISOString().slice(0, 16)}Z`;
      expect(on()).toEqual([[N, written]]);
    });
  });

  it('a thousand in one call at most', async () => {
    await start();
    const all = Array.from({ length: 2500 }, (_, index) => numberAt(index));
    const sizes = (action: string) =>
      world.fake.calls
        .filter(({ sent }) => sent.includes(action))
        .map(({ sent }) => sent.split('+').length - 1);
    await apply(all.map((number) => listing(number)));
    expect([on().length, sizes('"Add"')]).toEqual([2500, [1000, 1000, 500]]);
    await apply(all.map((number) => listing(number, { listed: false })));
    expect([on().length, Math.max(...sizes('"Remove"'))]).toEqual([0, 1000]);
  });

  it('one of its shards, and every shard that something is gone', async () => {
    const ids = ['list-a', 'list-b', 'list-c'];
    await start({ ids });
    const all = Array.from({ length: 60 }, (_, index) => listing(numberAt(index)));
    await apply(all);
    for (const id of ids)
      expect(on(id).length).toBe(all.filter(({ token }) => shardOf(token, ids) === id).length);
    world.platform.meddle('list-a', N, 'Add');
    world.platform.meddle('list-b', N, 'Add');
    await apply([listing(N, { listed: false })]);
    for (const id of ids) expect(on(id).map(([address]) => address)).not.toContain(N);
  });

  it('a further shard: an entry comes onto it before it leaves the other', async () => {
    const ids = ['list-a', 'list-b'];
    await start({ ids });
    const moving = Array.from({ length: 20 }, (_, index) => listing(numberAt(index))).find(
      ({ token }) => shardOf(token, ids) === 'list-b',
    );
    if (moving === undefined) throw new Error('expected one that moves');
    await apply([moving], { ...world.list, ids: ['list-a'] });
    expect(on('list-a')).toHaveLength(1);
    const before = world.fake.calls.length;
    await apply([moving]);
    expect([on('list-a'), on('list-b').length]).toEqual([[], 1]);
    const steps = world.fake.calls
      .slice(before)
      .map(({ path, sent }) => `${path.at(-14)}${/Add|Remove/.exec(sent)}`);
    expect(steps).toEqual(['bRemove', 'bAdd', 'aRemove']);
  });
});

describe('what a list of Genesys Cloud refuses', () => {
  it.each(['CODE', 'LIMIT'] as const)(
    'is told for each entry where it has no room, by its %s',
    async (fullBy) => {
      await start({ room: 5, fullBy });
      const refused = await apply(Array.from({ length: 8 }, (_, index) => listing(numberAt(index))));
      expect(on()).toHaveLength(5);
      expect(refused.map(({ cause }) => cause)).toEqual(['LIST_FULL', 'LIST_FULL', 'LIST_FULL']);
      const tokens = refused.map(({ token }) => token);
      expect(tokens).toEqual([5, 6, 7].map((index) => listing(numberAt(index)).token));
    },
  );

  it('is known of a thousand after a few calls', async () => {
    await start({ room: 300 });
    const refused = await apply(Array.from({ length: 1000 }, (_, index) => listing(numberAt(index))));
    expect([on().length, refused.length]).toEqual([300, 700]);
    expect(told().length).toBeLessThan(25);
  });

  it('is told for the one entry that it does not take', async () => {
    const odd = numberAt(77);
    await start({ unwanted: [odd] });
    const all = Array.from({ length: 100 }, (_, index) => listing(numberAt(index)));
    expect(await apply(all)).toEqual([{ token: listing(odd).token, cause: 'INVALID_VALUE' }]);
    expect(on()).toHaveLength(99);
  });

  it('is a matter of configuration where it takes hardly any', async () => {
    const all = Array.from({ length: 40 }, (_, index) => numberAt(index));
    await start({ unwanted: all });
    const error = await caught(apply(all.map((number) => listing(number))));
    expect(error).toMatchObject({ code: 'DIALLER_MISCONFIGURED' });
    expect(told().length).toBeLessThan(30);
  });

  it('stays on the shard where it was', async () => {
    const ids = ['list-a', 'list-b'];
    await start({ ids, room: 1 });
    const onB = Array.from({ length: 40 }, (_, index) => numberAt(index)).filter(
      (number) => shardOf(listing(number).token, ids) === 'list-b',
    );
    const [first = '', second = ''] = onB;
    await apply([listing(first)]);
    world.platform.meddle('list-a', second, 'Add');
    expect(await apply([listing(second)])).toMatchObject([{ cause: 'LIST_FULL' }]);
    expect(on('list-a')).toEqual([[second, undefined]]);
  });

  it('a list that only somebody else can change is a matter of configuration', async () => {
    await start({ foreign: ['list-a'] });
    const error = await caught(apply([listing(N), listing(numberAt(1))]));
    expect([error, told().length]).toMatchObject([{ code: 'DIALLER_MISCONFIGURED' }, 1]);
  });

  it.each([
    ['a list that is not there', ['list-z'], undefined],
    ['rights that are missing', ['list-a'], 403],
  ])('%s is a matter of configuration', async (_what, ids, status) => {
    await start();
    if (status !== undefined)
      world.fake.fail({ kind: 'STATUS', status, path: PATCHES }, { kind: 'STATUS', status, path: PATCHES });
    const error = await caught(apply([listing(N)], { ...world.list, ids }));
    expect(error).toMatchObject({ code: 'DIALLER_MISCONFIGURED' });
    expect(on()).toEqual([]);
  });
});

describe('when Genesys Cloud does not answer', () => {
  const FAULTS = [
    ['cut off, carried out', { kind: 'NO_ANSWER', acted: true }],
    ['cut off', { kind: 'NO_ANSWER' }],
    ['503, carried out', { kind: 'STATUS', status: 503, acted: true }],
    ['429', { kind: 'STATUS', status: 429, retryAfterSeconds: 3 }],
  ] as const;
  const fill = { kind: 'LATE', method: 'PATCH' } as const;

  it.each(FAULTS)('adding what was removed is tried again on the spot: %s', async (_what, fault) => {
    await start();
    world.fake.fail(fill, { ...fault, method: 'PATCH' });
    await apply([listing(N)]);
    expect(on()).toEqual([[N, undefined]]);
  });

  it.each(FAULTS)(
    'an entry is on the list though nobody knows whether it was removed: %s',
    async (_what, fault) => {
      await start();
      await apply([listing(N, { until: START + DAY_MS })]);
      world.fake.fail({ ...fault, method: 'PATCH' });
      const error = await caught(apply([listing(N, { until: START + DAY_MS })]));
      if ('retryAfterSeconds' in fault) expect(error).toBe('none');
      else expect(error).toMatchObject({ code: 'GENESYS_UNCERTAIN' });
      expect(on()).toEqual([[N, '2026-11-23T12:00Z']]);
    },
  );

  it('nothing of anybody is in an error or an address', async () => {
    await start();
    for (const status of [400, 403, 409, 418, 500]) {
      world.fake.fail({ kind: 'STATUS', status, path: PATCHES });
      const error = await caught(apply([listing(N), listing(ADDRESS)]));
      expect(leaks(`${error} ${JSON.stringify(error)}`, [N, ADDRESS])).toEqual([]);
    }
    const urls = world.fake.calls.map(({ path, query }) => `${path}?${query}`).join('\n');
    expect(leaks(urls, [N, ADDRESS])).toEqual([]);
  });
});
