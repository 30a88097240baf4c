import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contactPointsWith,
  phoneToken,
  profileOf,
  registryWith,
  scrubbed,
  suppressing,
} from '../../../support/scrub.ts';

const OPTED_OUT = ['+12125550111', '+12125550112'];
const LISTED = ['+12125550122'];
const DENIED = [...OPTED_OUT, ...LISTED];

const phone = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 199 }).map((n) => `212555${String(n).padStart(4, '0')}`),
  },
  { weight: 2, arbitrary: fc.constantFrom(...DENIED, '(212) 555-0111', '1 212 555 0122') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', 'n/a', '12', '+493090182000', '212-555-0100 x1', '１２３'),
  },
);
const note = fc.string({
  unit: fc.constantFrom('a', 'ü', ',', '"', '\n', '\r\n', ' ', '=', ';'),
  maxLength: 12,
});
const lineEnd = fc.constantFrom('\n', '\r\n');

function cell(text: string, quote: boolean): string {
  return quote || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const row = fc
  .record({ home: phone, cellPhone: phone, note, quote: fc.boolean(), end: lineEnd })
  .map(({ home, cellPhone, note: text, quote, end }) => ({
    numbers: [home, cellPhone],
    bytes: `${cell(home, quote)},${cell(text, quote)},${cell(cellPhone, false)}${end}`,
  }));

const list = fc.record({
  bom: fc.constantFrom('', '\ufeff'),
  headerEnd: lineEnd,
  rows: fc.array(row, { minLength: 1, maxLength: 40 }),
  cutLastEnd: fc.boolean(),
});
type List = typeof list extends fc.Arbitrary<infer T> ? T : never;

function fileOf({ bom, headerEnd, rows, cutLastEnd }: List): {
  header: string;
  rows: string[];
  file: string;
} {
  const header = `${bom}Home,Note,Cell${headerEnd}`;
  const bytes = rows.map((one) => one.bytes);
  const last = bytes.at(-1) ?? '';
  if (cutLastEnd) bytes[bytes.length - 1] = last.replace(/\r?\n$/, '');
  return { header, rows: bytes, file: header + bytes.join('') };
}

const basis = {
  profile: profileOf({ phoneColumns: ['Home', 'Cell'], ignoredColumns: ['Note'] }),
  registries: [registryWith(...LISTED)],
};
const world = () => contactPointsWith(suppressing(...OPTED_OUT.map(phoneToken)));
const utf8 = (latin1: string) => Buffer.from(latin1, 'latin1').toString();

describe('a scrub', () => {
  it('partitions the rows: approved + rejected + quarantined + other region are the file', async () => {
    await fc.assert(
      fc.asyncProperty(list, async (sample) => {
        const { header, rows, file } = fileOf(sample);
        const scrub = await scrubbed(file, { basis, contactPoints: world() });
        const elsewhere = [scrub.rejected, scrub.quarantined, scrub.otherRegion].flatMap((report) =>
          parse(report, { columns: true }).map((line: unknown) => rowNumber(line)),
        );
        const approved = rows.filter((_, index) => !elsewhere.includes(index + 2));
        expect(new Set(elsewhere).size).toBe(elsewhere.length);
        expect(utf8(scrub.approved)).toBe(header + approved.join(''));
        expect(scrub.result).toMatchObject({
          counts: { rows: rows.length, approved: approved.length },
        });
        expect(scrub.evidence.split('\n').length - 1).toBe(rows.length);
      }),
      { numRuns: 150 },
    );
  });

  it('approves no row with a denied or unreadable number in any phone column', async () => {
    await fc.assert(
      fc.asyncProperty(list, async (sample) => {
        const scrub = await scrubbed(fileOf(sample).file, { basis, contactPoints: world() });
        const approved: string[][] = parse(utf8(scrub.approved), {
          bom: true,
          from: 2,
          record_delimiter: ['\r\n', '\n'],
        });
        for (const [home = '', , cellPhone = ''] of approved) {
          const numbers = [home, cellPhone].map((text) => text.trim()).filter((text) => text !== '');
          expect(numbers.length).toBeGreaterThan(0);
          for (const number of numbers) {
            expect(number).toMatch(/^212555\d{4}$/);
            expect(DENIED).not.toContain(`+1${number}`);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same bytes wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.array(fc.nat(3000), { maxLength: 60 }), async (sample, cuts) => {
        const { file } = fileOf(sample);
        const whole = await scrubbed(file, { basis, contactPoints: world() });
        expect(await scrubbed(file, { basis, cuts, contactPoints: world() })).toEqual(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same outcome for any bytes wherever the chunks end', async () => {
    const alphabet = fc.constantFrom(...'Phone,",\n\r2125550100;a', '\0', '\xff', 'é');
    const hostile = fc.string({ unit: alphabet, maxLength: 60 }).map((tail) => `Phone\n2125550100\n${tail}`);
    await fc.assert(
      fc.asyncProperty(hostile, fc.array(fc.nat(80), { maxLength: 20 }), async (text, cuts) => {
        const bytes = Buffer.from(text, 'latin1');
        expect(await scrubbed(bytes, { cuts })).toEqual(await scrubbed(bytes));
      }),
      { numRuns: 400 },
    );
  });
});

function rowNumber(line: unknown): number {
  return Number(
    typeof line === 'object' && line !== null && 'dialguard_row' in line ? line.dialguard_row : Number.NaN,
  );
}
