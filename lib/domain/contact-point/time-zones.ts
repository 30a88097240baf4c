import { placeOf } from './numbering-plans.ts';
import type { PhoneNumber } from './phone-number.ts';
import { stateOf, zonesOfState, zonesOfStatesIn } from './state-time-zones.ts';
import { prefixesByZones } from './time-zones.data.ts';

export { isKnownState, stateOf } from './state-time-zones.ts';

const NORTH_AMERICA = '1';

const zonesByPrefix: ReadonlyMap<string, readonly string[]> = new Map(prefixesByZones.flatMap(unpacked));

/**
 * Every IANA zone that the number can be in, sorted; with `state` (`FL`, `US-FL`, `CA-ON`) the zones of that state as
 * well, since people keep their numbers when they move. [] when it cannot be told: a calling code of no country, or a
 * `state` that is not known.
 */
export function timeZonesOf(phone: PhoneNumber, state?: string): readonly string[] {
  const ofNumber = zonesOfNumber(phone);
  if (state === undefined) return ofNumber;
  const known = stateOf(state);
  return known === undefined ? [] : [...new Set([...ofNumber, ...zonesOfState(known)])].sort();
}

function zonesOfNumber({ canonical, country }: PhoneNumber): readonly string[] {
  const e164 = canonical.slice('tel:'.length);
  const { callingCode, isGeographic } = placeOf(e164);
  // Mobiles, where they have no area codes, and toll-free numbers can be anywhere in their country.
  const prefix = isGeographic ? longestPrefix(e164.slice(1)) : callingCode;
  // So can North American area codes newer than the data, which tells the plan's countries apart by area code alone.
  const anywhere = prefix === NORTH_AMERICA ? zonesOfStatesIn(country) : [];
  return anywhere.length > 0 ? anywhere : (zonesByPrefix.get(prefix) ?? []);
}

function longestPrefix(digits: string): string {
  let prefix = digits;
  while (prefix !== '' && !zonesByPrefix.has(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function unpacked([zones, prefixes]: readonly [string, string]): Array<[string, readonly string[]]> {
  const names = zones.split(' ');
  return prefixes.split(' ').flatMap((stem) => {
    const [start, rests = ''] = stem.split('=');
    return rests.split(',').map((rest): [string, readonly string[]] => [`${start}${rest}`, names]);
  });
}
