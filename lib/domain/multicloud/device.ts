import * as z from 'zod';
import { type EmailAddress, parseEmailAddress } from '../contact-point/email-address.ts';
import { e123Notation } from '../contact-point/numbering-plans.ts';
import { type PhoneNumber, parsePhoneNumber } from '../contact-point/phone-number.ts';

export type IpAddress = { readonly kind: 'ip'; readonly address: string };

/** What one object of `contacts` names. */
export type Device = PhoneNumber | EmailAddress | IpAddress;

export type UnreadableDevice = { readonly kind: 'unreadable'; readonly reason: string };

const KINDS = ['phone', 'email', 'ipaddr'] as const;
const JsonObject = z.record(z.string(), z.unknown());
const IpText = z.union([z.ipv4(), z.ipv6()]);
/** ITU-T E.123, international notation: a plus sign, the calling code, groups of digits parted by single spaces. */
const E123 = /^\+\d(?: ?\d)+$/;
const BAD_FORMAT = 'incorrect device format';

/** Reads one object of `contacts`, which must name one device. Never throws, whatever is given. */
export function readDevice(contact: unknown): Device | UnreadableDevice {
  const fields = JsonObject.safeParse(contact).data ?? {};
  const [kind, another] = KINDS.filter((name) => fields[name] !== undefined);
  if (kind === undefined || another !== undefined) {
    return refused(`expected one of ${KINDS.join(', ')}`);
  }
  const value = z.string().safeParse(fields[kind]).data;
  return value === undefined ? refused(BAD_FORMAT) : READERS[kind](value);
}

const READERS: Readonly<Record<(typeof KINDS)[number], (value: string) => Device | UnreadableDevice>> = {
  phone: (value) => {
    const phone = E123.test(value) ? parsePhoneNumber(value) : undefined;
    return phone?.kind === 'phone' ? phone : refused(BAD_FORMAT);
  },
  email: (value) => {
    const email = parseEmailAddress(value);
    return email.kind === 'email' ? email : refused(BAD_FORMAT);
  },
  ipaddr: (value) =>
    IpText.safeParse(value).success ? { kind: 'ip', address: value.toLowerCase() } : refused(BAD_FORMAT),
};

function refused(reason: string): UnreadableDevice {
  return { kind: 'unreadable', reason };
}

/** The object of `contacts` that names a device, as the format asks for it; `readDevice` reads the same device back. */
export function contactOf(device: Device): Readonly<Record<string, string>> {
  switch (device.kind) {
    case 'phone':
      return { phone: e123Notation(device.e164) };
    case 'email':
      return { email: device.canonical.slice('mailto:'.length) };
    case 'ip':
      return { ipaddr: device.address };
  }
}
