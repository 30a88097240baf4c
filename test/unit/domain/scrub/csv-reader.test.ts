import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvReader, fieldOf } from '../../../../lib/domain/scrub/csv-reader.ts';
import { fieldText } from '../../../../lib/domain/scrub/csv-record.ts';
import { inChunks } from '../../../support/scrub.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'ü', ',', '"', '\n', '\r\n', ' ', '=', ';', '😀'),
  maxLength: 12,
});
const lineEnd = fc.constantFrom('\n', '\r\n');

function cell(value: string, quote: boolean): string {
  return quote || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Files of well-formed CSV: 1 to 6 columns, up to 40 rows, line ends mixed, the last one there or not. */
const file = fc
  .record({
    columns: fc.integer({ min: 1, max: 6 }),
    cells: fc.array(fc.record({ value: text, quote: fc.boolean() }), { minLength: 6, maxLength: 240 }),
    ends: fc.array(lineEnd, { minLength: 1, maxLength: 7 }),
    cutLastEnd: fc.boolean(),
  })
  .map(({ columns, cells, ends, cutLastEnd }) => {
    const rows: string[] = [];
    for (let at = 0; at + columns <= cells.length; at += columns) {
      const fields = cells.slice(at, at + columns).map(({ value, quote }) => cell(value, quote));
      rows.push(fields.join(',') + ends[rows.length % ends.length]);
    }
    const last = rows.at(-1) ?? '';
    // A last row of one empty cell without a line end is no row.
    if (cutLastEnd && columns > 1) rows[rows.length - 1] = last.replace(/\r?\n$/, '');
    return rows.join('');
  });

async function recordsOf(bytes: Uint8Array, cuts: readonly number[] = []) {
  const reader = new CsvReader(inChunks(bytes, cuts), { delimiter: 0x2c, maxBytes: 100_000_000 });
  const header = await reader.header();
  const all = [header];
  for await (const page of reader.pages(header.bounds.length / 2)) {
    for (let record = 0; record < page.count; record += 1) all.push(page.record(record));
    reader.release(page);
  }
  return all;
}

type Records = Awaited<ReturnType<typeof recordsOf>>;

function cellsOf(records: Records): string[][] {
  return records.map((record) =>
    Array.from({ length: record.bounds.length / 2 }, (_, at) => fieldText(fieldOf(record, at))),
  );
}

const whole = (records: Records) => Buffer.concat(records.map(({ raw }) => raw));

describe('CsvReader', () => {
  it('splits what it accepts as csv-parse does, wherever the chunks end, and loses no byte', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.array(fc.nat(2000), { maxLength: 20 }), async (csv, cuts) => {
        const records = await recordsOf(Buffer.from(csv), cuts);
        const expected: string[][] = parse(csv, {
          record_delimiter: ['\r\n', '\n'],
          skip_empty_lines: false,
        });
        expect(cellsOf(records)).toEqual(expected);
        expect(whole(records).toString()).toBe(csv);
        expect(records.map(({ row }) => row)).toEqual(records.map((_, index) => index + 1));
        const before = records.map((_, index) => whole(records.slice(0, index)).toString());
        expect(records.map(({ line }) => line)).toEqual(before.map((part) => part.split('\n').length));
      }),
      { numRuns: 200 },
    );
  });

  // The kinds of files of csv-spectrum.
  it.each([
    ['a comma in quotes', 'first,last,address\nJohn,Doe,"120 any st., Anytown, WW"\n'],
    ['empty cells', 'a,b,c\n1,"",""\n2,3,4\n'],
    ['empty cells and CRLF', 'a,b,c\r\n1,"",""\r\n2,3,4\r\n'],
    ['escaped quotes', 'a,b\n1,"ha ""ha"" ha"\n3,4\n'],
    ['JSON in a cell', 'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n'],
    ['newlines', 'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n'],
    ['newlines and CRLF', 'a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n'],
    ['quotes and newlines', 'a,b\n1,"ha \n""ha"" \nha"\n3,4\n'],
    ['plain cells', 'a,b,c\n1,2,3\n'],
    ['UTF-8', 'a,b,c\n1,2,3\n4,5,ʤ\n'],
    ['a number of columns that no page is made for', `${'c,'.repeat(999)}c\n${',2'.repeat(999)}\n`],
  ])('reads %s', async (_what, csv) => {
    const expected: string[][] = parse(csv, { record_delimiter: ['\r\n', '\n'] });
    expect(cellsOf(await recordsOf(Buffer.from(csv)))).toEqual(expected);
  });

  it.each([
    ['many rows', '2125550100,"note\n",x\r\n', 60_000],
    ['many short rows', ',,\n', 150_000],
    ['rows as long as they may be', `"${'x'.repeat(65_529)}",,\r\n`, 25],
  ])('reads %s over many pages, whatever the size of its chunks', async (_what, row, count) => {
    const csv = Buffer.from(`Phone,Note,X\r\n${row.repeat(count)}`);
    const cuts = Array.from({ length: 300 }, (_, index) => index * 9_973);
    for (const records of [await recordsOf(csv, cuts), await recordsOf(csv)]) {
      expect(records.length).toBe(count + 1);
      expect(records.at(-1)?.line).toBe(2 + (count - 1) * (row.split('\n').length - 1));
      expect(whole(records).equals(csv)).toBe(true);
    }
  });
});
