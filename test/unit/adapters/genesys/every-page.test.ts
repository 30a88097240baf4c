import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { GenesysApi, GenesysCall } from '../../../../lib/adapters/genesys/cloud-api.ts';
import { everyCredential, everyPage } from '../../../../lib/adapters/genesys/every-page.ts';

const One = z.object({ id: z.string() });
const LISTING = { path: '/api/v2/outbound/dnclists', query: { includeSize: 'true' } };
const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ id: String(from + at) }));

function apiOf(answer: (call: GenesysCall) => object): { api: GenesysApi; calls: GenesysCall[] } {
  const calls: GenesysCall[] = [];
  const api: GenesysApi = {
    send: async (call, schema) => {
      calls.push(call);
      return schema.parse(answer(call));
    },
  };
  return { api, calls };
}
const pageOf = ({ query }: GenesysCall) => Number(query?.['pageNumber']);

describe('a listing', () => {
  it.each([0, 1, 99, 100, 101, 250])('of %i is read whole, by its number or without', async (length) => {
    const all = ids(0, length);
    const page = (call: GenesysCall) => all.slice((pageOf(call) - 1) * 100, pageOf(call) * 100);
    const counted = apiOf((call) => ({ entities: page(call), total: length }));
    expect(await everyPage(counted.api, LISTING, One)).toEqual(all);
    expect(counted.calls).toHaveLength(Math.floor(length / 100) + 1);
    expect(counted.calls[0]?.query).toEqual({ includeSize: 'true', pageSize: '100', pageNumber: '1' });
    const uncounted = apiOf((call) => ({ entities: page(call) }));
    expect(await everyPage(uncounted.api, LISTING, One)).toEqual(all);
  });

  it('is read on after a full page, though it says that this was all', async () => {
    const { api } = apiOf((call) => {
      return pageOf(call) === 1
        ? { entities: ids(0, 100), total: 100 }
        : { entities: ids(100, 130), total: 130 };
    });
    await expect(everyPage(api, LISTING, One)).rejects.toMatchObject({ code: 'GENESYS_INCOMPLETE' });
  });

  it('is read again where it changed meanwhile', async () => {
    let readings = 0;
    const { api } = apiOf((call) => {
      if (pageOf(call) === 1) readings += 1;
      const total = readings === 1 && pageOf(call) === 2 ? 149 : 150;
      return { entities: pageOf(call) === 1 ? ids(0, 100) : ids(100, total), total };
    });
    expect(await everyPage(api, LISTING, One)).toEqual(ids(0, 150));
    expect(readings).toBe(2);
  });

  it.each<[string, (call: GenesysCall) => object]>([
    [
      'says another number than it has',
      (call) => ({ entities: pageOf(call) === 1 ? ids(0, 3) : [], total: 4 }),
    ],
    [
      'has one twice',
      (call) => ({ entities: pageOf(call) === 1 ? [...ids(0, 3), { id: '1' }] : [], total: 4 }),
    ],
    ['has one twice, and no number', (call) => ({ entities: pageOf(call) < 3 ? ids(0, 3) : [] })],
    ['never ends', () => ({ entities: ids(0, 1) })],
  ])('that %s is refused', async (_what, answer) => {
    await expect(everyPage(apiOf(answer).api, LISTING, One)).rejects.toMatchObject({
      code: 'GENESYS_INCOMPLETE',
    });
  });
});

describe('credentials', () => {
  it('are read from the last one on until none is left', async () => {
    const all = ids(0, 401);
    const { api, calls } = apiOf(({ query }) => {
      const from = all.findIndex(({ id }) => id === query?.['after']) + 1;
      return { entities: all.slice(from, from + Number(query?.['pageSize'])) };
    });
    expect(await everyCredential(api, One)).toEqual(all);
    expect(calls.map(({ query }) => query?.['after'])).toEqual([undefined, '199', '399', '400']);
  });

  it('that never end are refused', async () => {
    const { api } = apiOf(() => ({ entities: ids(0, 1) }));
    await expect(everyCredential(api, One)).rejects.toMatchObject({ code: 'GENESYS_INCOMPLETE' });
  });
});
