import { describe, expect, test } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';

type Case = readonly [raw: string, region: string | undefined, expected: string];

function outcome(raw: string, region?: string): string {
  const found = parsePhoneNumber(raw, region);
  return found.kind === 'phone' ? found.e164 : found.cause;
}

function holds(cases: readonly Case[]): void {
  test.each(cases)('%j in %s is %s', (raw, region, expected) => expect(outcome(raw, region)).toBe(expected));
}

describe('ways of writing one number', () => {
  holds([
    ['+17815550100', undefined, '+17815550100'],
    ['  +1 (781) 555-0100 ', undefined, '+17815550100'],
    ['+1.781.555.0100', undefined, '+17815550100'],
    ['tel:+17815550100', undefined, '+17815550100'],
    ['TEL:+1-781-555-0100', undefined, '+17815550100'],
    ['(781) 555-0100', 'US', '+17815550100'],
    ['1-781-555-0100', 'US', '+17815550100'],
    ['7815550100', 'US', '+17815550100'],
    ['7815550100', 'CA', '+17815550100'],
    ['030/123456', 'DE', '+4930123456'],
    ['+49 30/123456', undefined, '+4930123456'],
    ['+49 (0)30 123456', undefined, '+4930123456'],
    ['+49(0)30123456', undefined, '+4930123456'],
    ['30123456', 'DE', '+4930123456'],
    ['06 (1) 234 5678', 'HU', '+3612345678'],
    ['(06 1) 234 5678', 'HU', '+3612345678'],
    ['8 (916) 123-45-67', 'RU', '+79161234567'],
    ['131 2345 6789', 'CN', '+8613123456789'],
    ['06 12345678', 'IT', '+390612345678'],
    ['+39 (0)6 12345678', undefined, '+390612345678'],
    ['322-1234', 'BS', '+12423221234'],
  ]);
});

describe('no region is assumed (threat 12, TB34)', () => {
  holds([
    ['7815550100', undefined, 'NO_REGION'],
    ['015123456789', undefined, 'NO_REGION'],
    ['7815550100', '', 'NO_REGION'],
    ['7815550100', 'us', 'NO_REGION'],
    ['7815550100', 'XX', 'NO_REGION'],
    ['7815550100', '001', 'NO_REGION'],
    ['7815550100', 'constructor', 'NO_REGION'],
    ['015123456789', 'US', 'NOT_VALID'],
    ['015123456789', 'DE', '+4915123456789'],
  ]);
});

describe('international prefixes', () => {
  holds([
    ['0049 30 123456', 'FR', '+4930123456'],
    ['0049 (0)30 123456', 'FR', '+4930123456'],
    ['011 49 30 123456', 'US', '+4930123456'],
    ['0011 49 30 123456', 'AU', '+4930123456'],
    // Not +1 1 321 234 5678 behind a plain 00.
    ['0011 32 12 34 56 78', 'AU', '+3212345678'],
    ['010 49 30 123456', 'JP', '+4930123456'],
    ['0049 30 123456', 'US', 'AMBIGUOUS'],
    ['0049 30 123456', 'AU', 'AMBIGUOUS'],
    ['0012345', 'US', 'AMBIGUOUS'],
    ['011 49 30 123456', 'DE', 'AMBIGUOUS'],
    ['011 49 30 123456', 'GB', 'AMBIGUOUS'],
    ['0113 496 0000', 'GB', '+441134960000'],
    ['011 2345 6789', 'AR', '+541123456789'],
    ['0049 30', 'FR', 'NOT_VALID'],
    ['0049 30 123456', undefined, 'NO_REGION'],
  ]);
});

describe('a number that could be another one (I15)', () => {
  holds([
    ['447911123456', 'DE', 'AMBIGUOUS'],
    // An Italian mobile, or a landline in Piedmont without its plus.
    ['390122698', 'IT', 'AMBIGUOUS'],
    ['447911123456', 'GB', '+447911123456'],
    ['7815550100 / 7815550101', 'US', 'AMBIGUOUS'],
    ['+49 30 123456/7', undefined, 'AMBIGUOUS'],
    ['030/1234/5678', 'DE', 'AMBIGUOUS'],
    ['+17815550100 +17815550101', undefined, 'AMBIGUOUS'],
    ['1+7815550100', 'US', 'AMBIGUOUS'],
    ['(+1) 781 555 0100', undefined, 'AMBIGUOUS'],
    ['7815550100.0', 'US', 'AMBIGUOUS'],
    ['7815550100 7815550101', 'US', 'NOT_VALID'],
    ['7815550100,7815550101', 'US', 'EXTENSION'],
    ['7815550100;7815550101', 'US', 'EXTENSION'],
    ['7815550100\n7815550101', 'US', 'BAD_CHARACTERS'],
  ]);
});

describe('vanity numbers, extensions, addresses, text (threat 10)', () => {
  holds([
    ['1-800-FLOWERS', 'US', 'VANITY'],
    ['+1 800 FLOWERS', undefined, 'VANITY'],
    ['Call +17815550100 now', undefined, 'BAD_CHARACTERS'],
    ['+17815550100x12', undefined, 'EXTENSION'],
    ['+17815550100 ext. 12', undefined, 'EXTENSION'],
    ['+17815550100 extension 12', undefined, 'EXTENSION'],
    ['+17815550100 #12', undefined, 'EXTENSION'],
    ['tel:+17815550100;ext=12', undefined, 'EXTENSION'],
    ['tel:+17815550100;phone-context=x', undefined, 'BAD_CHARACTERS'],
    ['+17815550100p12', undefined, 'EXTENSION'],
    ['sip:+17815550100@pbx.example.com', undefined, 'SIP_ADDRESS'],
    [' SIPS:+17815550100', undefined, 'SIP_ADDRESS'],
    ['alice@pbx.example.com', undefined, 'BAD_CHARACTERS'],
  ]);
});

