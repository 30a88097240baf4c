import { beforeEach, describe, expect, it } from 'vitest';
import type { RegistrySettings } from '../../lambdas/sync-registry/config.ts';
import { mortality } from '../support/killable.ts';
import {
  announcementOf,
  drop,
  message,
  NATIONAL,
  ROUND,
  syncLambda,
  zipped,
} from '../support/registry-sync.ts';
import {
  clients,
  e164,
  factsOf,
  forget,
  listedInTable,
  mortal,
  registryEntries,
} from './registry-fixture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 10, 22);
const OLD = ['212,5550100', '212,5550101', '305,5550100', '907,5550100'];
const NEW = ['212,5550101', '212,5550102', '305,5550100', '818,5550100'];
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const listed = (lines: readonly string[]) => lines.map(e164).toSorted();

beforeEach(forget);

async function dropOld() {
  const { run } = syncLambda(clients, () => NOW);
  await run(await drop(clients, '2026-11-13.txt', textOf(OLD)));
}

describe('sync-registry', () => {
  it('puts a dropped list into use; numbers that left are allowed again, those that entered are blocked', async () => {
    await dropOld();
    expect(await listedInTable()).toEqual(listed(OLD));
    const { run, told, inbox } = syncLambda(clients, () => NOW);
    const answer = await run(
      await drop(clients, '2026-11-20_national.zip', zipped(textOf(NEW)), { lines: 4 }),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(await listedInTable()).toEqual(listed(NEW));
    const { registries } = await factsOf(['212,5550100', '818,5550100']);
    expect(registries).toMatchObject([
      { listed: false, versionAt: Date.UTC(2026, 10, 20), areaCodes: 'ALL' },
      { listed: true },
    ]);
    expect(told.values('RegistryImportedCount')).toEqual([1]);
    const [report] = await inbox.reports('us-national');
    expect(report).toMatchObject({
      outcome: 'IMPORTED',
      file: '2026-11-20_national.zip',
      entered: 2,
      left: 2,
    });
    const entries = await registryEntries();
    expect(
      entries.map((entry) => ('left' in entry ? [entry.numbers, entry.entered, entry.left] : [])),
    ).toContainEqual([4, 2, 2]);
    expect(entries).toContainEqual(
      expect.objectContaining({
        subscriptionId: 'san-1',
        areaCodes: 'ALL',
        versionAt: Date.UTC(2026, 10, 20),
      }),
    );
  });

  it('takes an XML list, then a change list, then the next list, each by its date and not by when it came', async () => {
    const { run } = syncLambda(clients, () => NOW);
    const ac = (code: string, ...numbers: string[]) =>
      `<ac val="${code}">${numbers.map((number) => `<ph val="${number}"/>`).join('')}</ac>`;
    await drop(
      clients,
      '2026-11-14_changes.txt.zip',
      zipped('2125550199,2026-11-14T00:00:00,A\n3055550100,2026-11-14T00:00:00,D\n'),
    );
    const last = await drop(
      clients,
      '2026-11-13.xml',
      `<list>${ac('212', '5550100')}${ac('305', '5550100')}</list>`,
    );
    await run(last);
    expect(await listedInTable()).toEqual(['+12125550100', '+12125550199']);
    expect((await factsOf(['212,5550199'])).registries).toMatchObject([
      { listed: true, versionAt: Date.UTC(2026, 10, 14) },
    ]);
  });

  it('takes the lists of area codes together, and keeps the dates of the others', async () => {
    const registries = { 'us-national': { ...NATIONAL, areaCodes: ['212', '305', '818'] } };
    const { run, told } = syncLambda(clients, () => NOW, { registries });
    await drop(clients, '2026-11-13_212_1f6c8a4e.txt.zip', zipped('212,5550100\n'));
    await run(await drop(clients, '2026-11-13_305_2f6c8a4e.txt.zip', zipped('305,5550100\n')));
    await run(await drop(clients, '2026-11-20_305_3f6c8a4e.txt.zip', zipped('305,5550101\n')));
    expect(await listedInTable()).toEqual(['+12125550100', '+13055550101']);
    const { registries: facts } = await factsOf(['212,5550100', '305,5550101', '818,5550100']);
    expect(facts.map((fact) => fact?.versionAt)).toEqual([13, 20, 13].map((day) => Date.UTC(2026, 10, day)));
    // Nothing was ever accessed of 818, so it is not covered although it is subscribed.
    expect(facts[0]?.areaCodes).toEqual(['212', '305']);
    expect(told.values('RegistryImportedCount')).toEqual([1, 1, 1]);
    expect(await registryEntries()).toHaveLength(2);
  });

  it('lets a bad list of one area code hold no other back', async () => {
    const { run, inbox } = syncLambda(clients, () => NOW);
    await drop(clients, '2026-11-13_212_a.txt', '212,5550100\n');
    await run(await drop(clients, '2026-11-13_305_b.txt', '818,5550100\n'));
    expect(await listedInTable()).toEqual(['+12125550100']);
    const reports = await inbox.reports('us-national');
    expect(
      reports
        .map((report) => [report.file, report.outcome === 'REFUSED' ? report.reason : report.outcome])
        .toSorted(),
    ).toEqual([
      ['2026-11-13_212_a.txt', 'IMPORTED'],
      ['2026-11-13_305_b.txt', 'WRONG_AREA_CODE'],
    ]);
  });

  it('takes any registry that the settings name by the same way, in national form', async () => {
    const tps: RegistrySettings = {
      areaCodes: 'ALL',
      national: { callingCode: '44', trunkPrefix: '0' },
      overdueDays: 10,
    };
    const { run } = syncLambda(clients, () => NOW, { registries: { 'gb-tps': tps } });
    await run(
      await drop(clients, '2026-11-20.csv', '02079460000\r\n07700900123\r\n', { registry: 'gb-tps' }),
    );
    expect(await listedInTable()).toEqual(['+442079460000', '+447700900123']);
  });

  it('takes a file once, however often it is announced', async () => {
    const { run, told } = syncLambda(clients, () => NOW);
    const announced = await drop(clients, '2026-11-13.txt', textOf(OLD));
    await run(announced);
    await run(announced);
    expect(told.values('RegistryImportedCount')).toEqual([1]);
    expect(await registryEntries()).toHaveLength(1);
  });

  it('passes over messages that are neither', async () => {
    const { run, told } = syncLambda(clients, () => NOW);
    for (const event of [message('no event'), announcementOf('registries/us-national/current.json')]) {
      expect(await run(event)).toEqual({ batchItemFailures: [] });
    }
    expect(told.lines.filter((line) => line.includes('REGISTRY_EVENT_IGNORED'))).toHaveLength(2);
  });
});

describe('a sync that does not end', () => {
  it('goes on where its time ran out, and has the old version in use until then', async () => {
    await dropOld();
    let now = NOW;
    const announced = await drop(clients, '2026-11-20.txt', textOf(NEW));
    // Every look at the clock is five minutes later: the 12 minutes are over after the first blocks.
    const slow = syncLambda(clients, () => {
      now += 5 * 60_000;
      return now;
    });
    expect(await slow.run(announced)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(slow.again).toEqual([5]);
    const { registries } = await factsOf(['212,5550100', '907,5550100']);
    expect(registries[0]).toMatchObject({ listed: false, versionAt: Date.UTC(2026, 10, 13) });
    expect(registries[1]).toMatchObject({ listed: true });
    const counting = mortality();
    const next = syncLambda(mortal(counting), () => now);
    expect(await next.run(announced)).toEqual({ batchItemFailures: [] });
    // Blocks of 212 were written before, those of 305 are the same, 818 and 907 are left.
    expect(counting.calls.filter((name) => name === 'BatchWriteItemCommand')).toHaveLength(2);
    expect(await listedInTable()).toEqual(listed(NEW));
  });

  it('blocks what both lists have whenever it is killed, and is completed by the next delivery', async () => {
    await dropOld();
    const announced = await drop(clients, '2026-11-20.txt', textOf(NEW));
    const counting = mortality();
    await syncLambda(mortal(counting), () => NOW).run(announced);
    expect(await listedInTable()).toEqual(listed(NEW));
    const both = listed(OLD.filter((line) => NEW.includes(line)));
    for (let call = 1; call <= counting.calls.length; call += 1) {
      await forget();
      await dropOld();
      await drop(clients, '2026-11-20.txt', textOf(NEW));
      const life = mortality();
      life.killAt(call, call % 2 === 0 ? 'BEFORE' : 'AFTER');
      const dying = syncLambda(mortal(life), () => NOW);
      const answer = await dying.run(announced);
      const meanwhile = await listedInTable();
      for (const number of both) expect(meanwhile, `call ${call}`).toContain(number);
      if (answer.batchItemFailures.length > 0) expect(dying.again).toEqual([240]);
      const revived = syncLambda(clients, () => NOW + 5 * 60_000);
      expect(await revived.run(announced), `call ${call}`).toEqual({ batchItemFailures: [] });
      expect(await listedInTable()).toEqual(listed(NEW));
      expect((await factsOf(['818,5550100'])).registries).toMatchObject([
        { listed: true, versionAt: Date.UTC(2026, 10, 20) },
      ]);
      const reports = await revived.inbox.reports('us-national');
      expect(
        reports.map(({ outcome }) => outcome),
        `call ${call}`,
      ).toEqual(['IMPORTED', 'IMPORTED']);
      expect(await registryEntries(), `call ${call}`).toHaveLength(2);
    }
  });
});

describe('the daily round', () => {
  const source = { url: 'https://lists.example.com/full.zip', everyDays: 7 };
  const registries = { 'us-national': { ...NATIONAL, source } };

  it('counts the registries that are older than their settings want', async () => {
    await dropOld();
    const overdueAt = async (days: number) => {
      const { run, told } = syncLambda(clients, () => Date.UTC(2026, 10, 13) + days * DAY_MS);
      await run(ROUND);
      return told.values('RegistryOverdueCount');
    };
    expect([await overdueAt(10), await overdueAt(11)]).toEqual([[0], [1]]);
  });

  it('does not count a registry that was never imported', async () => {
    const { run, told } = syncLambda(clients, () => NOW);
    await run(ROUND);
    expect(told.values('RegistryOverdueCount')).toEqual([0]);
  });

  it('fetches what is due: never imported, or a week old; and says what could not be fetched', async () => {
    const asked: [string, number][] = [];
    const fetchList = async (name: string, _source: unknown, newerThan: number) => {
      asked.push([name, newerThan]);
      if (asked.length === 3) throw Object.assign(new Error('no'), { code: 'FETCH_FAILED' });
      return 'STORED' as const;
    };
    await syncLambda(clients, () => NOW, { registries, fetchList }).run(ROUND);
    await dropOld();
    const inDays = (days: number) =>
      syncLambda(clients, () => Date.now() + days * DAY_MS, { registries, fetchList });
    await inDays(6).run(ROUND);
    await inDays(6.6).run(ROUND);
    const failing = inDays(7);
    expect(await failing.run(ROUND)).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([
      ['us-national', 0],
      ['us-national', Date.UTC(2026, 10, 13)],
      ['us-national', Date.UTC(2026, 10, 13)],
    ]);
    expect(failing.told.values('RegistryFetchFailedCount')).toEqual([1]);
  });
});
