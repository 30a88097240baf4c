import { createHmac } from 'node:crypto';
import type { EmailAddress } from './email-address.ts';
import type { PhoneNumber } from './phone-number.ts';

/** A contact point's name everywhere outside memory: it cannot be turned back, or guessed without the pepper. */
export type Token = string & { readonly __brand: 'Token' };

export type Pepper = { readonly version: string; readonly pepper: string };

// A version as in `p1`, and the 43 characters of 32 bytes in base64url (RFC 4648 section 5, no padding); the last one
// carries four bits, so only every fourth letter can stand there.
const TOKEN = /^p[1-9]\d{0,5}\.[\w-]{42}[AEIMQUYcgkosw048]$/;

/** `<pepper version>.` and base64url of HMAC-SHA-256 (RFC 2104) over the canonical form under the pepper. */
export function tokenOf({ version, pepper }: Pepper, { canonical }: PhoneNumber | EmailAddress): Token {
  return `${version}.${createHmac('sha256', pepper).update(canonical).digest('base64url')}` as Token;
}

/** Whether `value` has the form of a token; says nothing about whether such a contact point is known. */
export function isToken(value: string): value is Token {
  return TOKEN.test(value);
}
