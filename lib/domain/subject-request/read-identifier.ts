import { type EmailAddress, parseEmailAddress } from '../contact-point/email-address.ts';
import { type PhoneNumber, parsePhoneNumber, type Unreadable } from '../contact-point/phone-number.ts';
import type { Identifier } from './identifier.ts';

/**
 * The contact point that an identifier names; undefined for a kind that our own store knows nobody by. Phone numbers are
 * international: a request must not depend on where it was taken in.
 */
export function contactPointOf({
  kind,
  value,
}: Identifier): PhoneNumber | EmailAddress | Unreadable | undefined {
  // WhatsApp knows people by their telephone numbers.
  if (kind === 'PHONE' || kind === 'WHATSAPP') return parsePhoneNumber(value);
  return kind === 'EMAIL' ? parseEmailAddress(value) : undefined;
}

/** The contact points among identifiers, those that can be read, each once. */
export function contactPointsOf(identifiers: readonly Identifier[]): readonly (PhoneNumber | EmailAddress)[] {
  const read = identifiers.map(contactPointOf);
  const readable = read.filter((each) => each !== undefined && each.kind !== 'unreadable');
  return [...new Map(readable.map((each) => [each.canonical, each])).values()];
}

/** An identifier as other systems are asked for it: E.164, and addresses in the form in which they are kept. */
export function normalized(identifier: Identifier): Identifier {
  const read = contactPointOf(identifier);
  switch (read?.kind) {
    case 'phone':
      return { ...identifier, value: read.e164 };
    case 'email':
      return { ...identifier, value: read.canonical.slice('mailto:'.length) };
    default:
      return identifier;
  }
}
