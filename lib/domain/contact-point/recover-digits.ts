import { isSipAddress } from './phone-grammar.ts';

type Digits = { readonly international: boolean; readonly digits: string };

// Long for a field that holds a number, short enough for every run of digits in it to be tried.
const MAX_LENGTH = 256;
// `+33 (0) 6 12 34 56 78` has seven groups.
const MAX_GROUPS = 8;
const MIN_DIGITS = 6;
const MAX_DIGITS = 20;

const EXTENSION = /(?:;ext=|ext(?:ension|n)?|x|#)[ .:]*\d{1,12}/gi;
const OTHER_CHARACTERS = /[^\d+() \-./]+/;
const DECIMAL_FRACTION = /\.\d$/;
const GROUP = /\+?\d+/g;

/** Everything in `raw` that `read` makes out as numbers, the longest run of digits first. `raw` beyond 256 is refused. */
export function recoverDigits<Found>(raw: string, read: (digits: Digits) => Found[]): Found[] {
  if (raw.length > MAX_LENGTH || isSipAddress(raw)) return [];
  const pieces = withAsciiDigits(raw).replace(EXTENSION, '|').split(OTHER_CHARACTERS);
  return pieces.flatMap((piece) => waysToRead(piece).flatMap((way) => readGroups(way, read)));
}

// `030 12345/12346` is one number with a slash in it, or two; `7815550100.0` is a number, or a spreadsheet's float.
function waysToRead(piece: string): string[] {
  const withoutFraction = piece.replace(DECIMAL_FRACTION, '');
  return [...new Set([piece, withoutFraction, ...piece.split('/')])];
}

function readGroups<Found>(piece: string, read: (digits: Digits) => Found[]): Found[] {
  const groups = piece.match(GROUP) ?? [];
  const found: Found[] = [];
  let start = 0;
  while (start < groups.length) {
    const longest = longestRun(groups.slice(start, start + MAX_GROUPS), read);
    found.push(...longest.found);
    start += longest.length;
  }
  return found;
}

function longestRun<Found>(
  groups: string[],
  read: (digits: Digits) => Found[],
): { found: Found[]; length: number } {
  for (let length = groups.length; length > 0; length -= 1) {
    const text = groups.slice(0, length).join('');
    const digits = text.replaceAll('+', '');
    const isOneNumber =
      text.lastIndexOf('+') <= 0 && digits.length >= MIN_DIGITS && digits.length <= MAX_DIGITS;
    const found = isOneNumber ? read({ international: text.startsWith('+'), digits }) : [];
    if (found.length > 0) return { found, length };
  }
  return { found: [], length: 1 };
}

// Compatibility forms (full-width), format characters (zero-width, soft hyphen), Arabic-Indic and Persian digits: what
// both ports of libphonenumber read as digits.
function withAsciiDigits(raw: string): string {
  return raw
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}
