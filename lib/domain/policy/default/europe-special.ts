import type { Rule } from '../policy.ts';
import { CHARITIES_SINCE } from './europe.ts';

// Metropolitan France, the outermost regions, Saint-Barthélemy and Saint-Pierre-et-Miquelon.
export const FRANCE = ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'MF', 'BL', 'PM'];

const OPT_IN_SINCE = '2026-08-11';
const MARKETING_CALLS = {
  channels: ['VOICE'] satisfies Rule['channels'],
  purposes: ['MARKETING'] satisfies Rule['purposes'],
};

const france = {
  ...MARKETING_CALLS,
  jurisdiction: { countries: FRANCE },
  audience: 'CONSUMER' as const,
  mark: 'P' as const,
  contested: false,
};

const bloctel = {
  ...france,
  registry: 'fr-bloctel',
  citation: 'Code de la consommation L223-1 (until 10 August 2026)',
  effectiveFrom: '2016-06-01',
  effectiveTo: OPT_IN_SINCE,
};

const FRENCH_RULES: readonly Rule[] = [
  { ...bloctel, id: 'fr-bloctel-listed', kind: 'registry' },
  {
    ...bloctel,
    id: 'fr-bloctel-age',
    kind: 'registryAge',
    maxAgeDays: 31,
    note: 'Monthly, or before each campaign: a list of 31 days still counts as this month’s.',
  },
  {
    ...france,
    id: 'fr-calls',
    kind: 'consentRequired',
    citation: 'Code de la consommation L223-1',
    effectiveFrom: OPT_IN_SINCE,
    note: 'The exception for a running contract is not made.',
  },
  {
    jurisdiction: { countries: FRANCE },
    channels: ['VOICE', 'SMS', 'EMAIL'],
    purposes: ['MARKETING'],
    audience: 'CONSUMER',
    id: 'fr-home-energy',
    kind: 'productBan',
    products: ['ENERGY_RENOVATION', 'HOME_ADAPTATION'],
    citation: 'Code de la consommation L223-1',
    mark: 'P',
    effectiveFrom: OPT_IN_SINCE,
    contested: true,
    note: 'No consent lifts it. That messages are barred like calls comes from general knowledge. Energy renovation was barred before too.',
  },
  {
    ...MARKETING_CALLS,
    jurisdiction: { countries: FRANCE },
    mark: 'S',
    contested: false,
    id: 'fr-automated-calls',
    kind: 'consentRequired',
    technology: ['AUTOMATED', 'PRERECORDED'],
    citation: 'Code des postes et des communications électroniques L34-5',
    effectiveFrom: '1970-01-01',
    note: 'Automated calls to a natural person; businesses are asked for consent too.',
  },
  {
    ...france,
    id: 'fr-hours',
    kind: 'callingWindow',
    windows: [
      { days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '10:00', until: '13:00' },
      { days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '14:00', until: '20:00' },
    ],
    citation: 'Code de la consommation D223-9',
    effectiveFrom: '2023-03-01',
    note: 'Consent to be called at other times would lift days and hours; consent to be called does not.',
  },
  {
    ...france,
    id: 'fr-holidays',
    kind: 'holidayBan',
    calendar: 'fr',
    citation: 'Code de la consommation D223-9; Code du travail L3133-1, L3134-13',
    effectiveFrom: '2023-03-01',
    note: 'The eleven days of L3133-1; two more, kept in Alsace-Moselle, from general knowledge: no number tells who is there.',
  },
  {
    ...france,
    jurisdiction: { countries: ['GP', 'MQ', 'GF', 'RE', 'YT', 'MF', 'BL'] },
    mark: 'M',
    id: 'fr-overseas-holidays',
    kind: 'holidayBan',
    calendar: 'fr-overseas',
    citation: 'Code de la consommation D223-9; Code du travail L3422-2',
    effectiveFrom: '2023-03-01',
    note: 'Each department keeps one of these days; all are kept in each.',
  },
  {
    jurisdiction: { countries: FRANCE },
    channels: ['SMS', 'EMAIL'],
    purposes: ['MARKETING'],
    id: 'fr-messages',
    kind: 'consentRequired',
    citation: 'Code des postes et des communications électroniques L34-5; Directive 2002/58/EC Art 13(1)-(2)',
    mark: 'S',
    effectiveFrom: '1970-01-01',
    contested: false,
    exemptions: [{ kind: 'softOptIn', channels: ['EMAIL'], obtainedIn: ['SALE'] }],
    note: 'Asked of businesses too.',
  },
];

