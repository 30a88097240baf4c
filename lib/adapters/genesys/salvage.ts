import { type EmailAddress, parseEmailAddress } from '../../domain/contact-point/email-address.ts';
import { type PhoneNumber, recoverPhoneNumbers } from '../../domain/contact-point/phone-number.ts';
import { type Direction, directionOf, type Numbering } from './customer-address.ts';
import { eventTimeOf } from './wrap-up-event.ts';

export type Salvaged = {
  readonly contactPoints: readonly (PhoneNumber | EmailAddress)[];
  /** Epoch milliseconds. */
  readonly statedAt: number | undefined;
};

export type CodeVerdict = 'OPT_OUT' | 'OTHER' | 'ABSENT' | 'UNREADABLE';

/**
 * Makes out whom an event that cannot be read is about: what stands in any field that can hold the customer, at any
 * depth, in JSON or in what is left of it, and every `tel:` URI; without the operator's own numbers.
 */
export function salvage(body: string, numbering: Numbering): Salvaged {
  const text = unescaped(body);
  const direction = directionIn(text);
  const fields = FIELDS[direction];
  const phones = (values: readonly string[]) =>
    values.flatMap((value) => recoverPhoneNumbers(value, numbering.defaultRegion));
  const own = new Set([...numbering.ownNumbers, ...phones(valuesOf(text, fields.own)).map(canonical)]);
  const numbers = phones([...valuesOf(text, fields.customer), ...(text.match(TEL_URI) ?? [])]);
  const addresses = valuesOf(text, fields.customerEmail)
    .map((value) => parseEmailAddress(value))
    .filter((address) => address.kind === 'email');
  const found = new Map(
    [...numbers, ...addresses].map((contactPoint) => [contactPoint.canonical, contactPoint]),
  );
  return {
    contactPoints: [...found.values()].filter((contactPoint) => !own.has(contactPoint.canonical)),
    statedAt: eventTimeOf(...valuesOf(text, EVENT_TIME).map(Number)),
  };
}

/**
 * What an event that cannot be read says of its wrap-up code. An opt-out code anywhere in the text counts; another
 * code counts only where it is whole.
 */
export function codeIn(body: string, optOutCodes: ReadonlySet<string>): CodeVerdict {
  const text = unescaped(body);
  if (
    text
      .toLowerCase()
      .split(NO_ID)
      .some((word) => optOutCodes.has(word))
  )
    return 'OPT_OUT';
  const named = [...text.matchAll(WRAP_UP_CODE)]
    .map(([, value = '']) => value)
    .filter((value) => value !== 'null');
  if (named.length === 0) return 'ABSENT';
  return named.every((value) => WHOLE_ID.test(value)) ? 'OTHER' : 'UNREADABLE';
}

const NO_ID = /[^\w.-]+/;
const WHOLE_ID = /^"[\w.-]+"$/;
const TEL_URI = /tel:\+?[\d().-]{6,24}/gi;
const QUOTED = /"([^"]{0,256})"?|'([^']{0,256})'?|([^\s"',[\]{}]{1,256})/g;

const WRAP_UP_CODE = field('wrapUpCode');
const EVENT_TIME = field('eventTime');
const DIRECTION = field('direction');

const CAMPAIGNS_OWN = 'callerIdPhoneNumber|configuredSenderPhoneNumber|senderPhoneNumber';
const CAMPAIGNS_CUSTOMER = 'contactPhoneNumber|callbackNumbers';

/** Which fields can hold whom. On an outbound contact `ani` is ours, on an inbound one `dnis` is. */
const FIELDS: Record<Direction, { customer: RegExp; own: RegExp; customerEmail: RegExp }> = {
  OUTBOUND: {
    customer: field(`${CAMPAIGNS_CUSTOMER}|dnis`),
    own: field(`${CAMPAIGNS_OWN}|ani`),
    customerEmail: field('contactEmailAddress|addressTo'),
  },
  INBOUND: {
    customer: field(`${CAMPAIGNS_CUSTOMER}|ani`),
    own: field(`${CAMPAIGNS_OWN}|dnis`),
    customerEmail: field('contactEmailAddress|addressFrom'),
  },
  UNKNOWN: {
    customer: field(`${CAMPAIGNS_CUSTOMER}|ani|dnis`),
    own: field(CAMPAIGNS_OWN),
    customerEmail: field('contactEmailAddress|addressTo|addressFrom'),
  },
};

// A name, quoted in some way or not at all, and its value: a list, a quoted text that may have been cut off, or a word.
function field(names: string): RegExp {
  return new RegExp(
    `(?<![\\w])["']?(?:${names})["']?\\s{0,20}[:=]\\s{0,20}(\\[[^\\]]{0,4096}|"[^"]{0,1024}"?|'[^']{0,1024}'?|[^\\s"',\\]}]{1,256})`,
    'gi',
  );
}

function valuesOf(text: string, named: RegExp): string[] {
  return [...text.matchAll(named)].flatMap(([, value = '']) =>
    [...value.matchAll(QUOTED)].map(([, double, single, bare]) => double ?? single ?? bare ?? ''),
  );
}

function directionIn(text: string): Direction {
  const named = new Set(valuesOf(text, DIRECTION).map(directionOf));
  const [only = 'UNKNOWN'] = named;
  return named.size === 1 ? only : 'UNKNOWN';
}

// JSON within JSON, as in a body that was serialized twice, and characters as `\u002b`.
function unescaped(body: string): string {
  return body
    .replace(/\\(?=[\\"'/])/g, '')
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function canonical(contactPoint: PhoneNumber): string {
  return contactPoint.canonical;
}
