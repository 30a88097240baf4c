import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEmailAddress } from '../../../../lib/domain/contact-point/email-address.ts';

function outcome(raw: string): string {
  const found = parseEmailAddress(raw);
  return found.kind === 'email' ? found.canonical : found.cause;
}

const label63 = 'a'.repeat(63);

describe('one mailbox, one canonical form', () => {
  test.each([
    ['someone@example.com', 'mailto:someone@example.com'],
    ['  Some.One@Example.COM\r\n', 'mailto:some.one@example.com'],
    ['mailto:someone@example.com', 'mailto:someone@example.com'],
    ['MAILTO:someone@example.com', 'mailto:someone@example.com'],
    ['some.one+news@example.com', 'mailto:some.one+news@example.com'],
    ["o'neil_{x}!#$%&*/=?^`|~-@example.com", "mailto:o'neil_{x}!#$%&*/=?^`|~-@example.com"],
    ['someone@mail.sub-domain.example.com', 'mailto:someone@mail.sub-domain.example.com'],
    ['someone@bücher.example', 'mailto:someone@xn--bcher-kva.example'],
    ['someone@BÜCHER.example', 'mailto:someone@xn--bcher-kva.example'],
    ['someone@bu\u0308cher.example', 'mailto:someone@xn--bcher-kva.example'],
    ['someone@xn--bcher-kva.example', 'mailto:someone@xn--bcher-kva.example'],
    ['mu\u0308ller@example.com', 'mailto:m\u00fcller@example.com'],
    ['MÜLLER@example.com', 'mailto:m\u00fcller@example.com'],
  ])('%j is %s', (raw, canonical) => expect(outcome(raw)).toBe(canonical));

  test('dots and tags are other mailboxes', () => {
    const forms = ['someone@example.com', 'some.one@example.com', 'someone+x@example.com'];
    expect(new Set(forms.map(outcome)).size).toBe(3);
  });
});

describe('unreadable', () => {
  test.each([
    ['', 'EMPTY'],
    [' \t', 'EMPTY'],
    ['mailto:', 'EMPTY'],
    ['someone', 'NOT_VALID'],
    ['someone@example', 'NOT_VALID'],
    ['@example.com', 'NOT_VALID'],
    ['someone@', 'NOT_VALID'],
    ['some@one@example.com', 'NOT_VALID'],
    ['one@example.com,two@example.com', 'NOT_VALID'],
    ['.someone@example.com', 'NOT_VALID'],
    ['someone.@example.com', 'NOT_VALID'],
    ['some..one@example.com', 'NOT_VALID'],
    ['someone@example..com', 'NOT_VALID'],
    ['someone@example.com.', 'NOT_VALID'],
    ['someone@-example.com', 'NOT_VALID'],
    ['someone@192.0.2.1', 'NOT_VALID'],
    ['someone@0x7f.1', 'NOT_VALID'],
    ['someone@example.123', 'NOT_VALID'],
    ['someone@[192.0.2.1]', 'BAD_CHARACTERS'],
    ['"some one"@example.com', 'BAD_CHARACTERS'],
    ['some one@example.com', 'BAD_CHARACTERS'],
    ['Some One <someone@example.com>', 'BAD_CHARACTERS'],
    ['someone@exam_ple.com', 'BAD_CHARACTERS'],
    ['someone@example.com/path', 'BAD_CHARACTERS'],
    ['someone@example.com:25', 'BAD_CHARACTERS'],
    ['someone@example.com?subject=x', 'BAD_CHARACTERS'],
    ['some\0one@example.com', 'BAD_CHARACTERS'],
    ['some\u200bone@example.com', 'BAD_CHARACTERS'],
    ['someone@exam\u00adple.com', 'BAD_CHARACTERS'],
    ['someone@example。com', 'BAD_CHARACTERS'],
    [`${'a'.repeat(65)}@example.com`, 'TOO_LONG'],
    [`${'ü'.repeat(33)}@example.com`, 'TOO_LONG'],
    [`a@${label63}.${label63}.${label63}.${'a'.repeat(57)}.com`, 'TOO_LONG'],
    [`someone@a${label63}.com`, 'NOT_VALID'],
    [`a@${'a'.repeat(511)}`, 'TOO_LONG'],
  ])('%j is %s', (raw, cause) => expect(outcome(raw)).toBe(cause));

  test('the longest address that RFC 5321 allows is read', () => {
    expect(outcome(`${'a'.repeat(64)}@${label63}.${label63}.${'a'.repeat(57)}.com`)).toMatch(/^mailto:a/);
  });
});

test('the canonical form is its own canonical form', () => {
  const raw = fc.oneof(
    fc.emailAddress(),
    fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.domain()).map((parts) => parts.join('@')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  fc.assert(
    fc.property(raw, (text) => {
      const found = parseEmailAddress(text);
      if (found.kind === 'email') expect(parseEmailAddress(found.canonical)).toEqual(found);
    }),
    { numRuns: 3000 },
  );
});

test('letter case never makes another mailbox', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (raw) => {
      expect(outcome(raw.toUpperCase())).toBe(outcome(raw));
    }),
  );
});
