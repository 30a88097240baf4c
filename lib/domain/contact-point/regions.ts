import { areaCodesByRegions } from './area-codes.data.ts';
import { areaCodeOf } from './nanp.ts';
import type { PhoneNumber } from './phone-number.ts';
import { stateOf } from './state-time-zones.ts';

const TERRITORIES: ReadonlySet<string> = new Set(['AS', 'GU', 'MP', 'PR', 'VI']);

const regionsByAreaCode: ReadonlyMap<string, readonly string[]> = new Map(
  areaCodesByRegions.flatMap(([regions, codes]) =>
    codes.split(' ').map((code): [string, readonly string[]] => [code, regions.split(' ')]),
  ),
);

/**
 * Every ISO 3166-2 region of the United States and Canada that the number's area code or `state` (`FL`, `US-FL`, `CA-ON`)
 * names, sorted: people keep their numbers when they move, and laws go by either. [] for other countries, for numbers
 * that can be anywhere (toll-free) and for area codes that the data does not hold.
 */
export function regionsOf(phone: PhoneNumber, state?: string): readonly string[] {
  const known = state === undefined ? undefined : stateOf(state);
  return [...new Set([...ofNumber(phone), ...(known === undefined ? [] : [known])])].sort();
}

function ofNumber(phone: PhoneNumber): readonly string[] {
  if (TERRITORIES.has(phone.country)) return [`US-${phone.country}`];
  return regionsByAreaCode.get(areaCodeOf(phone) ?? '') ?? [];
}
