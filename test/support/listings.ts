import { type EmailAddress, parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { tokenOf } from '../../lib/domain/contact-point/token.ts';
import type { Listing } from '../../lib/domain/dialler/dialler.ts';
import { PEPPER } from './numbers.ts';

const AREA_CODES =
  '201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240';

/** A synthetic number for each of 0 to 2499: 555-0100 to 555-0199 in 25 area codes. */
export function numberAt(index: number): string {
  const areaCode = AREA_CODES.split(' ')[Math.floor(index / 100)];
  if (areaCode === undefined) throw new Error('expected an index below 2500');
  return `+1${areaCode}55501${String(index % 100).padStart(2, '0')}`;
}

/** What a list is to say of a number or an address; throws if it is neither. */
export function listing(clear: string, { listed = true, until }: Partial<Listing> = {}): Listing {
  const contactPoint = contactPointOf(clear);
  return {
    token: tokenOf(PEPPER, contactPoint),
    contactPoint,
    listed,
    ...(until === undefined ? {} : { until }),
  };
}

function contactPointOf(clear: string): PhoneNumber | EmailAddress {
  const read = clear.includes('@') ? parseEmailAddress(clear) : parsePhoneNumber(clear);
  if (read.kind === 'unreadable') throw new Error(`fixture is unreadable: ${read.cause}`);
  return read;
}

/** What a promise failed with; `none` where it did not. */
export function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'none',
    (error: unknown) => error,
  );
}

export async function collected(entries: AsyncIterable<string> | undefined): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const entry of entries ?? []) all.push(entry);
  return all;
}
