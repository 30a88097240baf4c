/** The region whose deployment may hold and decide a contact point. */
export type Residency = 'EU' | 'US';

// Countries whose people are under the GDPR or the law that mirrors it, and places that share their numbers with one,
// so that a number alone cannot tell the two apart: the stricter region takes both.
const EUROPEAN = [
  // European Union: TEU Art. 52, the 27 member states.
  ...['AT', 'BE', 'BG', 'HR', 'CY', 'CZ', 'DK', 'EE', 'FI', 'FR', 'DE', 'GR', 'HU', 'IE'],
  ...['IT', 'LV', 'LT', 'LU', 'MT', 'NL', 'PL', 'PT', 'RO', 'SK', 'SI', 'ES', 'SE'],
  // European Economic Area: GDPR by EEA Joint Committee Decision 154/2018.
  ...['IS', 'LI', 'NO'],
  // United Kingdom (UK GDPR), Switzerland (revFADP), both by their own law.
  ...['GB', 'CH'],
  // Outermost regions, part of the Union by TFEU Art. 349 and 355(1): the French five and Saint-Martin; the Azores,
  // Madeira and the Canaries have their countries' codes.
  ...['GP', 'MQ', 'GF', 'RE', 'YT', 'MF'],
  // Left the Union in 2012 but shares +590 with Guadeloupe; French data protection law applies.
  'BL',
  // Part of a member state or in its numbering plan: Åland (TFEU Art. 355(4)), Svalbard and Jan Mayen.
  ...['AX', 'SJ'],
  // Crown dependencies in the UK's numbering plan, and Gibraltar: each with its own law that mirrors the GDPR.
  ...['GG', 'JE', 'IM', 'GI'],
  // The Faroes (Denmark, own law found adequate by Decision 2010/146/EU).
  'FO',
  // Microstates inside the Union: the Vatican shares +39, San Marino is reached through it; Andorra is found adequate
  // (Decision 2010/625/EU); Monaco applies Convention 108+.
  ...['SM', 'VA', 'MC', 'AD'],
  // French territories outside the Union where the Loi Informatique et Libertés, and with it the GDPR's rules, applies.
  ...['PM', 'WF', 'PF', 'NC'],
];

const countries: ReadonlySet<string> = new Set(EUROPEAN);

/**
 * The residency of numbers of `country` (ISO 3166-1 alpha-2). A calling code is not a residence, but it is all that a
 * number says; every country that is not European here is decided in the US, those of no country (`001`) too.
 */
export function residencyOf(country: string): Residency {
  return countries.has(country) ? 'EU' : 'US';
}
