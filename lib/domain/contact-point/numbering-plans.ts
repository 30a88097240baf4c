import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  Metadata,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';

// Only the full metadata holds the patterns of every type of number: the smaller sets accept numbers that nobody has.

/** A number that exists in its country's numbering plan: E.164, and ISO 3166-1 alpha-2 or `001` for no country. */
export type PlanNumber = { readonly e164: string; readonly country: string };

export type Region = {
  readonly code: CountryCode;
  readonly callingCode: string;
  readonly internationalPrefix: RegExp;
  /** How many digits its numbers can have without calling code and trunk prefix. */
  readonly lengths: ReadonlySet<number>;
};

// ITU-T E.164 (11/2010) 6.2.1: at most 15 digits.
const E164 = /^\+[1-9]\d{6,14}$/;

// libphonenumber's PhoneNumberUtil.isNumberGeographical: in Mexico, Argentina and Brazil mobiles have area codes.
const GEOGRAPHIC = ['FIXED_LINE', 'FIXED_LINE_OR_MOBILE'];
const GEOGRAPHIC_MOBILES: ReadonlySet<string> = new Set(['52', '54', '55']);

/** The number that `+` and `digits` name, if it is a valid one; undefined if not. */
export function internationalNumber(digits: string): PlanNumber | undefined {
  const found = parsePhoneNumberFromString(`+${digits}`, { extract: false }, metadata);
  if (!found?.isValid() || !E164.test(found.number)) return undefined;
  return { e164: found.number, country: found.country ?? '001' };
}

/** The number that `digits` name when they are dialled in `region`, if it is a valid one; undefined if not. */
export function dialledNumber(digits: string, region: Region): PlanNumber | undefined {
  const found = parsePhoneNumberFromString(digits, { defaultCountry: region.code, extract: false }, metadata);
  // Google's library refuses Jersey's 0800 126991, which has a length that only Great Britain's numbers have.
  if (!found?.isValid() || !region.lengths.has(found.nationalNumber.length)) return undefined;
  // Read again, because with a default country the library prefers it for numbers that several countries share.
  return internationalNumber(found.number.slice(1));
}

/** The digits with which `e164` is written in its own country, trunk prefix and all; undefined if it is not valid. */
export function nationalDigits(e164: string): string | undefined {
  return parsePhoneNumberFromString(e164, { extract: false }, metadata)?.formatNational().replace(/\D/g, '');
}

/** `e164` in the international notation of ITU-T E.123: groups of digits parted by spaces. */
export function e123Notation(e164: string): string {
  const written =
    parsePhoneNumberFromString(e164, { extract: false }, metadata)?.formatInternational() ?? e164;
  return written.replace(/[^+\d]+/g, ' ');
}

/** The calling code of `e164`, and whether the digits after it say where in the country the number is used. */
export function placeOf(e164: string): { callingCode: string; isGeographic: boolean } {
  const found = parsePhoneNumberFromString(e164, { extract: false }, metadata);
  const callingCode = String(found?.countryCallingCode);
  const types = GEOGRAPHIC_MOBILES.has(callingCode) ? ['MOBILE', ...GEOGRAPHIC] : GEOGRAPHIC;
  return { callingCode, isGeographic: types.includes(String(found?.getType())) };
}

const countries: ReadonlyMap<string, CountryCode> = new Map(
  getCountries(metadata).map((code) => [code, code]),
);
const regions = new Map<string, Region>();

/** The numbering plan of an ISO 3166-1 alpha-2 code; undefined where there is none. */
export function regionOf(code: string | undefined): Region | undefined {
  const country = countries.get(code ?? '');
  if (country === undefined) return undefined;
  // Made when it is asked for: few processes meet more than a few countries, and a cold start waits for none.
  const region = regions.get(country) ?? planOf(country);
  regions.set(country, region);
  return region;
}

function planOf(code: CountryCode): Region {
  const numbering = new Metadata(metadata);
  numbering.selectNumberingPlan(code);
  const plan = numbering.numberingPlan;
  return {
    code,
    callingCode: getCountryCallingCode(code, metadata),
    internationalPrefix: new RegExp(`^(?:${plan?.IDDPrefix()})`),
    lengths: new Set(plan?.possibleLengths()),
  };
}
