import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { profileOf, scrubbed } from '../../../support/scrub.ts';

const utf16 = (text: string, bom: readonly number[]) =>
  Buffer.concat([Buffer.from(bom), Buffer.from(text, 'utf16le')]);
const LIST = 'Id,Phone\na1,2125550100\n';

type Case = {
  readonly what: string;
  readonly file: string | Uint8Array;
  readonly cause: string;
  readonly line?: number;
  readonly profile?: Parameters<typeof profileOf>[0];
};

const CASES: readonly Case[] = [
  { what: 'an empty file', file: '', cause: 'EMPTY_FILE' },
  { what: 'a byte order mark alone', file: '\ufeff', cause: 'EMPTY_FILE' },
  { what: 'a header alone', file: 'Id,Phone\n', cause: 'HEADER_ONLY', line: 1 },
  { what: 'a header alone, without line end', file: 'Id,Phone', cause: 'HEADER_ONLY', line: 1 },
  { what: 'a missing column', file: 'Id,Cell\na1,2125550100\n', cause: 'MISSING_COLUMN', line: 1 },
  {
    what: 'a column renamed by a blank',
    file: 'Id,Phone \na1,2125550100\n',
    cause: 'MISSING_COLUMN',
    line: 1,
  },
  {
    what: 'a header in place of which the first row stands',
    file: 'a1,2125550100\na2,2125550101\n',
    cause: 'MISSING_COLUMN',
    line: 1,
  },
  {
    what: 'a missing state column',
    file: LIST,
    cause: 'MISSING_COLUMN',
    line: 1,
    profile: { stateColumn: 'State' },
  },
  {
    what: 'two columns of one name',
    file: 'Phone,Id,Phone\n2125550100,a,2125550101\n',
    cause: 'DUPLICATE_HEADER',
    line: 1,
  },
  {
    what: 'two names that differ in case and blanks',
    file: 'Phone,Id, PHONE\n2125550100,a,2125550101\n',
    cause: 'DUPLICATE_HEADER',
    line: 1,
  },
  {
    what: 'two columns without a name',
    file: 'Phone,,\n2125550100,a,b\n',
    cause: 'DUPLICATE_HEADER',
    line: 1,
  },
  { what: 'a column __proto__', file: 'Phone,__proto__\n2125550100,x\n', cause: 'HOSTILE_HEADER', line: 1 },
  {
    what: 'a column constructor, quoted',
    file: 'Phone,"Constructor"\n2125550100,x\n',
    cause: 'HOSTILE_HEADER',
    line: 1,
  },
  { what: 'a column toString', file: 'Phone,toString\n2125550100,x\n', cause: 'HOSTILE_HEADER', line: 1 },
  { what: 'another delimiter', file: 'Id;Phone\na1;2125550100\n', cause: 'WRONG_DELIMITER', line: 1 },
  {
    what: 'a comma where the profile says tab',
    file: LIST,
    cause: 'WRONG_DELIMITER',
    line: 1,
    profile: { delimiter: '\t' },
  },
  { what: 'a row with a cell too few', file: `${LIST}a2\na3,2125550101\n`, cause: 'RAGGED_ROW', line: 3 },
  { what: 'a row with a cell too many', file: `${LIST}a2,2125550101,\n`, cause: 'RAGGED_ROW', line: 3 },
  { what: 'a blank line', file: `${LIST}\na3,2125550101\n`, cause: 'RAGGED_ROW', line: 3 },
  {
    what: 'a ragged row after an embedded newline',
    file: 'Id,Phone\n"a\nb",2125550100\nx\n',
    cause: 'RAGGED_ROW',
    line: 4,
  },
  { what: 'a quote inside a plain cell', file: 'Id,Phone\na"1,2125550100\n', cause: 'BAD_QUOTE', line: 2 },
  { what: 'text after a closing quote', file: 'Id,Phone\n"a"1,2125550100\n', cause: 'BAD_QUOTE', line: 2 },
  {
    what: 'a quote that is never closed',
    file: `${LIST}"a2,2125550101\na3,2125550102\n`,
    cause: 'UNCLOSED_QUOTE',
    line: 3,
  },
  {
    what: 'a quote that would swallow the rest',
    file: `${LIST}"a2,2125550101\n${'a3,2125550102\n'.repeat(6000)}`,
    cause: 'RECORD_TOO_LONG',
    line: 3,
  },
  {
    what: 'a row over 64 KiB',
    file: `${LIST}${'x'.repeat(66_000)},2125550101\n`,
    cause: 'RECORD_TOO_LONG',
    line: 3,
  },
  { what: 'a carriage return alone', file: 'Id,Phone\na1\r,2125550100\n', cause: 'BARE_CR', line: 2 },
  { what: 'line ends of the old Mac', file: 'Id,Phone\ra1,2125550100\r', cause: 'BARE_CR', line: 1 },
  { what: 'a NUL byte', file: `${LIST}a\0,2125550101\n`, cause: 'NUL_BYTE', line: 3 },
  { what: 'UTF-16 with its mark', file: utf16(LIST, [0xff, 0xfe]), cause: 'UTF16', line: 1 },
  { what: 'UTF-16 without a mark', file: utf16(LIST, []), cause: 'NUL_BYTE', line: 1 },
  {
    what: 'big-endian UTF-16',
    file: Buffer.from(utf16(LIST, [0xff, 0xfe])).swap16(),
    cause: 'UTF16',
    line: 1,
  },
  { what: 'UTF-32', file: Buffer.from([0xff, 0xfe, 0, 0, 0x49, 0, 0, 0]), cause: 'UTF16', line: 1 },
  { what: 'a zip archive', file: Buffer.from('PK\x03\x04 and so on'), cause: 'COMPRESSED', line: 1 },
  { what: 'a gzip file', file: gzipSync(LIST), cause: 'COMPRESSED', line: 1 },
  { what: 'an old spreadsheet', file: Buffer.from('d0cf11e0a1b11ae1', 'hex'), cause: 'COMPRESSED', line: 1 },
  {
    what: 'a header that is not UTF-8',
    file: Buffer.from('Id,Ph\xf6ne\na,2125550100\n', 'latin1'),
    cause: 'INVALID_UTF8',
    line: 1,
  },
  {
    what: 'a phone cell that is not UTF-8',
    file: Buffer.from(`${LIST}a,2125550101\xa0\n`, 'latin1'),
    cause: 'INVALID_UTF8',
    line: 3,
  },
  {
    what: 'too many columns',
    file: `Phone,${Array.from({ length: 1000 }, (_, i) => `c${i}`).join(',')}\n`,
    cause: 'TOO_MANY_COLUMNS',
    line: 1,
  },
  {
    what: 'a column of phone numbers that nobody declared',
    file: 'Phone,Other\n2125550100,2125550199\n2125550101,(212) 555-0198\n2125550102,n/a\n',
    cause: 'UNDECLARED_CONTACT_COLUMN',
  },
  {
    what: 'one number in an undeclared column that is named like one',
    file: `Phone,Mobile\n${'2125550100,\n'.repeat(50)}2125550101,2125550199\n2125550101,none\n2125550101,none\n2125550101,none\n`,
    cause: 'UNDECLARED_CONTACT_COLUMN',
  },
  {
    what: 'a column of addresses that nobody declared, in a list for e-mail',
    file: 'Mail,Other\na@example.com,b@example.com\n',
    cause: 'UNDECLARED_CONTACT_COLUMN',
    profile: { phoneColumns: [], emailColumns: ['Mail'], channel: 'EMAIL' },
  },
];

