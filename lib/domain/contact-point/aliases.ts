import { internationalNumber, type PlanNumber } from './numbering-plans.ts';

// Two numbers of one subscriber must have one token, or an opt-out given under one form misses the other.
const ALIASES: ReadonlyArray<readonly [RegExp, string]> = [
  // Argentina: 9 marks a mobile called from abroad; area code and number alone are unique (ITU-T E.129, +54).
  [/^\+549(\d{10})$/, '+54$1'],
  // Mexico: 1 marked a mobile called from abroad until 3 August 2019 (IFT, Plan Técnico Fundamental de Numeración).
  [/^\+521(\d{10})$/, '+52$1'],
  // San Marino's landlines are reached through Italy's 0549 as well as through +378.
  [/^\+390549(\d{6})$/, '+3780549$1'],
];

/** The RFC 3966 URI that every valid number of one subscriber shares. */
export function canonicalOf(e164: string): string {
  const alias = ALIASES.find(([pattern]) => pattern.test(e164));
  return `tel:${alias === undefined ? e164 : e164.replace(...alias)}`;
}

/** A Mexican mobile in the form that was dialled until 2019, which the numbering plan no longer holds but lists do. */
export function formerMexicanMobile(digits: string): PlanNumber | undefined {
  if (!/^521\d{10}$/.test(digits)) return undefined;
  const today = internationalNumber(`52${digits.slice(3)}`);
  return today === undefined ? undefined : { e164: `+${digits}`, country: today.country };
}
