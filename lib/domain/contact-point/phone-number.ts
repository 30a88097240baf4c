import { canonicalOf, formerMexicanMobile } from './aliases.ts';
import { countryOfNational, isDialledWithoutPlus, NOT_SURE, readNanpText } from './nanp-shapes.ts';
import {
  dialledNumber,
  internationalNumber,
  nationalDigits,
  type PlanNumber,
  type Region,
  regionOf,
} from './numbering-plans.ts';
import { readWrittenNumber, type WrittenNumber } from './phone-grammar.ts';
import { recoverDigits } from './recover-digits.ts';
import { type Unreadable, unreadable } from './unreadable.ts';

export type { Unreadable } from './unreadable.ts';

export type PhoneNumber = {
  readonly kind: 'phone';
  /** As it is dialled: `+` and at most 15 digits. */
  readonly e164: string;
  /** ISO 3166-1 alpha-2; `001` for calling codes that belong to no country. */
  readonly country: string;
  /** `tel:+...`, the same for every valid number of one subscriber: what the token is made of. */
  readonly canonical: string;
};

/**
 * The one valid number that `raw` certainly is, read in the numbering plan of `defaultRegion` (ISO 3166-1 alpha-2) where
 * it is written without a calling code. Whatever could be another number as well, or none, comes back as unreadable
 * with its cause. Never throws.
 */
export function parsePhoneNumber(raw: string, defaultRegion?: string): PhoneNumber | Unreadable {
  const national = readNanpText(raw, isDialledWithoutPlus(defaultRegion));
  const country = national === NOT_SURE ? undefined : countryOfNational(national);
  return country === undefined
    ? parseWithLibrary(raw, defaultRegion)
    : phoneNumber({ e164: `+1${national}`, country });
}

/** The same, but slowly: without the short way for what is certain of the North American plan. */
export function parseWithLibrary(raw: string, defaultRegion?: string): PhoneNumber | Unreadable {
  const written = readWrittenNumber(raw);
  if (written.kind === 'unreadable') return written;
  if (written.international) return readInternational(written, 0);
  const region = regionOf(defaultRegion);
  return region === undefined ? unreadable('NO_REGION') : readDialled(written, region);
}

/**
 * Every number that can plausibly be meant by `raw`, for opt-outs alone, where suppressing one number too many is the
 * safe side: [] if none. Reads text around numbers, several numbers, extensions and digits of other scripts; refuses
 * SIP addresses. Never throws.
 */
export function recoverPhoneNumbers(raw: string, defaultRegion?: string): PhoneNumber[] {
  const region = regionOf(defaultRegion);
  const numbers = recoverDigits(raw, ({ international, digits }) =>
    international ? internationalReadings(digits, region) : dialledReadings(digits, region),
  );
  return [...new Map(numbers.map(phoneNumber).map((number) => [number.canonical, number])).values()];
}

function readInternational(written: WrittenNumber, prefixLength: number): PhoneNumber | Unreadable {
  const found = existingNumber(written.digits.slice(prefixLength));
  // The library also drops a trunk prefix after the calling code (+440..., +11...); nobody can dial what was written.
  const asWritten = [written.digits, written.withoutTrunkZero].map((digits) => digits?.slice(prefixLength));
  return found !== undefined && asWritten.includes(found.e164.slice(1))
    ? phoneNumber(found)
    : unreadable('NOT_VALID');
}

function readDialled(written: WrittenNumber, region: Region): PhoneNumber | Unreadable {
  const { digits } = written;
  const prefix = region.internationalPrefix.exec(digits)?.[0];
  const found = dialledNumber(digits, region);
  if (otherReadings(digits, region, found?.e164).length > 0) return unreadable('AMBIGUOUS');
  if (prefix !== undefined) return readInternational(written, prefix.length);
  if (digits.startsWith('00')) return unreadable('AMBIGUOUS');
  return found === undefined ? unreadable('NOT_VALID') : phoneNumber(found);
}

// What someone may have meant who did not think of `region`: another country's international prefix, or a number with
// its calling code but without its plus.
function otherReadings(digits: string, region: Region, dialled: string | undefined): PlanNumber[] {
  const prefix = region.internationalPrefix.exec(digits)?.[0];
  const mayLackPlus = digits.startsWith(region.callingCode) || lacksTrunkPrefix(digits, dialled, region);
  const candidates = [
    digits.startsWith('00') && prefix !== '00' ? digits.slice(2) : '',
    digits.startsWith('011') && prefix !== '011' ? digits.slice(3) : '',
    prefix === undefined && mayLackPlus ? digits : '',
  ].filter((candidate) => candidate !== '');
  return existing(candidates).filter(({ e164 }) => e164 !== dialled && candidates.includes(e164.slice(1)));
}

function lacksTrunkPrefix(digits: string, dialled: string | undefined, region: Region): boolean {
  return dialled === `+${region.callingCode}${digits}` && nationalDigits(dialled) !== digits;
}

// `tel:+7273294898` is what Genesys Cloud makes of the US number 727 329 4898.
function internationalReadings(digits: string, region: Region | undefined): PlanNumber[] {
  const found = existing([digits]);
  const mayBeNational = found.length === 0 || (region?.callingCode === '1' && digits.length === 10);
  return mayBeNational ? [...found, ...dialled(digits, region)] : found;
}

function dialledReadings(digits: string, region: Region | undefined): PlanNumber[] {
  const [national] = dialled(digits, region);
  const others = region === undefined ? [] : otherReadings(digits, region, national?.e164);
  const found = national === undefined ? others : [national, ...others];
  const prefixes = [/^/, /^00/, /^011/, ...(region === undefined ? [] : [region.internationalPrefix])];
  return found.length > 0 ? found : existing(prefixes.map((prefix) => digits.replace(prefix, '')));
}

function dialled(digits: string, region: Region | undefined): PlanNumber[] {
  const found = region === undefined ? undefined : dialledNumber(digits, region);
  return found === undefined ? [] : [found];
}

function existing(candidates: string[]): PlanNumber[] {
  return candidates.map((digits) => existingNumber(digits)).filter((found) => found !== undefined);
}

function existingNumber(digits: string): PlanNumber | undefined {
  return formerMexicanMobile(digits) ?? internationalNumber(digits);
}

function phoneNumber({ e164, country }: PlanNumber): PhoneNumber {
  return { kind: 'phone', e164, country, canonical: canonicalOf(e164) };
}
