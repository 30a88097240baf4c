import type { PhoneNumber } from './phone-number.ts';

/** The area code (NPA) of a number of the North American Numbering Plan; undefined for any other number. */
export function areaCodeOf({ e164 }: PhoneNumber): string | undefined {
  return e164.startsWith('+1') ? e164.slice(2, 5) : undefined;
}
