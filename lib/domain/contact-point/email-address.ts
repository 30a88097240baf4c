import { type Unreadable, unreadable } from './unreadable.ts';

export type EmailAddress = {
  readonly kind: 'email';
  /** `mailto:` and the address, the same for every spelling of one mailbox: what the token is made of. */
  readonly canonical: string;
};

// RFC 5321 4.5.3.1: 64 octets of local part (.1), a path of 256 with its angle brackets (.3), so an address of 254.
const MAX_LOCAL_PART_OCTETS = 64;
const MAX_ADDRESS_OCTETS = 254;
const MAX_LENGTH = 512;

// RFC 5322 3.2.3 dot-atom, RFC 6531 3.3 beyond ASCII. Quoted local parts are refused: nobody has one, tricks do.
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~\p{L}\p{M}\p{N}.-]*$/u;
const DOMAIN = /^[a-z\d\p{L}\p{M}\p{N}.-]*$/u;
// RFC 5321 4.1.2 Domain, RFC 1035 2.3.4: labels of at most 63 octets. The URL parser turns what ends in a number into an
// IPv4 address; RFC 5321 writes those in brackets, which are refused.
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;
const ENDS_IN_NUMBER = /\.\d+$/;

/**
 * The mailbox that `raw` names, or why it names none for certain. Letter case is folded in the local part as well, which
 * RFC 5321 2.4 leaves to the host, since an opt-out must hold however the address is typed; dots and `+tags` are kept,
 * because they are different mailboxes at most hosts. International domains become A-labels (UTS 46). Never throws.
 */
export function parseEmailAddress(raw: string): EmailAddress | Unreadable {
  if (raw.length > MAX_LENGTH) return unreadable('TOO_LONG');
  const text = folded(raw.trim().replace(/^mailto:/i, ''));
  if (text === '') return unreadable('EMPTY');
  const at = text.indexOf('@');
  if (at === -1 || at !== text.lastIndexOf('@')) return unreadable('NOT_VALID');
  return readParts(text.slice(0, at), text.slice(at + 1));
}

function readParts(localPart: string, domain: string): EmailAddress | Unreadable {
  if (!LOCAL_PART.test(localPart) || !DOMAIN.test(domain)) return unreadable('BAD_CHARACTERS');
  const host = asciiDomain(domain);
  const isDotAtom = localPart.split('.').every((atom) => atom !== '');
  if (host === undefined || !isDotAtom) return unreadable('NOT_VALID');
  const address = `${localPart}@${host}`;
  const isTooLong = octets(localPart) > MAX_LOCAL_PART_OCTETS || octets(address) > MAX_ADDRESS_OCTETS;
  return isTooLong ? unreadable('TOO_LONG') : { kind: 'email', canonical: `mailto:${address}` };
}

// Lower-casing can take a text out of normal form.
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

function asciiDomain(domain: string): string | undefined {
  const host = URL.parse(`https://${domain}`)?.hostname;
  if (host === undefined || ENDS_IN_NUMBER.test(host)) return undefined;
  const labels = host.split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) ? host : undefined;
}

function octets(text: string): number {
  return Buffer.byteLength(text);
}
