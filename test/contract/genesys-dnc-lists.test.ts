import { afterEach, describe, expect, it } from 'vitest';
import type { DiallerList, Listing } from '../../lib/domain/dialler/dialler.ts';
import { shardOf } from '../../lib/domain/dialler/shard.ts';
import { leaks } from '../support/canary.ts';
import { type GenesysDiallerOptions, START, startGenesysDialler } from '../support/genesys-cloud/dialler.ts';
import { listing, numberAt } from '../support/listings.ts';

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
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => error,
  );
const collected = async (entries: AsyncIterable<string>) => {
  const all: string[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
};

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

  it('a thousand in one call', async () => {
    await start();
    await apply(Array.from({ length: 2500 }, (_, index) => listing(numberAt(index))));
    expect(on()).toHaveLength(2500);
    const added = world.fake.calls.filter(({ sent }) => sent.includes('"Add"'));
    expect(added.map(({ body }) => JSON.stringify(body).split('+').length - 1)).toEqual([1000, 1000, 500]);
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
  it('is told for each entry where it has no more room, and all that there is room for is on it', async () => {
    await start({ room: 5 });
    const refused = await apply(Array.from({ length: 8 }, (_, index) => listing(numberAt(index))));
    expect(on()).toHaveLength(5);
    expect(refused.map(({ cause }) => cause)).toEqual(['LIST_FULL', 'LIST_FULL', 'LIST_FULL']);
    const tokens = refused.map(({ token }) => token);
    expect(tokens).toEqual([5, 6, 7].map((index) => listing(numberAt(index)).token));
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
    world.fake.fail(fill, { ...fault, method: 'PATCH' }, { ...fault, method: 'PATCH' });
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

describe('contacts that Genesys Cloud has already', () => {
  const list = { id: 'contacts-1', phoneColumns: ['Cell', 'Home'] };
  const national = N.slice(2);
  const contact = (id: string, Cell: string, Home = '') => ({
    id,
    contactListId: list.id,
    data: { Name: 'Casey Fixture', Cell, Home },
    callable: true,
    callRecords: { Cell: { lastResult: 'ININ-OUTBOUND-BUSY' } },
    contactableStatus: { SMS: { contactable: true } },
    dateCreated: '2026-01-05T10:00:00.000Z',
    selfUri: `/api/v2/outbound/contactlists/contacts-1/contacts/${id}`,
  });
  const marks = () =>
    [...world.platform.contacts].map(([id, { phoneNumberStatus }]) => [id, phoneNumberStatus]);

  it('are marked uncallable in every column that has the number, and stay as they are', async () => {
    await start({
      contactLists: [list],
      contacts: [contact('1', N, national), contact('2', numberAt(1)), contact('3/odd', '', N.slice(1))],
    });
    await apply([listing(N), listing(ADDRESS)]);
    const off = { callable: false };
    expect(marks()).toEqual([
      ['1', { Cell: off, Home: off }],
      ['2', undefined],
      ['3/odd', { Home: off }],
    ]);
    const { selfUri: _gone, ...kept } = contact('1', N, national);
    expect(world.platform.contacts.get('1')).toMatchObject(kept);
  });

  it('are written once, and never marked callable again', async () => {
    await start({ contactLists: [list], contacts: [contact('1', N)] });
    await apply([listing(N)]);
    await apply([listing(N)]);
    await apply([listing(N, { listed: false })]);
    expect(marks()).toEqual([['1', { Cell: { callable: false } }]]);
    expect(world.fake.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('are left alone where the list is for e-mail', async () => {
    await start({ contactLists: [list], contacts: [contact('1', N)] });
    await apply([listing(ADDRESS)], { ...world.list, channels: ['EMAIL'] });
    expect(marks()).toEqual([['1', undefined]]);
  });

  it('are all found, however many there are', async () => {
    const contacts = Array.from({ length: 250 }, (_, index) => contact(String(index), N));
    await start({ contactLists: [list], contacts });
    await apply([listing(N)]);
    expect(marks().filter(([, status]) => status !== undefined)).toHaveLength(250);
  });
});
