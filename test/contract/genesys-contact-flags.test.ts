import { afterEach, describe, expect, it } from 'vitest';
import type { DiallerList, Listing } from '../../lib/domain/dialler/dialler.ts';
import { type GenesysDiallerOptions, startGenesysDialler } from '../support/genesys-cloud/dialler.ts';
import { caught, listing, numberAt } from '../support/listings.ts';

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
const apply = (listings: readonly Listing[], list: DiallerList = world.list) =>
  world.lists.apply(list, listings);

describe('contacts that Genesys Cloud has already', () => {
  const list = { id: 'contacts-1', phoneColumns: ['Cell', 'Home'] };
  const national = N.slice(2);
  const off = { callable: false };
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
      contacts: [
        contact('1', N, national),
        contact('2', numberAt(1)),
        contact('3/odd', '', N.slice(1)),
        { ...contact('4', numberAt(1), N), phoneNumberStatus: { Cell: off } },
      ],
    });
    await apply([listing(N), listing(ADDRESS)]);
    expect(marks()).toEqual([
      ['1', { Cell: off, Home: off }],
      ['2', undefined],
      ['3/odd', { Home: off }],
      ['4', { Cell: off, Home: off }],
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

  it('are marked over several times where they are too many for one', async () => {
    const contacts = Array.from({ length: 120 }, (_, index) => contact(String(index), N));
    await start({ contactLists: [list], contacts, rate: { burst: 1, perSecond: 5 } });
    const marked = () => marks().filter(([, status]) => status !== undefined).length;
    expect(await caught(apply([listing(N)]))).toMatchObject({ code: 'GENESYS_BUSY' });
    expect([world.platform.entries('list-a').has(N), marked()]).toEqual([true, 74]);
    await apply([listing(N)]);
    expect(marked()).toBe(120);
  });

  it('are all found, however many there are', async () => {
    const contacts = Array.from({ length: 250 }, (_, index) => contact(String(index), N));
    await start({ contactLists: [list], contacts });
    await apply([listing(N)]);
    expect(marks().filter(([, status]) => status !== undefined)).toHaveLength(250);
  });
});
