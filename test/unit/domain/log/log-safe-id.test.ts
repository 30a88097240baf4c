import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSafeId } from '../../../../lib/domain/log/log-safe-id.ts';
import { OpaqueId, Seller } from '../../../../lib/domain/vocabulary.ts';
import { leaks } from '../../../support/canary.ts';
import { ADDRESS, NUMBERS, PEPPER } from '../../../support/numbers.ts';

const UUID = '5c1b0c7e-9d21-4c7e-8d0a-9c2b7a1d3f55';
const NUMBER = NUMBERS.newYork;
const DIGITS = NUMBER.slice(1);

describe('an id as the log may hold it', () => {
  it.each([UUID, 'spring-2026', 'crm:42:b', '123456', 'a'.repeat(128)])(
    'is itself where it says nothing: %s',
    (id) => {
      expect(logSafeId(id, PEPPER)).toBe(id);
    },
  );

  it.each([
    NUMBER,
    DIGITS,
    `contact-${DIGITS}`,
    `212-555-0100`,
    `212.555.0100`,
    `2:1:2:5:5:5:0`,
    `5550100`,
    `tel:${NUMBER}`,
    ADDRESS,
    `contact ${ADDRESS}`,
    '',
    'a'.repeat(129),
    '٢١٢٥٥٥٠١٠٠',
    ...['md5', 'sha1', 'sha256'].map((hash) => createHash(hash).update(NUMBER).digest('hex')),
  ])('is a pseudonym where it may be a person: %s', (id) => {
    const safe = logSafeId(id, PEPPER);
    expect(safe).toMatch(/^h\.p1\.[\w-]{22}$/);
    expect(logSafeId(id, PEPPER)).toBe(safe);
    expect(logSafeId(id, { ...PEPPER, pepper: 'another' })).not.toBe(safe);
    expect(leaks(safe, [NUMBER, ADDRESS])).toEqual([]);
  });

  it('never holds a run of seven digits, unless a machine made the whole of it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (before, after) => {
        expect(leaks(logSafeId(`${before}${DIGITS}${after}`, PEPPER), [NUMBER])).toEqual([]);
      }),
    );
  });

  it('is the only form in which an id or a seller is taken from a caller', () => {
    for (const id of [DIGITS, '212-555-0100', ADDRESS]) {
      expect(OpaqueId.safeParse(id).success).toBe(false);
      expect(Seller.safeParse(id).success).toBe(false);
    }
    expect(Seller.safeParse('acme').success).toBe(true);
  });
});
