import type { ClockRow } from './clocks.ts';

// European Union: TEU Art 52; Iceland, Liechtenstein and Norway by EEA Joint Committee Decision 154/2018.
export const GDPR_COUNTRIES = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT'],
  // ISO 3166-1 reserves EU for the Union: somewhere in it.
  'EU',
  ...['LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
];

const PERSONS = { to: 'PERSONS', role: 'CONTROLLER', from: 'KNOWN' } as const;
const AUTHORITY = { to: 'AUTHORITY', role: 'CONTROLLER', from: 'KNOWN' } as const;

/** By GDPR Art 33 and 34, and by the law of the United Kingdom that mirrors them article by article. */
function gdprRows(law: 'gdpr' | 'uk-gdpr', name: string, jurisdictions: string[]): ClockRow[] {
  return [
    { id: `${law}-authority`, jurisdictions, ...AUTHORITY, risks: ['RISK', 'HIGH'], hours: 72, citation: `${name} Art 33(1)` },
    { id: `${law}-controller`, jurisdictions, to: 'CONTROLLER', role: 'PROCESSOR', from: 'KNOWN', citation: `${name} Art 33(2)` },
    { id: `${law}-persons`, jurisdictions, ...PERSONS, risks: ['HIGH'], exemptible: true, citation: `${name} Art 34(1)` },
  ];
}

/**
 * The clocks that ship. No state but those named here has rows of its own: for every other one stands a row without a
 * number, and the operator's own rows, in the settings, say more.
 */
export const CLOCK_ROWS: readonly ClockRow[] = [
  ...gdprRows('gdpr', 'GDPR', GDPR_COUNTRIES),
  ...gdprRows('uk-gdpr', 'UK GDPR', ['GB']),

  // SB 446, in force since 2026-01-01.
  { id: 'us-ca-persons', jurisdictions: ['US-CA'], ...PERSONS, days: 30, citation: 'Cal. Civ. Code 1798.82(a)' },
  { id: 'us-ca-attorney-general', jurisdictions: ['US-CA'], ...AUTHORITY, from: 'PERSONS_TOLD', personsOver: 500, days: 15, citation: 'Cal. Civ. Code 1798.82(f)' },

  // From the determination that a breach occurred, which cannot be before the operator knew of it.
  { id: 'us-co-persons', jurisdictions: ['US-CO'], ...PERSONS, days: 30, citation: 'C.R.S. 6-1-716(2)(a)' },
  { id: 'us-co-attorney-general', jurisdictions: ['US-CO'], ...AUTHORITY, personsOver: 499, days: 30, citation: 'C.R.S. 6-1-716(2)(f)' },

  { id: 'us-fl-persons', jurisdictions: ['US-FL'], ...PERSONS, days: 30, citation: 'Fla. Stat. 501.171(4)(a)' },
  { id: 'us-fl-legal-affairs', jurisdictions: ['US-FL'], ...AUTHORITY, personsOver: 499, days: 30, citation: 'Fla. Stat. 501.171(3)(a)' },
  { id: 'us-fl-covered-entity', jurisdictions: ['US-FL'], to: 'CONTROLLER', role: 'PROCESSOR', from: 'KNOWN', days: 10, citation: 'Fla. Stat. 501.171(6)(a)' },

  { id: 'us-ny-persons', jurisdictions: ['US-NY'], ...PERSONS, days: 30, citation: 'N.Y. Gen. Bus. Law 899-aa(2)' },
  {
    id: 'us-ny-authorities', jurisdictions: ['US-NY'], ...AUTHORITY, days: 30, citation: 'N.Y. Gen. Bus. Law 899-aa(8)(a)',
    contested: 'The statute has the authorities told of the notices to persons and sets no number; their limit is taken.',
  },
  { id: 'us-ny-owner', jurisdictions: ['US-NY'], to: 'CONTROLLER', role: 'PROCESSOR', from: 'KNOWN', days: 30, citation: 'N.Y. Gen. Bus. Law 899-aa(3)' },

  { id: 'us-tx-persons', jurisdictions: ['US-TX'], ...PERSONS, days: 60, citation: 'Tex. Bus. & Com. Code 521.053(b)' },
  { id: 'us-tx-attorney-general', jurisdictions: ['US-TX'], ...AUTHORITY, personsOver: 249, days: 30, citation: 'Tex. Bus. & Com. Code 521.053(i)' },

  { id: 'us-wa-persons', jurisdictions: ['US-WA'], ...PERSONS, days: 30, citation: 'RCW 19.255.010(8)' },
  { id: 'us-wa-attorney-general', jurisdictions: ['US-WA'], ...AUTHORITY, personsOver: 500, days: 30, citation: 'RCW 19.255.010(7)' },

  {
    id: 'us-other-persons', jurisdictions: ['US-*'], ...PERSONS, citation: 'the law of the state',
    contested: 'Dialguard ships no number for this state: put your own row into the settings.',
  },
  {
    id: 'us-other-owner', jurisdictions: ['US-*'], to: 'CONTROLLER', role: 'PROCESSOR', from: 'KNOWN', citation: 'the law of the state',
    contested: 'Dialguard ships no number for this state: put your own row into the settings.',
  },

  {
    id: 'card-brands', jurisdictions: ['*'], to: 'CARD_BRANDS', from: 'KNOWN', dataElements: ['PAYMENT_CARD'], citation: 'PCI DSS v4.0.1 12.10.1',
    contested: 'Each brand sets its own time in its rules, some of them hours: put your own row into the settings.',
  },
];
