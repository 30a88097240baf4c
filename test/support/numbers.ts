import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';

export const PEPPER: Pepper = { version: 'p1', pepper: 'a-pepper-for-tests-only-'.repeat(3) };

/** Synthetic subscribers (555-0100 to 555-0199), one for each time zone that a test needs. */
export const NUMBERS = {
  newYork: '+12125550100',
  chicago: '+13125550101',
  phoenix: '+16025550102',
  honolulu: '+18085550103',
  losAngeles: '+12135550104',
  tollFree: '+18005550105',
  london: '+442079460106',
  berlin: '+493023125007',
} as const;

export const ADDRESS = 'casey.fixture@example.com';

/** The token of a number that the fixture knows to be valid; throws if it is not. */
export function tokenOfNumber(e164: string, pepper: Pepper): Token {
  const phone = parsePhoneNumber(e164);
  if (phone.kind === 'unreadable') throw new Error(`fixture is unreadable: ${phone.cause}`);
  return tokenOf(pepper, phone);
}

export function tokenOfAddress(address: string, pepper: Pepper): Token {
  const email = parseEmailAddress(address);
  if (email.kind === 'unreadable') throw new Error(`fixture is unreadable: ${email.cause}`);
  return tokenOf(pepper, email);
}
