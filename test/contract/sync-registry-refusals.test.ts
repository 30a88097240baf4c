import { beforeEach, describe, expect, it } from 'vitest';
import { drop, NATIONAL, syncLambda, zipped } from '../support/registry-sync.ts';
import { clients, factsOf, forget, listedInTable, registryEntries } from './registry-fixture.ts';

const NOW = Date.UTC(2026, 10, 22);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

beforeEach(forget);

describe('a bad file', () => {
  const long = (areaCode: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${areaCode},${5_550_000 + at}`);
  const whole = [...long('212', 12_000), ...long('305', 12_000)];
  const shuffledColumns = whole.map((line) => line.split(',').toReversed().join());
  const binary = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 151) % 256));

  it.each([
    { what: 'empty', body: '', reason: 'EMPTY_REGISTRY' },
    { what: 'of blank lines', body: '\n\r\n \n', reason: 'EMPTY_REGISTRY' },
    { what: 'cut within a line', body: textOf(whole).slice(0, -5), reason: 'BAD_REGISTRY_LINE' },
    { what: 'cut between lines', body: textOf(whole.slice(0, 22_000)), reason: 'CUT_OFF' },
    {
      what: 'without one area code',
      body: textOf([...long('212', 12_000), ...long('818', 12_000)]),
      reason: 'CUT_OFF',
    },
    { what: 'a cut archive', body: zipped(textOf(whole)).subarray(0, -100), reason: 'BAD_ZIP' },
    { what: 'with its columns shuffled', body: textOf(shuffledColumns), reason: 'BAD_REGISTRY_LINE' },
    { what: 'binary', body: binary, reason: 'BAD_REGISTRY_LINE' },
    { what: 'in UTF-16', body: Buffer.from(textOf(whole), 'utf16le'), reason: 'BAD_REGISTRY_LINE' },
    { what: 'absurdly longer', body: textOf([...whole, ...long('818', 9000)]), reason: 'TOO_DIFFERENT' },
    { what: 'with fewer lines than promised', body: textOf(whole), lines: 24_001, reason: 'WRONG_COUNT' },
    { what: 'given twice over', body: textOf(whole).repeat(2), reason: 'TOO_MANY_DUPLICATES' },
    {
      what: 'mixed of full list and changes',
      body: `${textOf(whole)}2125550100,2026-11-20T00:00:00,D\n`,
      reason: 'BAD_REGISTRY_LINE',
    },
    {
      what: 'of changes under the name of a list',
      body: '2125550100,2026-11-20T00:00:00,D\n',
      reason: 'BAD_REGISTRY_LINE',
    },
    { what: 'older', name: '2026-11-12.txt', body: textOf(whole), reason: 'OLDER_VERSION' },
    {
      what: 'changes that were applied',
      name: '2026-11-13_changes.txt',
      body: '2125550100,2026-11-13T00:00:00,D\n',
      reason: 'OLDER_VERSION',
    },
    { what: 'dated ahead', name: '2026-11-25.txt', body: textOf(whole), reason: 'FUTURE_VERSION' },
    {
      what: 'of another area code than its name says',
      name: '2026-11-20_818_a.txt',
      body: textOf(long('212', 10)),
      reason: 'WRONG_AREA_CODE',
    },
    { what: 'without a date', name: 'full.txt', body: textOf(whole), reason: 'BAD_NAME' },
    {
      what: 'an error page',
      name: '2026-11-20.xml',
      body: '<html><body>Session expired</body></html>',
      reason: 'BAD_XML',
    },
  ])('is refused, and changes nothing: $what', async ({ body, reason, name = '2026-11-20.txt', lines }) => {
    const { run, told, inbox } = syncLambda(clients, () => NOW);
    await run(await drop(clients, '2026-11-13.txt', textOf(whole)));
    const before = await factsOf(['212,5550100', '818,5550100']);
    expect(await run(await drop(clients, name, body, { lines }))).toEqual({ batchItemFailures: [] });
    const refused = (await inbox.reports('us-national')).find(({ file }) => file === name);
    expect(refused).toMatchObject({ outcome: 'REFUSED', reason });
    expect(JSON.stringify(refused)).not.toMatch(/5550\d|555\d{4}/);
    expect(told.values('RegistryRefusedCount')).toEqual([1]);
    expect(await factsOf(['212,5550100', '818,5550100'])).toEqual(before);
    expect(await registryEntries()).toHaveLength(1);
  });

  it('is refused for a registry that the settings do not name', async () => {
    const { run, inbox } = syncLambda(clients, () => NOW);
    await run(await drop(clients, '2026-11-20.txt', '212,5550100\n', { registry: 'us-nationl' }));
    expect(await inbox.reports('us-nationl')).toMatchObject([{ reason: 'UNKNOWN_REGISTRY' }]);
    expect(await listedInTable()).toEqual([]);
  });

  it('is refused outside the subscription, and as changes of nothing', async () => {
    const registries = { 'us-national': { ...NATIONAL, areaCodes: ['212'] } };
    const { run, inbox } = syncLambda(clients, () => NOW, { registries });
    await drop(clients, '2026-11-13_305_a.txt', '305,5550100\n');
    await run(await drop(clients, '2026-11-14_changes.txt', '2125550100,2026-11-14,A\n'));
    const reports = await inbox.reports('us-national');
    expect(reports.map((report) => ('reason' in report ? report.reason : '')).toSorted()).toEqual([
      'NOT_SUBSCRIBED',
      'NO_VERSION',
    ]);
  });
});
