import { wholeAreaCodes } from './nanp.data.ts';

// The ways in which nearly every number of the North American plan is written, read from bytes without the library. It
// must say of every input what the library says, so it is sure of little: of the shapes below, in area codes of which
// every number is valid. Whatever else there is (an extension, a letter, a second number) is left to the library.

const PLUS = 0x2b;
const OPEN = 0x28;
const CLOSE = 0x29;
const SPACE = 0x20;
const ZERO = 0x30;
const ONE = 0x31;

const SHORTEST = '2125550100'.length;
const LONGEST = '+1 (212) 555-0100'.length;

/** Said of what only the library can read. */
export const NOT_SURE = 0;

const countries: ReadonlyArray<string | undefined> = countriesByAreaCode();

// Where ten digits, or these after a 1, are a number of the plan; from other countries they can be anything.
const DIALLED_IN: ReadonlySet<string | undefined> = new Set(['US', 'CA']);

/** Whether a number of the plan is dialled in `region` (ISO 3166-1 alpha-2) without its `+1`, as far as this file knows. */
export function isDialledWithoutPlus(region: string | undefined): boolean {
  return DIALLED_IN.has(region);
}

/** The country of every number of the area code that `national` (ten digits) begins with. */
export function countryOfNational(national: number): string | undefined {
  return countries[Math.floor(national / 10_000_000)];
}

/**
 * The ten digits after `+1` of the number written in `bytes` from `start` up to `end`, or NOT_SURE. Read are
 * `+1` or, where `withoutPlus`, `1` or nothing; then `212`, `(212)`; then `555` and `0100`; with at most one of space, hyphen
 * and dot between two of them.
 */
export function readNanpShape(
  bytes: Uint8Array,
  { start, end, withoutPlus }: { start: number; end: number; withoutPlus: boolean },
): number {
  if (end - start < SHORTEST || end - start > LONGEST) return NOT_SURE;
  let at = start;
  if (bytes[at] === PLUS) {
    if (bytes[at + 1] !== ONE) return NOT_SURE;
    at = afterSeparator(bytes, at + 2);
  } else {
    if (!withoutPlus) return NOT_SURE;
    if (bytes[at] === ONE) at = afterSeparator(bytes, at + 1);
  }
  const bracketed = bytes[at] === OPEN;
  if (bracketed) at += 1;
  const areaCode = threeDigits(bytes, at);
  at += 3;
  if (bracketed && bytes[at] !== CLOSE) return NOT_SURE;
  at = afterSeparator(bytes, bracketed ? at + 1 : at);
  const exchange = threeDigits(bytes, at);
  at = afterSeparator(bytes, at + 3);
  const line = threeDigits(bytes, at);
  const last = (bytes[at + 3] ?? 0) - ZERO;
  if (at + 4 !== end || areaCode < 0 || exchange < 200 || line < 0 || last < 0 || last > 9) return NOT_SURE;
  if (countries[areaCode] === undefined) return NOT_SURE;
  return areaCode * 10_000_000 + exchange * 10_000 + line * 10 + last;
}

const scratch = new Uint8Array(LONGEST);

/** The same for a text. */
export function readNanpText(text: string, withoutPlus: boolean): number {
  const end = text.length;
  if (end > LONGEST) return NOT_SURE;
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return NOT_SURE;
    scratch[at] = code;
  }
  return readNanpShape(scratch, { start: 0, end, withoutPlus });
}

function afterSeparator(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  return byte === SPACE || byte === 0x2d || byte === 0x2e ? at + 1 : at;
}

/** Below zero where they are no digits. */
function threeDigits(bytes: Uint8Array, at: number): number {
  const a = (bytes[at] ?? 0) - ZERO;
  const b = (bytes[at + 1] ?? 0) - ZERO;
  const c = (bytes[at + 2] ?? 0) - ZERO;
  if (a < 0 || a > 9 || b < 0 || b > 9 || c < 0 || c > 9) return -1;
  return a * 100 + b * 10 + c;
}

function countriesByAreaCode(): ReadonlyArray<string | undefined> {
  const table = new Array<string | undefined>(1000).fill(undefined);
  for (const [country, codes] of wholeAreaCodes) {
    for (const code of codes.split(' ')) table[Number(code)] = country;
  }
  return table;
}
