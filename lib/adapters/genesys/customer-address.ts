import { type EmailAddress, parseEmailAddress } from '../../domain/contact-point/email-address.ts';
import {
  type PhoneNumber,
  parsePhoneNumber,
  recoverPhoneNumbers,
} from '../../domain/contact-point/phone-number.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { ConversationWrapUp, PostContact } from './wrap-up-event.ts';

export type Direction = 'INBOUND' | 'OUTBOUND' | 'UNKNOWN';

/** Values as Genesys wrote them: `tel:` and `sip:` URIs, bare numbers, addresses, or nothing of the kind. */
export type RawAddresses = { readonly phones: readonly string[]; readonly emails: readonly string[] };

export type Numbering = {
  /** Canonical forms of the operator's caller ids, DIDs and transfer targets, which are never suppressed. */
  readonly ownNumbers: ReadonlySet<string>;
  /** ISO 3166-1 country of national numbers. */
  readonly defaultRegion?: string | undefined;
};

/**
 * The canonical forms of a comma-separated list of the operator's own numbers.
 *
 * @throws ComplianceError BAD_OWN_NUMBERS if one of them is no E.164 number.
 */
export function ownNumbersFrom(list: string): ReadonlySet<string> {
  const numbers = list.split(',').filter((item) => item.trim() !== '');
  return new Set(
    numbers.map((item, index) => {
      const number = parsePhoneNumber(item.trim());
      if (number.kind === 'phone') return number.canonical;
      throw new ComplianceError({
        code: 'BAD_OWN_NUMBERS',
        message: `expected E.164 numbers, got ${number.cause} at position ${index + 1}`,
      });
    }),
  );
}

/** The direction that an event names, in capitals in events and in small letters in the analytics API. */
export function directionOf(direction: string | null | undefined): Direction {
  const named = direction?.toUpperCase();
  return named === 'INBOUND' || named === 'OUTBOUND' ? named : 'UNKNOWN';
}

/**
 * Where the customer is named in a wrap-up: in `dnis` where we called, in `ani` where the customer did, in
 * `callbackNumbers` for a callback. A direction that is not known leaves both ends.
 */
export function customerOfConversation(event: ConversationWrapUp): RawAddresses {
  const { ani, dnis, addressFrom, addressTo } = event;
  const media = event.mediaType?.toUpperCase();
  const direction = directionOf(event.direction);
  const callbacks = written(event.callbackNumbers ?? []);
  if (media === 'CALLBACK' && callbacks.length > 0) return { phones: callbacks, emails: [] };
  const emails = written(ends(direction, addressFrom, addressTo));
  if (media === 'EMAIL') return { phones: [], emails };
  // Other messages carry the platform's own user ids there, whose digits are no number.
  const messages = emails.filter(isWrittenLikeANumber);
  const phones = [...written(ends(direction, ani, dnis)), ...messages];
  return {
    phones: phones.length > 0 ? phones : callbacks,
    emails: emails.filter((text) => text.includes('@')),
  };
}

/** The number that a campaign dialled or texted, or the address that it wrote to. */
export function customerOfCampaign(event: PostContact): RawAddresses {
  const { voiceAttributes, smsAttributes, whatsAppAttributes, emailAttributes } = event;
  const attributes = [voiceAttributes, smsAttributes, whatsAppAttributes];
  return {
    phones: written(attributes.map((found) => found?.contactPhoneNumber)),
    emails: written([emailAttributes?.contactEmailAddress]),
  };
}

export type Customer = {
  readonly contactPoints: readonly (PhoneNumber | EmailAddress)[];
  /** What stood where the customer should stand and gave no contact point. */
  readonly problem: 'NO_CUSTOMER_ADDRESS' | 'UNREADABLE_ADDRESS' | 'ONLY_OWN_NUMBERS' | undefined;
};

/**
 * Every contact point that can be meant, without the operator's own. One number too many is the safe side; `sip:`
 * addresses are none.
 */
export function readCustomer({ phones, emails }: RawAddresses, numbering: Numbering): Customer {
  const readings = [
    ...phones.map((raw) => recoverPhoneNumbers(raw, numbering.defaultRegion)),
    ...emails.map((raw) => {
      const address = parseEmailAddress(raw);
      return address.kind === 'email' ? [address] : [];
    }),
  ];
  const found = new Map(readings.flat().map((contactPoint) => [contactPoint.canonical, contactPoint]));
  const contactPoints = [...found.values()].filter(({ canonical }) => !numbering.ownNumbers.has(canonical));
  return { contactPoints, problem: problemOf(readings, contactPoints.length) };
}

function problemOf(readings: readonly (readonly unknown[])[], kept: number): Customer['problem'] {
  if (readings.length === 0) return 'NO_CUSTOMER_ADDRESS';
  if (readings.some((reading) => reading.length === 0)) return 'UNREADABLE_ADDRESS';
  return kept === 0 ? 'ONLY_OWN_NUMBERS' : undefined;
}

function ends<T>(direction: Direction, caller: T, called: T): readonly T[] {
  switch (direction) {
    case 'INBOUND':
      return [caller];
    case 'OUTBOUND':
      return [called];
    case 'UNKNOWN':
      return [caller, called];
  }
}

function written(values: readonly (string | null | undefined)[]): string[] {
  return values.filter((value) => typeof value === 'string').filter((value) => value.trim() !== '');
}

function isWrittenLikeANumber(text: string): boolean {
  return /^\s*(?:tel:)?\+?[\d() .-]{6,24}$/i.test(text);
}
