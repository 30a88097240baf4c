import * as z from 'zod';
import { type EmailAddress, parseEmailAddress } from '../../domain/contact-point/email-address.ts';
import {
  type PhoneNumber,
  parsePhoneNumber,
  type Unreadable,
} from '../../domain/contact-point/phone-number.ts';

const Raw = z.string().max(512, 'expected at most 512 characters');

/** The country in whose plan a national number is read, ISO 3166-1 alpha-2. There is no default. */
export const DefaultRegion = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 country');

/** How a request body names a contact point. */
export const ContactPointFields = {
  phoneNumber: Raw.optional(),
  email: Raw.optional(),
  defaultRegion: DefaultRegion.optional(),
};

export type ContactPointInput = {
  readonly phoneNumber?: string | undefined;
  readonly email?: string | undefined;
  readonly defaultRegion?: string | undefined;
};

/** Whether a request names exactly one kind of contact point. */
export function namesOne(...named: readonly unknown[]): boolean {
  return named.filter((value) => value !== undefined).length === 1;
}

/** An object with these fields and no others; the message about others does not repeat what was sent. */
export function bodyOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: 'expected an object with the documented fields and no others' });
}

/** The one contact point that is certainly meant, or why there is none. */
export function readContactPoint(input: ContactPointInput): PhoneNumber | EmailAddress | Unreadable {
  return input.email === undefined
    ? parsePhoneNumber(input.phoneNumber ?? '', input.defaultRegion)
    : parseEmailAddress(input.email);
}
