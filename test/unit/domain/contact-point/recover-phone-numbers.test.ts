import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePhoneNumber, recoverPhoneNumbers } from '../../../../lib/domain/contact-point/phone-number.ts';

function recovered(raw: string, region?: string): string[] {
  return recoverPhoneNumbers(raw, region).map(({ e164 }) => e164);
}

describe('every number that an opt-out can mean', () => {
  test.each<readonly [raw: string, region: string | undefined, expected: readonly string[]]>([
    ['+17815550100', undefined, ['+17815550100']],
    ['tel:+17815550100', undefined, ['+17815550100']],
    ['tel:+17815550100;ext=12', undefined, ['+17815550100']],
    ['+17815550100x1234567', 'BS', ['+17815550100']],
    ['+1 (781) 555-0100 ext. 12', undefined, ['+17815550100']],
    ['Call +17815550100 now', undefined, ['+17815550100']],
    ["'+17815550100", undefined, ['+17815550100']],
    ['＋1７８１5550100', undefined, ['+17815550100']],
    ['+1781555٠١٠٠', undefined, ['+17815550100']],
    ['+1781555۰۱۰۰', undefined, ['+17815550100']],
    ['+1781\u200b555\u00ad0100', undefined, ['+17815550100']],
    ['+1 781–555–0100', undefined, ['+17815550100']],
    // A spreadsheet's float, or Russia's without its plus.
    ['7815550100.0', 'US', ['+78155501000', '+17815550100']],
    ['781-555-0100 / 781-555-0101', 'US', ['+17815550100', '+17815550101']],
    ['+17815550100+17815550101', undefined, ['+17815550100', '+17815550101']],
    ['7815550100 7815550101', 'US', ['+17815550100', '+17815550101']],
    ['7815550100,7815550101', 'US', ['+17815550100', '+17815550101']],
    // German numbers have no fixed length, so the slash may stand inside one.
    ['030 12345/030 12346', 'DE', ['+493012345030', '+493012345', '+493012346']],
    // What Genesys Cloud makes of 727 329 4898; behind a plus it is nobody's.
    ['tel:+7273294898', 'US', ['+17273294898']],
    ['tel:+7273294898', undefined, []],
    // Norway's, or Arkansas's behind a plus that does not belong there.
    ['+4792001234', 'US', ['+4792001234', '+14792001234']],
    ['+4792001234', 'DE', ['+4792001234']],
    ['+440207946000', 'GB', []],
    ['+4402079460000', undefined, ['+442079460000']],
    ['0049 30 123456', 'US', ['+4930123456']],
    ['0049 30 123456', 'DE', ['+4930123456']],
    ['0049 30 123456', undefined, ['+4930123456']],
    ['011 49 30 123456', undefined, ['+4930123456']],
    ['010 49 30 123456', 'JP', ['+4930123456']],
    ['447911123456', 'DE', ['+49447911123456', '+447911123456']],
    ['17815550100', undefined, ['+17815550100']],
    ['+5215512345678', undefined, ['+5215512345678']],
    ['+5491123456789 +541123456789', undefined, ['+541123456789']],
    ['sip:+17815550100@pbx.example.com', 'US', []],
    ['1-800-FLOWERS', 'US', []],
    ['+11001350113', 'US', []],
    ['anonymous', 'US', []],
    ['', 'US', []],
    [`${'x'.repeat(244)}+17815550100`, undefined, ['+17815550100']],
    [`${'x'.repeat(245)}+17815550100`, undefined, []],
  ])('%j in %s means %j', (raw, region, expected) => {
    expect(recovered(raw, region)).toEqual(expected);
  });
});

test('whatever can be read for certain is recovered', () => {
  const raw = fc.stringMatching(/^(\+1|\+44|\+49|0|1|)[ -]?[2-9]\d{2}[ -]?\d{3}[ -]?\d{4}$/);
  fc.assert(
    fc.property(raw, fc.constantFrom('US', 'GB', 'DE', 'FR', undefined), (text, region) => {
      const certain = parsePhoneNumber(text, region);
      fc.pre(certain.kind === 'phone');
      expect(recoverPhoneNumbers(text, region)).toContainEqual(certain);
    }),
    { numRuns: 2000 },
  );
});

test('anything at all is survived', () => {
  const raw = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.stringMatching(/^[+\d ()./x#-]{0,300}$/),
  );
  fc.assert(
    fc.property(raw, fc.constantFrom('US', 'DE', 'XX', undefined), (text, region) => {
      for (const { e164 } of recoverPhoneNumbers(text, region)) expect(e164).toMatch(/^\+[1-9]\d{6,14}$/);
    }),
  );
});
