import { describe, expect, it } from 'vitest';
import { readFileName } from '../../../../lib/domain/registry/file-name.ts';
import { readRegistryFile } from '../../../../lib/domain/registry/registry-file.ts';
import { SnapshotBuilder } from '../../../../lib/domain/registry/snapshot-builder.ts';

const BASE = [12125550100, 12125550101, 13055550100];

function reading(
  text: string,
  {
    kind = 'FULL' as 'FULL' | 'CHANGES',
    form = {},
    areaCodes = undefined as string[] | undefined,
    lines = undefined as number | undefined,
  } = {},
) {
  const builder = new SnapshotBuilder();
  if (kind === 'CHANGES') for (const number of BASE) builder.add(number);
  async function* open() {
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += 11) yield bytes.subarray(at, at + 11);
  }
  const covered = areaCodes === undefined ? undefined : new Set(areaCodes);
  return { builder, done: readRegistryFile({ kind, lines, open }, { ...form, areaCodes: covered }, builder) };
}

const numbers = (builder: SnapshotBuilder, ...asked: readonly number[]) =>
  asked.map((one) => builder.has(one));

describe('a change list', () => {
  it.each([
    {
      what: 'adds and deletes',
      text: '2125550102,2026-11-20T10:00:00,A\n2125550100,2026-11-20T10:00:00,D\n',
      has: [false, true, true],
    },
    {
      what: 'counts the latest change, whatever the order of lines',
      text: '2125550100,2026-11-20T11:00:00,A\n2125550100,2026-11-20T10:00:00,D\n',
      has: [true, true, false],
    },
    {
      what: 'lists a number that came and went in the same second',
      text: '2125550100,2026-11-20T10:00:00,A\n2125550100,2026-11-20T10:00:00,D\n',
      has: [true, true, false],
    },
    {
      what: 'takes CRLF, days without a time, commas after the area code, E.164',
      text: '212,5550102,2026-11-20,A\r\n+12125550100,2026-11-20,D\r\n\r\n',
      has: [false, true, true],
    },
  ])('$what', async ({ text, has }) => {
    const { builder, done } = reading(text, { kind: 'CHANGES' });
    expect(await done).toBe(2);
    expect(numbers(builder, 12125550100, 12125550101, 12125550102)).toEqual(has);
  });

  it.each([
    { what: 'another letter', text: '2125550100,2026-11-20T10:00:00,R\n', code: 'BAD_REGISTRY_LINE' },
    { what: 'no letter', text: '2125550100,2026-11-20T10:00:00\n', code: 'BAD_REGISTRY_LINE' },
    { what: 'other columns', text: 'A,2125550100,2026-11-20T10:00:00\n', code: 'BAD_REGISTRY_LINE' },
    {
      what: 'a line of a full list',
      text: '2125550100,2026-11-20T10:00:00,A\n212,5550100\n',
      code: 'BAD_REGISTRY_LINE',
    },
    {
      what: 'an area code of others',
      text: '3055550100,2026-11-20T10:00:00,D\n',
      areaCodes: ['212'],
      code: 'WRONG_AREA_CODE',
    },
    { what: 'nothing', text: '\n', code: 'EMPTY_REGISTRY' },
    { what: 'a line without end', text: '2'.repeat(1000), code: 'BAD_REGISTRY_LINE' },
    {
      what: 'changes of another list',
      text: Array.from({ length: 100 }, (_, at) => `2125559${at + 100},2026-11-20T10:00:00,D\n`).join(''),
      code: 'NOT_FOR_THIS_VERSION',
    },
  ])('is refused with $what', async ({ text, code, areaCodes }) => {
    const { done } = reading(text, { kind: 'CHANGES', areaCodes });
    const error = await done.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toMatch(/5550100/);
  });

  it('takes a file of which half changes nothing', async () => {
    const lines = Array.from(
      { length: 100 },
      (_, at) => `2125559${at + 100},2026-11-20T10:00:00,${at % 2 ? 'A' : 'D'}\n`,
    );
    await expect(reading(lines.join(''), { kind: 'CHANGES' }).done).resolves.toBe(100);
  });
});