describe('characters that only look like digits, or like nothing (threat 9)', () => {
  holds([
    ['+1781555٠١٠٠', undefined, 'BAD_CHARACTERS'],
    ['+1７８１5550100', undefined, 'BAD_CHARACTERS'],
    ['＋17815550100', undefined, 'BAD_CHARACTERS'],
    ['+1781\u200b5550100', undefined, 'BAD_CHARACTERS'],
    ['+1781\u00ad5550100', undefined, 'BAD_CHARACTERS'],
    ['+17815550100\0', undefined, 'BAD_CHARACTERS'],
    ['\ufeff+17815550100', undefined, 'BAD_CHARACTERS'],
    ["'+17815550100", undefined, 'BAD_CHARACTERS'],
    ['+1\u00a0781 555 0100', undefined, 'BAD_CHARACTERS'],
    ['+1\t781 555 0100', undefined, 'BAD_CHARACTERS'],
    ['+1 781–555–0100', undefined, 'BAD_CHARACTERS'],
    ['=+17815550100', undefined, 'BAD_CHARACTERS'],
    ['+1 ((781)) 555 0100', undefined, 'BAD_CHARACTERS'],
    ['+1 (781 555 0100', undefined, 'BAD_CHARACTERS'],
    ['+1 781)555 0100(', undefined, 'BAD_CHARACTERS'],
    ['+1 781--555-0100', undefined, 'BAD_CHARACTERS'],
    ['-17815550100', 'US', 'BAD_CHARACTERS'],
    ['+17815550100-', undefined, 'BAD_CHARACTERS'],
    ['+', undefined, 'BAD_CHARACTERS'],
    ['()', undefined, 'BAD_CHARACTERS'],
  ]);
});

describe('size (threat 13, I25)', () => {
  holds([
    ['', undefined, 'EMPTY'],
    ['   ', undefined, 'EMPTY'],
    ['tel:', undefined, 'EMPTY'],
    [`${' '.repeat(52)}+17815550100`, undefined, '+17815550100'],
    [`${' '.repeat(53)}+17815550100`, undefined, 'TOO_LONG'],
    ['9'.repeat(65), 'US', 'TOO_LONG'],
    ['(1'.repeat(32), 'US', 'BAD_CHARACTERS'],
    ['+49 30 1234567890123', undefined, 'NOT_VALID'],
  ]);
});

describe('numbers that nobody has (TB33)', () => {
  holds([
    // What Genesys Cloud sends: a pseudo-DID, and a US number behind a plus.
    ['tel:+11001350113', undefined, 'NOT_VALID'],
    ['tel:+7273294898', 'US', 'NOT_VALID'],
    ['+1 781 555 010', undefined, 'NOT_VALID'],
    ['+1 123 555 0100', undefined, 'NOT_VALID'],
    ['+999 1234567', undefined, 'NOT_VALID'],
    // A trunk prefix behind the calling code: the library drops it, a switch does not.
    ['+4402079460000', undefined, 'NOT_VALID'],
    ['+117815550100', undefined, 'NOT_VALID'],
    ['+34 (0)912345678', undefined, 'NOT_VALID'],
    // Belongs to Great Britain alone, by its length.
    ['0800 126991', 'JE', 'NOT_VALID'],
  ]);
});

describe('countries', () => {
  test.each([
    ['+17815550100', 'US'],
    ['+14165550100', 'CA'],
    ['+12423221234', 'BS'],
    ['+17875550100', 'PR'],
    ['+18005550100', 'US'],
    ['+442079460000', 'GB'],
    ['+441481256789', 'GG'],
    ['+77012345678', 'KZ'],
    ['+80012345678', '001'],
    ['+883510012345', '001'],
  ])('%s belongs to %s', (raw, country) => {
    expect(parsePhoneNumber(raw)).toMatchObject({ kind: 'phone', country });
  });

  test('the region in which a number is read does not change whose it is', () => {
    expect(parsePhoneNumber('8005550100', 'CA')).toEqual(parsePhoneNumber('+18005550100'));
  });
});

describe('one subscriber, several numbers (threat 11)', () => {
  test.each([
    ['+5491123456789', '+541123456789', 'tel:+541123456789'],
    ['+5215512345678', '+525512345678', 'tel:+525512345678'],
    ['+390549886377', '+3780549886377', 'tel:+3780549886377'],
  ])('%s and %s share %s', (one, other, canonical) => {
    expect(parsePhoneNumber(one)).toMatchObject({ e164: one, canonical });
    expect(parsePhoneNumber(other)).toMatchObject({ e164: other, canonical });
  });

  test.each(['+5210012345678', '+521551234567', '+52155123456789'])(
    '%s is no former Mexican mobile',
    (raw) => {
      expect(outcome(raw)).toBe('NOT_VALID');
    },
  );

  test('the two Brazilian numbers that the ninth digit tells apart stay apart', () => {
    expect(parsePhoneNumber('+551177654321')).toMatchObject({ canonical: 'tel:+551177654321' });
    expect(parsePhoneNumber('+5511977654321')).toMatchObject({ canonical: 'tel:+5511977654321' });
  });
});
