import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/max/metadata';
import * as z from 'zod';

// Only the full metadata holds the patterns of every type of number: the smaller sets accept numbers that nobody has.

/** A number that exists in its country's numbering plan: E.164, and ISO 3166-1 alpha-2 or `001` for no country. */
export type PlanNumber = { readonly e164: string; readonly country: string };

export type Region = {
  readonly code: string;
  readonly callingCode: string;
  readonly internationalPrefix: RegExp;
  /** National numbers are written with a prefix that is not dialled from abroad, such as 0. */
  readonly hasTrunkPrefix: boolean;
};

// ITU-T E.164 (11/2010) 6.2.1: at most 15 digits.
const E164 = /^\+[1-9]\d{6,14}$/;

// A country's plan is an array; these are the places that libphonenumber-js/source/metadata.js reads.
const Plan = z
  .tuple([z.string(), z.string(), z.unknown(), z.unknown(), z.unknown(), z.unknown()])
  .rest(z.unknown());

/** The number that `+` and `digits` name, if it is a valid one; undefined if not. */
export function internationalNumber(digits: string): PlanNumber | undefined {
  const found = parsePhoneNumberFromString(`+${digits}`, { extract: false }, metadata);
  if (!found?.isValid() || !E164.test(found.number)) return undefined;
  return { e164: found.number, country: found.country ?? '001' };
}

/** The number that `digits` name when they are dialled in `region`, if it is a valid one; undefined if not. */
export function dialledNumber(digits: string, region: Region): PlanNumber | undefined {
  if (!isCountry(region.code)) return undefined;
  const found = parsePhoneNumberFromString(digits, { defaultCountry: region.code, extract: false }, metadata);
  // Read again, because with a default country the library prefers it for numbers that several countries share.
  return found?.isValid() ? internationalNumber(found.number.slice(1)) : undefined;
}

/** The numbering plan of an ISO 3166-1 alpha-2 code; undefined where there is none. */
export function regionOf(code: string | undefined): Region | undefined {
  if (code === undefined || !isCountry(code)) return undefined;
  const [callingCode, internationalPrefix, , , , nationalPrefix] = Plan.parse(metadata.countries[code]);
  return {
    code,
    callingCode,
    internationalPrefix: new RegExp(`^(?:${internationalPrefix})`),
    // In the North American plan the prefix is the calling code itself, and leaving it out is the custom.
    hasTrunkPrefix: Boolean(nationalPrefix) && nationalPrefix !== callingCode,
  };
}

function isCountry(code: string): code is CountryCode {
  return Object.hasOwn(metadata.countries, code);
}
