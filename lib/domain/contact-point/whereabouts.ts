import { areaCodeOf } from './nanp.ts';
import type { PhoneNumber } from './phone-number.ts';
import { type PostalPlace, placeOfPostalCode } from './postal-codes.ts';
import { regionsOf } from './regions.ts';
import { stateOf } from './state-time-zones.ts';
import { timeZonesOf } from './time-zones.ts';

/** What is said of where the called party lives. */
export type Address = {
  /** State, territory or province: `FL`, `US-FL`, `CA-ON`. */
  readonly state?: string | undefined;
  /** Read for numbers of the North American Numbering Plan alone: elsewhere the same digits are another place. */
  readonly postalCode?: string | undefined;
};

/** Where the called party can be, by number and by address. */
export type Whereabouts = {
  /** ISO 3166-2, sorted. */
  readonly regions: readonly string[];
  /** IANA, sorted; none where nobody can tell. */
  readonly timeZones: readonly string[];
};

/**
 * Every region and time zone in which the owner of a number can be: that of the number, that of the state and that of the
 * postal code, since people keep their numbers when they move and lists are out of date. Undefined where state or postal
 * code name no place.
 */
export function whereaboutsOf(phone: PhoneNumber, address: Address = {}): Whereabouts | undefined {
  const state = address.state === undefined ? undefined : stateOf(address.state);
  if (address.state !== undefined && state === undefined) return undefined;
  const postal = postalPlaceOf(phone, address);
  if (postal === 'UNKNOWN') return undefined;
  // A postal code inside the state says more exactly where.
  const timeZones = timeZonesOf(phone, regionOf(postal) === state ? undefined : state);
  const regions = regionsOf(phone, state);
  if (postal === undefined) return { regions, timeZones };
  if (postal === 'ABROAD') return { regions, timeZones: [] };
  return { regions: union(regions, [postal.region]), timeZones: union(timeZones, postal.timeZones) };
}

/** The state or province of a postal code; undefined where it is none, or in neither country. */
export function postalRegionOf(postalCode: string | undefined): string | undefined {
  return postalCode === undefined ? undefined : regionOf(placeOfPostalCode(postalCode));
}

function postalPlaceOf(phone: PhoneNumber, { postalCode }: Address): PostalPlace | 'UNKNOWN' | undefined {
  if (postalCode === undefined || areaCodeOf(phone) === undefined) return undefined;
  return placeOfPostalCode(postalCode) ?? 'UNKNOWN';
}

function regionOf(postal: PostalPlace | undefined): string | undefined {
  return typeof postal === 'object' ? postal.region : undefined;
}

function union(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])].sort();
}
