import metadata from 'libphonenumber-js/max/metadata';
import { describe, expect, test } from 'vitest';
import { wholeAreaCodes } from '../../../../lib/domain/contact-point/nanp.data.ts';
import {
  countryOfNational,
  NOT_SURE,
  readNanpText,
} from '../../../../lib/domain/contact-point/nanp-shapes.ts';
import { internationalNumber } from '../../../../lib/domain/contact-point/numbering-plans.ts';
import { fuzzPhone } from '../../../support/fuzz-phone.ts';
import { Random } from '../../../support/random.ts';

/** Every pattern of a type of number, of every country that shares +1. */
function patterns(): readonly { readonly country: string; readonly pattern: string }[] {
  const countries = metadata.country_calling_codes['1'] ?? [];
  return countries.flatMap((country) =>
    [...JSON.stringify(metadata.countries[country]?.[11] ?? []).matchAll(/"([^"]*\\\\d[^"]*)"/g)].map(
      ([, pattern = '']) => ({ country, pattern: pattern.replaceAll('\\\\', '\\') }),
    ),
  );
}

/** The alternatives of a pattern that stand outside all brackets. */
function alternatives(pattern: string): readonly string[] {
  let depth = 0;
  const marked = [...pattern].map((character) => {
    if ('(['.includes(character)) depth += 1;
    if (')]'.includes(character)) depth -= 1;
    return character === '|' && depth === 0 ? '\n' : character;
  });
  return marked.join('').split('\n');
}

describe('the short way to read numbers of the North American plan', () => {
  test('says of each of the 1,000,000 area codes and exchanges what the library says, or leaves it to it', () => {
    let sure = 0;
    const wrong: string[] = [];
    for (let prefix = 0; prefix < 1_000_000; prefix += 1) {
      const digits = `1${String(prefix).padStart(6, '0')}0123`;
      const national = readNanpText(`+${digits}`, false);
      if (national === NOT_SURE) continue;
      sure += 1;
      const found = internationalNumber(digits);
      if (found?.e164 !== `+1${national}` || found.country !== countryOfNational(national))
        wrong.push(digits);
    }
    expect(wrong).toEqual([]);
    expect(sure).toBe(wholeAreaCodes.flatMap(([, codes]) => codes.split(' ')).length * 800);
    expect(sure).toBeGreaterThan(350_000);
  });

  test('covers no area code where more than six digits decide', () => {
    const longer = patterns().flatMap(({ country, pattern }) =>
      alternatives(pattern)
        .filter((one) => !/\\d\{[4-9]\}$/.test(one))
        .map((one) => ({ country, one })),
    );
    expect(new Set(longer.map(({ country }) => country))).toEqual(new Set(['BB', 'JM']));
    for (const { one } of longer) expect(one).toMatch(/^(246|8766060)/);
    const covered = wholeAreaCodes.flatMap(([, codes]) => codes.split(' '));
    expect(covered).not.toContain('246');
    expect(covered).not.toContain('876');
  });

  test('differs from the library on none of 100,000 random and hostile texts', () => {
    const { sure } = fuzzPhone(new Random(20261122), 100_000);
    expect(sure).toBeGreaterThan(20_000);
  });

  test.each([
    '+12125550100',
    '12125550100',
    '2125550100',
    '(212) 555-0100',
    '(212)555-0100',
    '212-555-0100',
    '212.555.0100',
    '212 555 0100',
    '+1 (212) 555-0100',
    '+1-212-555-0100',
    '1-212-555-0100',
  ])('reads %s', (text) => {
    expect(readNanpText(text, true)).toBe(2125550100);
  });

  test.each([
    '2125550100x12',
    '2125550100 x1',
    '+12125550100;ext=1',
    '212555010',
    '21255501001',
    '+212555010011',
    '212-555--0100',
    '(212 555-0100',
    '212) 555-0100',
    '((212)555-0100',
    '212/555-0100',
    '٢125550100',
    '2125550100\0',
    '+1+2125550100',
    '(1)2125550100',
    '0125550100',
    '2121550100',
    '2425550100',
    '',
  ])('leaves %j to the library', (text) => {
    expect(readNanpText(text, true)).toBe(NOT_SURE);
  });

  test.each(['12125550100', '2125550100', '(212) 555-0100'])(
    'leaves %s of unknown country to the library',
    (text) => {
      expect(readNanpText(text, false)).toBe(NOT_SURE);
    },
  );
});
