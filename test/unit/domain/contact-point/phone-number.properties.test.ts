import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PhoneNumber, parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { examples, writings } from './example-numbers.ts';

const BETWEEN_GROUPS = ['', ' ', '-', '.', ' - '];

const regions = fc.constantFrom('US', 'GB', 'DE', 'FR', 'IT', 'MX', 'AR', 'RU', 'CN', 'XX', undefined);

// A number near a real one: most are valid, some are not.
const nearExample = fc
  .tuple(fc.constantFrom(...examples), fc.nat(9999))
  .map(([{ e164, region }, end]) => ({ e164: e164.slice(0, -4) + String(end).padStart(4, '0'), region }));

const validNumber = nearExample
  .map(({ e164 }) => parsePhoneNumber(e164))
  .filter((found): found is PhoneNumber => found.kind === 'phone');

function written(e164: string, separators: readonly string[]): string {
  const digits = e164.slice(1).split('');
  return `+${digits.map((digit, index) => (index === 0 ? '' : (separators[index % separators.length] ?? '')) + digit).join('')}`;
}

describe('canonical form (I15)', () => {
  test('is idempotent', () => {
    fc.assert(
      fc.property(validNumber, regions, (number, region) => {
        expect(parsePhoneNumber(number.e164, region)).toEqual(number);
        const again = parsePhoneNumber(number.canonical, region);
        if (again.kind === 'phone') expect(again.canonical).toBe(number.canonical);
      }),
      { numRuns: 3000 },
    );
  });

  test('is the same however the groups are set apart', () => {
    const separators = fc.array(fc.constantFrom(...BETWEEN_GROUPS), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(validNumber, separators, ({ e164 }, between) => {
        const raw = written(e164, between);
        fc.pre(raw.length <= 64 && !/\.\d$/.test(raw));
        expect(parsePhoneNumber(raw)).toEqual(parsePhoneNumber(e164));
      }),
      { numRuns: 3000 },
    );
  });

  test('never merges two subscribers', () => {
    // What is left of a number when everything is taken away that ALIASES gives one subscriber twice.
    const subscriber = (e164: string) =>
      e164
        .replace(/^\+549/, '+54')
        .replace(/^\+521(?=\d{10}$)/, '+52')
        .replace(/^\+390549/, '+3780549');
    fc.assert(
      fc.property(validNumber, validNumber, (one, other) => {
        expect(one.canonical === other.canonical).toBe(subscriber(one.e164) === subscriber(other.e164));
      }),
      { numRuns: 3000 },
    );
  });

  test('tells neighbours apart', () => {
    fc.assert(
      fc.property(
        validNumber,
        fc.nat(14),
        fc.integer({ min: 1, max: 9 }),
        ({ e164, canonical }, place, by) => {
          const at = 1 + (place % (e164.length - 1));
          const changed = e164.slice(0, at) + ((Number(e164[at]) + by) % 10) + e164.slice(at + 1);
          const other = parsePhoneNumber(changed);
          if (other.kind === 'phone') expect(other.canonical).not.toBe(canonical);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

test('every form in which a country writes its numbers is read as the same number', () => {
  const differing = examples.filter(({ e164, region }) => {
    const number = parsePhoneNumber(e164);
    const { national, international, uri, fromGermany } = writings(e164);
    const readings = [
      parsePhoneNumber(national, region),
      parsePhoneNumber(international),
      parsePhoneNumber(uri),
      region === 'DE' ? number : parsePhoneNumber(fromGermany, 'DE'),
    ];
    return (
      number.kind === 'unreadable' ||
      readings.some((found) => found.kind === 'unreadable' || found.e164 !== e164)
    );
  });
  // Benin and Zimbabwe renumbered after Google's library was released; +98 9601 is too short for E.164 and for a person.
  expect([...new Set(differing.map(({ e164 }) => e164))].sort()).toEqual([
    '+22981123456',
    '+22985751234',
    '+2631312345',
    '+989601',
  ]);
});

describe('arbitrary input (I6, I25)', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.stringMatching(/^[+\d ()./x#-]{0,64}$/),
  );

  test('is a well-formed number or unreadable, and never throws', () => {
    fc.assert(
      fc.property(anything, fc.oneof(regions, fc.string()), (raw, region) => {
        const found = parsePhoneNumber(raw, region);
        if (found.kind === 'unreadable') return;
        expect(found.e164).toMatch(/^\+[1-9]\d{6,14}$/);
        expect(found.canonical).toMatch(/^tel:\+[1-9]\d{6,14}$/);
        expect(found.country).toMatch(/^([A-Z]{2}|001)$/);
        expect(raw).toMatch(/^[\d+() \-./]*$|^ *tel:/i);
      }),
      { numRuns: 3000 },
    );
  });

  test('of any size costs no more than its first look', () => {
    expect(parsePhoneNumber('9'.repeat(10_000_000), 'US')).toEqual({ kind: 'unreadable', cause: 'TOO_LONG' });
  });
});
