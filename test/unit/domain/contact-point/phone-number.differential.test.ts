import fc from 'fast-check';
import readByJs from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { examples, readByGoogle, writings } from './example-numbers.ts';

// Google's own port and libphonenumber-js read some texts as different numbers, or only one of them reads them
// (threat 10). Whatever they disagree on must be unreadable here.

const NOISE = [
  ...[
    '+',
    '0',
    '00',
    '011',
    '(0)',
    '(',
    ')',
    ' ',
    '  ',
    '-',
    '.',
    '/',
    '~',
    '*',
    "'",
    'tel:',
    'sip:',
    'Call ',
  ],
  ...[
    'x12',
    ' ext. 7',
    '#9',
    ';ext=12',
    ',',
    ';',
    'A',
    'FLOWERS',
    '٣',
    '１',
    '＋',
    '\u200b',
    '\u00ad',
    '\0',
    ' now',
  ],
];
const REGIONS = [undefined, ...new Set(examples.map(({ region }) => region))];

type Edit = { readonly at: number; readonly remove: boolean; readonly insert: string };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(20),
  remove: fc.boolean(),
  insert: fc.oneof(fc.constantFrom('', ...NOISE), fc.nat(9).map(String)),
});

const raw = fc
  .tuple(fc.constantFrom(...examples), fc.nat(9999), fc.nat(3), fc.array(edit, { maxLength: 3 }))
  .map(([{ e164, region }, end, form, edits]) => {
    const number = e164.slice(0, -4) + String(end).padStart(4, '0');
    const { national, international, uri } = writings(number);
    const text = [number, national, international, uri][form] ?? number;
    return { text: edits.reduce(edited, text), region };
  });

function edited(text: string, { at, remove, insert }: Edit): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + insert + text.slice(place + (remove ? 1 : 0));
}

function readByJavaScript(text: string, region?: string): string | undefined {
  const code = REGIONS.find((known) => known === region);
  const number = isCountry(code) ? readByJs(text, code) : readByJs(text);
  return number?.isValid() ? number.number + (number.ext ?? '') : undefined;
}

type Country = Extract<Parameters<typeof readByJs>[1], string>;

function isCountry(code: string | undefined): code is Country {
  return code !== undefined;
}

test('what the two libraries disagree on is unreadable, and what is read both read alike', () => {
  let disagreements = 0;
  let readings = 0;
  fc.assert(
    fc.property(raw, fc.option(fc.constantFrom(...REGIONS)), ({ text, region }, other) => {
      const readIn = other === null ? region : other;
      const [google, js] = [readByGoogle(text, readIn), readByJavaScript(text, readIn)];
      disagreements += google === js ? 0 : 1;
      const found = parsePhoneNumber(text, readIn);
      // A range that only one version of the numbering plans holds is no question of how a number is written.
      if (found.kind === 'unreadable' || readByGoogle(found.e164) !== readByJavaScript(found.e164)) return;
      // Both have forgotten Mexico's former mobiles.
      if (/^\+521\d{10}$/.test(found.e164)) return;
      readings += 1;
      expect([text, readIn, google, js]).toEqual([text, readIn, found.e164, found.e164]);
    }),
    { numRuns: 10_000 },
  );
  expect(disagreements).toBeGreaterThan(20);
  expect(readings).toBeGreaterThan(2000);
});

test.each([
  ['1-800-FLOWERS', 'US'],
  ['sip:+17815550100@pbx.example.com', 'US'],
  ['Call +17815551212 now', 'US'],
  ['0800 126991', 'JE'],
])('the libraries disagree on %j in %s', (text, region) => {
  expect(readByGoogle(text, region)).not.toBe(readByJavaScript(text, region));
  expect(parsePhoneNumber(text, region).kind).toBe('unreadable');
});