describe('an XML list', () => {
  const list = (inner: string) =>
    `<?xml version="1.0"?>\n<!-- x -->\n<list type="full" val='2026-11-20'>\n${inner}\n</list>\n`;

  it('names numbers below their area code', async () => {
    const text = list(
      '<ac val="212"><ph val="5550100"/><ph val=\'5550101\'></ph></ac>\n<ac val="305"><ph val="5550100" /></ac>',
    );
    const { builder, done } = reading(text);
    expect(await done).toBe(3);
    expect(builder.count()).toBe(3);
    expect(numbers(builder, ...BASE)).toEqual([true, true, true]);
  });

  it('may have elements of other names, where it is said so', async () => {
    const xml = { areaCode: 'AreaCode', number: 'Phone', attribute: 'code' };
    const { builder, done } = reading('<L><AreaCode code="212"><Phone code="5550100"/></AreaCode></L>', {
      form: { xml },
    });
    expect(await done).toBe(1);
    expect(numbers(builder, 12125550100)).toEqual([true]);
  });

  it.each([
    { what: 'cut off', text: list('<ac val="212"><ph val="5550100"/></ac>').slice(0, -10), code: 'BAD_XML' },
    {
      what: 'with a cut tag',
      text: list('<ac val="212"><ph val="5550100"/></ac>').slice(0, -30),
      code: 'BAD_XML',
    },
    { what: 'with a number outside an area code', text: list('<ph val="5550100"/>'), code: 'BAD_XML' },
    {
      what: 'with a number after its area code',
      text: list('<ac val="212"></ac><ph val="5550100"/>'),
      code: 'BAD_XML',
    },
    { what: 'with a short number', text: list('<ac val="212"><ph val="555010"/></ac>'), code: 'BAD_XML' },
    { what: 'with numbers as text', text: list('<ac val="212"><ph>5550100</ph></ac>'), code: 'BAD_XML' },
    { what: 'with wrong nesting', text: list('<ac val="212"><ph val="5550100"></ac></ph>'), code: 'BAD_XML' },
    {
      what: 'with a document type',
      text: `<!DOCTYPE x [<!ENTITY a "b">]>${list('<ac val="212"/>')}`,
      code: 'BAD_XML',
    },
    { what: 'twice', text: list('<ac val="212"><ph val="5550100"/></ac>').repeat(2), code: 'BAD_XML' },
    { what: 'without end', text: `<${'a'.repeat(5000)}`, code: 'BAD_XML' },
    { what: 'too deep', text: '<a>'.repeat(50), code: 'BAD_XML' },
    { what: 'without numbers', text: list(''), code: 'EMPTY_REGISTRY' },
    {
      what: 'of another area code',
      text: list('<ac val="305"><ph val="5550100"/></ac>'),
      areaCodes: ['212'],
      code: 'WRONG_AREA_CODE',
    },
  ])('is refused $what', async ({ text, code, areaCodes }) => {
    await expect(reading(text, { areaCodes }).done).rejects.toMatchObject({ code });
  });
});

describe('a list of another country', () => {
  it('may be in national form, where its calling code and trunk prefix are known', async () => {
    const form = { national: { callingCode: '44', trunkPrefix: '0' } };
    const { builder, done } = reading('\xef\xbb\xbf02079460000\r\n+447700900123\r\n', { form });
    expect(await done).toBe(2);
    expect(numbers(builder, 442079460000, 447700900123)).toEqual([true, true]);
    await expect(reading('2079460000\n', { form }).done).rejects.toMatchObject({ code: 'BAD_REGISTRY_LINE' });
    await expect(reading('02079460000\n').done).rejects.toMatchObject({ code: 'BAD_REGISTRY_LINE' });
  });

  it('may be ten digits of the North American plan', async () => {
    const form = { national: { callingCode: '1', trunkPrefix: '' } };
    const { builder, done } = reading('2125550100\n', { form });
    expect(await done).toBe(1);
    expect(numbers(builder, 12125550100)).toEqual([true]);
  });
});

it('counts the numbers against what was promised', async () => {
  await expect(reading('212,5550100\n', { lines: 1 }).done).resolves.toBe(1);
  await expect(reading('212,5550100\n', { lines: 2 }).done).rejects.toMatchObject({ code: 'WRONG_COUNT' });
});

describe('the name of a file', () => {
  const versionAt = Date.UTC(2026, 7, 5);
  it.each([
    {
      name: '2026-8-5_818_1f6c8a4e-1111-4222-8333-444455556666.txt.zip',
      said: { versionAt, areaCode: '818', kind: 'FULL' },
    },
    { name: '2026-08-05.txt', said: { versionAt, kind: 'FULL' } },
    { name: '2026-08-05_national.xml', said: { versionAt, kind: 'FULL' } },
    { name: '2026-08-05_delta.txt.zip', said: { versionAt, kind: 'CHANGES' } },
    { name: '2026-8-5_818_changes.ZIP', said: { versionAt, areaCode: '818', kind: 'CHANGES' } },
    { name: '2026-08-05_deltaville.txt', said: { versionAt, kind: 'FULL' } },
  ])('$name', ({ name, said }) => {
    expect(readFileName(name)).toEqual({ areaCode: undefined, ...said });
  });

  it.each([
    'full.txt',
    '2026-02-30.txt',
    '2026-8-5',
    '2026-8-5_8185.txt',
    '2026-08-05x.txt',
    '2026-08-05.exe',
    '',
  ])('is not understood: %s', (name) => expect(readFileName(name)).toBeUndefined());
});
