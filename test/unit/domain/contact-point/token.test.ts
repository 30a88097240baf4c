import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../../../lib/domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { isToken, type Token, tokenOf } from '../../../../lib/domain/contact-point/token.ts';

const pepper = { version: 'p1', pepper: 'k'.repeat(64) };

function token(raw: string, region = 'US', under = pepper): Token {
  const found = raw.includes('@') ? parseEmailAddress(raw) : parsePhoneNumber(raw, region);
  if (found.kind === 'unreadable') throw new Error(`expected a contact point, got ${found.cause}`);
  return tokenOf(under, found);
}

describe('a token', () => {
  test('is the version and the HMAC-SHA-256 of the canonical form', () => {
    const hmac = createHmac('sha256', Buffer.from(pepper.pepper)).update('tel:+17815550100').digest();
    expect(token('(781) 555-0100')).toBe(`p1.${hmac.toString('base64url')}`);
  });

  test('is pinned: stored keys depend on it', () => {
    expect(token('+17815550100')).toBe('p1.Be9eLbqUsyuyh7z9ERj5czweOqiES9ezF9r13Lvpgmo');
    expect(token('Someone@Example.com')).toBe('p1.CsnsKmAdtjlwcfPGDRrIUtqHyVkzOFqDVAq7qTBw5T8');
  });

  test.each([
    ['7815550100', '+1 (781) 555-0100'],
    ['+5491123456789', '+541123456789'],
    ['+5215512345678', '+525512345678'],
    ['someone@example.com', 'SOMEONE@EXAMPLE.COM'],
  ])('is shared by %s and %s', (one, other) => expect(token(one)).toBe(token(other)));

  test.each([
    ['+17815550100', '+17815550101'],
    ['someone@example.com', 'some.one@example.com'],
  ])('is not shared by %s and %s', (one, other) => expect(token(one)).not.toBe(token(other)));

  test('depends on the pepper and names its version (threat 18)', () => {
    const next = token('+17815550100', 'US', { version: 'p2', pepper: 'l'.repeat(64) });
    expect(next).toMatch(/^p2\./);
    expect(next.slice(3)).not.toBe(token('+17815550100').slice(3));
  });

  test('is the HMAC of node:crypto under any pepper, for any canonical form', () => {
    const text = fc.string({ unit: 'binary', maxLength: 700 });
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
        fc.array(text),
        (key, texts) => {
          for (const canonical of texts) {
            const hmac = createHmac('sha256', key).update(canonical).digest('base64url');
            expect(tokenOf({ version: 'p1', pepper: key }, { canonical })).toBe(`p1.${hmac}`);
          }
        },
      ),
    );
  });

  test('does not hold the number', () => expect(token('+17815550100')).not.toContain('781'));
});

describe('the form of a token', () => {
  const hash = token('+17815550100').slice(3);

  test.each([`p1.${hash}`, `p12.${hash}`])('%s is one', (value) => expect(isToken(value)).toBe(true));

  test.each([
    '',
    hash,
    `p0.${hash}`,
    `p01.${hash}`,
    `q1.${hash}`,
    `p1.${hash}=`,
    `p1.${hash.slice(1)}`,
    `p1.${hash}A`,
    `p1.${hash.slice(0, -1)}B`,
    `p1.+${hash.slice(1)}`,
    `p1.${hash}\n`,
    ` p1.${hash}`,
    'tel:+17815550100',
  ])('%j is none', (value) => expect(isToken(value)).toBe(false));
});
