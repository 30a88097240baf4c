import { type Unreadable, unreadable } from './unreadable.ts';

// Two ports of libphonenumber disagree about vanity letters, SIP addresses, text around a number and extensions. So
// nothing but digits reaches the library, and only from the few ways of writing a number that leave no doubt.

/** Digits as they were written, apart from their punctuation. */
export type WrittenNumber = {
  readonly kind: 'written';
  readonly international: boolean;
  readonly digits: string;
  /** `digits` without a trunk zero in brackets after the first group, the calling code: `+44 (0)20 7946 0000`. */
  readonly withoutTrunkZero: string | undefined;
};

// Above any E.164 number with an international prefix and punctuation; checked before anything looks at the text.
const MAX_LENGTH = 64;

const SIP = /^\s*sips?:/i;
const TEL = /^tel:/i;
const ONLY_PHONE_CHARACTERS = /^[\d+() \-./]+$/;
// RFC 3966 `;ext=`, the customary `x12`, `ext. 12`, `extension 12`, `#12`, and the pauses `,` `;` `p` `w` of a dial string.
const ENDS_IN_EXTENSION = /\d *(?:;ext=|x|ext\.?|extension|#|,|;|p|w)[ .:]*\d{1,12}$/i;
const DIGITS_THEN_LETTERS = /^\+?\d[\d() \-./]*[a-z][\da-z() \-./]*$/i;

// Brackets closed, not nested, at most twice, around a short group.
const BRACKETS = /^[^()]*(?:\(\d[\d -]{0,5}\)[^()]*){0,2}$/;
const STARTS_AND_ENDS_WELL = /^\+?\(?\d(?:.*\d)?$/;
const DOUBLE_PUNCTUATION = /[-./] *[-./]/;
// A spreadsheet's float: `7815550100.0`.
const DECIMAL_FRACTION = /\.\d$/;
const TRUNK_ZERO = /^(\+?\d{1,6}) ?\(0\)/;

/** Whether this is the address of a SIP endpoint, whose user part need not be a telephone number. */
export function isSipAddress(raw: string): boolean {
  return SIP.test(raw);
}

/** Reads what was written as digits, or says why it cannot be one number for certain. Linear in the input's length. */
export function readWrittenNumber(raw: string): WrittenNumber | Unreadable {
  if (raw.length > MAX_LENGTH) return unreadable('TOO_LONG');
  if (isSipAddress(raw)) return unreadable('SIP_ADDRESS');
  const text = trimSpaces(trimSpaces(raw).replace(TEL, ''));
  if (text === '') return unreadable('EMPTY');
  if (!ONLY_PHONE_CHARACTERS.test(text)) return unreadable(causeOfOtherCharacters(text));
  if (isAmbiguous(text)) return unreadable('AMBIGUOUS');
  if (!isWellFormed(text)) return unreadable('BAD_CHARACTERS');
  return {
    kind: 'written',
    international: text.startsWith('+'),
    digits: digitsOf(text),
    withoutTrunkZero: TRUNK_ZERO.test(text) ? digitsOf(text.replace(TRUNK_ZERO, '$1')) : undefined,
  };
}

function causeOfOtherCharacters(text: string): 'EXTENSION' | 'VANITY' | 'BAD_CHARACTERS' {
  if (ENDS_IN_EXTENSION.test(text)) return 'EXTENSION';
  return DIGITS_THEN_LETTERS.test(text) ? 'VANITY' : 'BAD_CHARACTERS';
}

function isAmbiguous(text: string): boolean {
  return text.lastIndexOf('+') > 0 || DECIMAL_FRACTION.test(text) || hasAlternativeAfterSlash(text);
}

// DIN 5008 once wrote `030/123456`; `+49 30 123456/7` and `… / …` name two numbers. A slash is punctuation only after
// no more digits than a calling code and an area code have.
function hasAlternativeAfterSlash(text: string): boolean {
  const slash = text.indexOf('/');
  if (slash === -1) return false;
  const longestBefore = text.startsWith('+') ? 7 : 6;
  return text.includes('/', slash + 1) || digitsOf(text.slice(0, slash)).length > longestBefore;
}

function isWellFormed(text: string): boolean {
  return BRACKETS.test(text) && STARTS_AND_ENDS_WELL.test(text) && !DOUBLE_PUNCTUATION.test(text);
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === ' ') start += 1;
  while (end > start && text[end - 1] === ' ') end -= 1;
  return text.slice(start, end);
}