const norway = {
  ...MARKETING_CALLS,
  jurisdiction: { countries: ['NO', 'SJ'] },
  citation: 'Markedsføringsloven 12-15',
  mark: 'S' as const,
  effectiveFrom: '2009-06-01',
  contested: false,
};

const italianRegister = {
  ...MARKETING_CALLS,
  jurisdiction: { countries: ['IT'] },
  registry: 'it-rpo',
  citation: 'DPR 26/2022 art. 8(2)',
  mark: 'P' as const,
  effectiveFrom: '2022-07-27',
  contested: false,
};

const italianEnergy = {
  kind: 'consentRequired' as const,
  products: ['ENERGY' as const],
  jurisdiction: { countries: ['IT'] },
  purposes: ['MARKETING' as const],
  citation: 'Decreto bollette 2026, as converted (offers of energy by phone or message)',
  mark: 'S' as const,
  effectiveFrom: '2026-06-19',
  contested: true,
  note: 'A request of the person permits it too and is not told from consent. A message by telephone is meant: e-mail is left to the rule on messages.',
};

// PECR 2003: live calls that need consent, whatever the registers say.
const CONSENT_ONLY = [
  ['gb-claims-management', 'CLAIMS_MANAGEMENT', 'PECR 2003 reg. 21A', '2018-09-08'],
  ['gb-pensions', 'PENSIONS', 'PECR 2003 reg. 21B', '2019-01-09'],
] as const;

/** What one country alone has: hours, holidays, dated changes, how long a list or a consent stays fresh. */
export const SPECIAL_EUROPEAN_RULES: readonly Rule[] = [
  ...FRENCH_RULES,
  {
    ...norway,
    id: 'no-hours',
    kind: 'callingWindow',
    windows: [{ days: ['MO', 'TU', 'WE', 'TH', 'FR'], from: '09:00', until: '21:00' }],
  },
  { ...norway, id: 'no-holidays', kind: 'holidayBan', calendar: 'no' },
  {
    ...italianRegister,
    id: 'it-rpo-listed',
    kind: 'registry',
    note: 'Enrolment ends earlier consent; since when a number is enrolled is not known, so no consent lifts it.',
  },
  { ...italianRegister, id: 'it-rpo-age', kind: 'registryAge', maxAgeDays: 15 },
  { ...italianEnergy, id: 'it-energy-calls', channels: ['VOICE'] },
  { ...italianEnergy, id: 'it-energy-messages', channels: ['SMS'] },
  ...CONSENT_ONLY.map(
    ([id, product, citation, effectiveFrom]): Rule => ({
      ...MARKETING_CALLS,
      jurisdiction: { countries: ['GB'] },
      id,
      kind: 'consentRequired',
      products: [product],
      citation,
      mark: 'P',
      effectiveFrom,
      contested: false,
      note: 'The first day comes from general knowledge.',
    }),
  ),
  {
    ...MARKETING_CALLS,
    jurisdiction: { countries: ['ES'] },
    id: 'es-consent-renewal',
    kind: 'consentRequired',
    maxAgeMonths: 24,
    citation: 'Ley 10/2025',
    mark: 'P',
    effectiveFrom: '2025-12-28',
    contested: false,
    note: 'Consent counts if given or renewed in the two years before the call.',
  },
  {
    id: 'gb-messages-before-charities',
    kind: 'consentRequired',
    exemptions: [{ kind: 'softOptIn', channels: ['SMS', 'EMAIL'], obtainedIn: ['SALE', 'NEGOTIATIONS'] }],
    jurisdiction: { countries: ['GB'] },
    channels: ['SMS', 'EMAIL'],
    purposes: ['MARKETING'],
    citation: 'PECR 2003 reg. 19, 21, 22',
    mark: 'P',
    effectiveFrom: '1970-01-01',
    effectiveTo: CHARITIES_SINCE,
    contested: false,
  },
];