describe('a file that is refused whole', () => {
  it.each(CASES)('$what: $cause', async ({ file, cause, line, profile }) => {
    const { result } = await scrubbed(file, { basis: { profile: profileOf(profile) } });
    expect(result).toMatchObject({ kind: 'REJECTED', rejection: { cause } });
    expect(result.kind === 'REJECTED' && result.rejection.line).toBe(line);
  });

  it.each(CASES)('is found wherever chunks end: $what', async ({ file, profile }) => {
    const size = Buffer.from(file).length;
    const basis = { profile: profileOf(profile) };
    const { result } = await scrubbed(file, { basis });
    for (const step of [1, 7, 1000]) {
      if (size / step > 5000) continue;
      const cuts = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
      expect((await scrubbed(file, { basis, cuts })).result).toEqual(result);
    }
  });

  it('is one over the size limit, and not one that just fits', async () => {
    const size = Buffer.byteLength(LIST);
    const over = await scrubbed(LIST, { basis: { maxBytes: size - 1 } });
    expect(over.result).toMatchObject({ rejection: { cause: 'TOO_LARGE' } });
    expect((await scrubbed(LIST, { basis: { maxBytes: size } })).result.kind).toBe('SCRUBBED');
  });

  it('shows nothing of a cell in its reason', async () => {
    for (const { file, profile } of CASES) {
      const { result } = await scrubbed(file, { basis: { profile: profileOf(profile) } });
      expect(JSON.stringify(result)).not.toMatch(/55501|a@example/);
    }
  });
});

describe('a long undeclared column', () => {
  const rows = (other: (n: number) => string) =>
    `Phone,Other\n${Array.from({ length: 1500 }, (_, n) => `2125550100,${other(n)}\n`).join('')}`;

  it('is refused for numbers that come late', async () => {
    const list = rows((n) => (n < 700 ? `id-${n}` : `212555${String(n).padStart(4, '0')}`));
    expect((await scrubbed(list)).result).toMatchObject({
      rejection: { cause: 'UNDECLARED_CONTACT_COLUMN' },
    });
  });

  it('passes with a number here and there', async () => {
    const list = rows((n) => (n % 10 === 0 ? '2125550199' : `id-${n}`));
    expect((await scrubbed(list)).result.kind).toBe('SCRUBBED');
  });
});

describe('a file that is not refused', () => {
  it.each([
    {
      what: 'account numbers in a column that is declared so',
      file: 'Phone,Account\n2125550100,2125550199\n',
      profile: { ignoredColumns: ['Account'] },
    },
    { what: 'dates', file: 'Phone,Born,Since\n2125550100,1970-12-24,20261122\n', profile: {} },
    {
      what: 'random ids of ten digits',
      file: `Phone,Id\n${Array.from({ length: 60 }, (_, i) => `2125550100,${1_000_000_007 + i * 150_000_001}\n`).join('')}`,
      profile: {},
    },
    { what: 'addresses in a list of calls', file: 'Phone,Mail\n2125550100,b@example.com\n', profile: {} },
    {
      what: 'text that is not UTF-8 in a cell that nobody reads',
      file: Buffer.from('Phone,Name\n2125550100,M\xfcller\n', 'latin1'),
      profile: {},
    },
    { what: 'one column without a name', file: ',Phone\n0,2125550100\n', profile: {} },
    { what: 'another delimiter by profile', file: 'Id;Phone\na,1;2125550100\n', profile: { delimiter: ';' } },
  ])('$what', async ({ file, profile }) => {
    const { result, approved } = await scrubbed(file, { basis: { profile: profileOf(profile) } });
    expect(result.kind).toBe('SCRUBBED');
    expect(approved).toBe(Buffer.from(file).toString('latin1'));
  });
});
