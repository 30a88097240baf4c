import type { EmailAddress } from '../../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../domain/contact-point/phone-number.ts';
import type { Token } from '../../domain/contact-point/token.ts';

/** An entry of a do-not-contact list as Genesys Cloud writes it. */
export type DncEntry = {
  readonly token: Token;
  readonly address: string;
  readonly listed: boolean;
  /** yyyy-MM-ddTHH:mmZ; none: for ever. */
  readonly expiration: string | undefined;
};

/** Numbers and addresses are told apart: each has calls of its own. */
export type EntryKind = {
  readonly path: 'phonenumbers' | 'emailaddresses';
  readonly field: 'phoneNumbers' | 'emailAddresses';
  /** How many in one call: no maximum is published but that of any request, 512,000 bytes; an address has at most 254. */
  readonly atOnce: number;
  readonly addressOf: (contactPoint: PhoneNumber | EmailAddress) => string | undefined;
};

export const PHONE_ENTRIES: EntryKind = {
  path: 'phonenumbers',
  field: 'phoneNumbers',
  atOnce: 1000,
  addressOf: (contactPoint) => (contactPoint.kind === 'phone' ? contactPoint.e164 : undefined),
};

export const EMAIL_ENTRIES: EntryKind = {
  path: 'emailaddresses',
  field: 'emailAddresses',
  atOnce: 1000,
  addressOf: ({ kind, canonical }) => (kind === 'email' ? canonical.slice('mailto:'.length) : undefined),
};

const MINUTE_MS = 60_000;
/**
 * "The expiration date cannot be more than 180 days in the future"; a day is left for clocks that differ.
 * https://help.mypurecloud.com/articles/create-a-new-internal-custom-dnc-list/
 */
const LONGEST_EXPIRY_MS = 179 * 86_400_000;

/**
 * The form in which Genesys Cloud takes an expiry: whole minutes, so rounded up, never sooner than asked. Undefined where an
 * entry is to stay, and where it is to stay for longer than can be said: then it comes off when it is told to.
 */
export function expirationOf(until: number | undefined, now: number): string | undefined {
  if (until === undefined) return undefined;
  const rounded = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  return rounded > now + LONGEST_EXPIRY_MS ? undefined : `${new Date(rounded).toISOString().slice(0, 16)}Z`;
}
