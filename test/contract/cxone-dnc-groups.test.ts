import { afterEach, describe, expect, it } from 'vitest';
import { createCxoneApi } from '../../lib/adapters/nice-cxone/cxone-api.ts';
import { CxoneDncGroups } from '../../lib/adapters/nice-cxone/dnc-groups.ts';
import { DiallerList, type Listing } from '../../lib/domain/dialler/dialler.ts';
import { shardOf } from '../../lib/domain/dialler/shard.ts';
import { leaks } from '../support/canary.ts';
import { START } from '../support/genesys-cloud/dialler.ts';
import { caught, collected, listing, numberAt } from '../support/listings.ts';
import {
  ACCESS_KEY,
  type FakeCxone,
  type FakeCxoneWorld,
  startFakeCxone,
} from '../support/nice-cxone/server.ts';

const [A, B] = [numberAt(0), numberAt(1)];
const [TEN_A, TEN_B] = [A.slice(2), B.slice(2)];
const LONDON = '+442079460106';
const list = DiallerList.parse({ channels: ['VOICE'], ids: ['1001'] });

let cxone: FakeCxone;
let waits: number[];
async function start(world: Partial<FakeCxoneWorld> = {}, key = ACCESS_KEY): Promise<CxoneDncGroups> {
  cxone = await startFakeCxone({ groups: ['1001'], now: () => START, ...world });
  const { url } = cxone.server;
  waits = [];
  const api = createCxoneApi({
    apiUrl: url,
    tokenUrl: url,
    key: async () => key,
    rate: { burst: 1000, perSecond: 1000 },
    now: () => START,
    wait: async (ms) => void waits.push(ms),
    random: () => 0,
    timeoutMs: 2000,
  });
  return new CxoneDncGroups(api, () => START);
}
afterEach(async () => {
  await cxone.server.close();
  expect(cxone.server.violations).toEqual([]);
});
const on = () => [...cxone.records('1001').keys()];
const apply = (groups: CxoneDncGroups, ...listings: readonly Listing[]) => groups.apply(list, listings);

describe('a DNC group of NICE CXone', () => {
  it('is told ten digits, and a date whatever is said', async () => {
    const groups = await start();
    await apply(groups, listing(A), listing(B, { until: START + 500 }));
    expect(cxone.server.calls.map(({ method, body }) => [method, body])).toEqual([
      [
        'POST',
        {
          dncGroupRecords: [
            { phoneNumber: TEN_A, expiredDate: '2099-12-31T00:00:00Z' },
            { phoneNumber: TEN_B, expiredDate: '2026-11-22T12:00:01Z' },
          ],
        },
      ],
    ]);
  });

  it('cannot name a number of another country, and need not be told that it is off', async () => {
    const groups = await start();
    const refused = await apply(groups, listing(LONDON), listing(A));
    expect(refused).toEqual([{ token: listing(LONDON).token, cause: 'NOT_DIALABLE' }]);
    expect(await apply(groups, listing(LONDON, { listed: false }))).toEqual([]);
    expect(on()).toEqual([TEN_A]);
  });

  it('is in two shards: a number is added to its own before it expires in the other', async () => {
    const groups = await start({ groups: ['1001', '1002'] });
    const all = Array.from({ length: 30 }, (_, index) => listing(numberAt(index)));
    await groups.apply(list, all);
    await groups.apply({ ...list, ids: ['1001', '1002'] }, all);
    const [first, second] = ['1001', '1002'].map((id) => cxone.records(id).size);
    expect([(first ?? 0) + (second ?? 0), first === 30]).toEqual([30, false]);
    const methods = cxone.server.calls.slice(1).map(({ method }) => method);
    expect(methods.lastIndexOf('POST')).toBeLessThan(methods.indexOf('DELETE'));
  });

  it('keeps a number in the shard where it was if its own will not take it', async () => {
    const ids = ['1001', '1002'];
    const moving = Array.from({ length: 20 }, (_, index) => numberAt(index)).find(
      (number) => shardOf(listing(number).token, ids) === '1002',
    );
    const [number = '', ten = ''] = [moving, moving?.slice(2)];
    const groups = await start({ groups: ids, unwanted: [ten] });
    cxone.meddle('1001', ten);
    expect(await groups.apply({ ...list, ids }, [listing(number)])).toMatchObject([
      { cause: 'RECORD_REFUSED' },
    ]);
    expect(on()).toEqual([ten]);
  });

  describe.each([true, false])('that answers in an envelope: %s', (envelope) => {
    it.each(['FORMATTED', 'PLACE'] as const)('says by %s which records it did not take', async (named) => {
      const groups = await start({ envelope, named, unwanted: [TEN_B] });
      const refused = await apply(groups, listing(A), listing(B), listing(numberAt(2)));
      expect(refused).toEqual([{ token: listing(B).token, cause: 'RECORD_REFUSED' }]);
      expect(on()).toEqual([TEN_A, numberAt(2).slice(2)]);
    });
  });

  it('that does not say which records it did not take is told again', async () => {
    const groups = await start({ named: 'MISCOUNTED', unwanted: [TEN_B] });
    const error = await caught(apply(groups, listing(A), listing(B)));
    expect(error).toMatchObject({ code: 'CXONE_UNREADABLE' });
    expect(leaks(String(error), [A, B])).toEqual([]);
  });

  it('that has a number already is told the new date', async () => {
    const groups = await start({ added: 'REFUSED' });
    cxone.meddle('1001', TEN_A);
    expect(await apply(groups, listing(A))).toEqual([]);
    expect([...cxone.records('1001')]).toEqual([[TEN_A, '2099-12-31T00:00:00Z']]);
  });

  it.each([
    ['a group that is not there', ACCESS_KEY, ['9999'], undefined],
    ['a key that is not good', { ...ACCESS_KEY, accessKeySecret: 'other' }, ['1001'], undefined],
    ['rights that are missing', ACCESS_KEY, ['1001'], 403],
  ])('%s is a matter of configuration', async (_what, key, ids, status) => {
    const groups = await start({}, key);
    if (status !== undefined) cxone.server.fail({ kind: 'STATUS', status });
    const error = await caught(groups.apply({ ...list, ids }, [listing(A)]));
    expect(error).toMatchObject({ code: 'DIALLER_MISCONFIGURED' });
  });

  it('that is busy without saying how long is asked again after longer and longer pauses', async () => {
    const groups = await start();
    cxone.server.fail({ kind: 'STATUS', status: 429 }, { kind: 'STATUS', status: 429 });
    await apply(groups, listing(A));
    expect(waits).toEqual([500, 1000]);
  });

  it('is listed page by page, in E.164', async () => {
    const groups = await start();
    const all = Array.from({ length: 230 }, (_, index) => numberAt(index));
    await apply(groups, ...all.map((number) => listing(number)));
    expect(await collected(groups.exported(list))).toEqual(all);
    expect(cxone.server.calls.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('is listed whole or not at all', async () => {
    const groups = await start();
    await apply(groups, ...Array.from({ length: 230 }, (_, index) => listing(numberAt(index))));
    const page = { kind: 'STATUS', status: 400 } as const;
    cxone.server.fail({ kind: 'LATE', method: 'GET' }, { ...page, method: 'GET' });
    expect(await caught(collected(groups.exported(list)))).toMatchObject({ code: 'CXONE_REFUSED' });
  });
});
