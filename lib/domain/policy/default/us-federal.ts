import type { Exemption, Rule } from '../policy.ts';

/** The United States and the territories that have countries' codes of their own. */
export const UNITED_STATES = ['US', 'PR', 'GU', 'VI', 'AS', 'MP'];

const PHONE_CHANNELS: Rule['channels'] = ['VOICE', 'SMS'];
const MACHINES: NonNullable<Rule['technology']> = ['AUTOMATED', 'PRERECORDED'];

// 47 CFR 64.1200(c)(2)(ii), (f)(5): a signed writing, or 18 months from a transaction, 3 from an inquiry.
const REGISTRY_EXEMPTIONS: Exemption[] = [
  { kind: 'writtenConsent' },
  { kind: 'businessRelationship', transactionMonths: 18, inquiryMonths: 3 },
];

export const US_FEDERAL_RULES: readonly Rule[] = [
  {
    id: 'us-national-registry',
    kind: 'registry',
    registry: 'us-national',
    exemptions: REGISTRY_EXEMPTIONS,
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING'],
    citation: '47 CFR 64.1200(c)(2), (e); 16 CFR 310.4(b)(1)(iii)(B)',
    mark: 'S',
    effectiveFrom: '2003-10-01',
    contested: true,
    note: 'Whether texts are covered is contested (McLaughlin v. McKesson, 2025; Steidinger, 7th Cir. 2026, refuses a private right); the stricter reading is taken.',
  },
  {
    id: 'us-national-registry-age',
    kind: 'registryAge',
    registry: 'us-national',
    maxAgeDays: 31,
    exemptions: REGISTRY_EXEMPTIONS,
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING'],
    citation: '47 CFR 64.1200(c)(2)(i)(D); 16 CFR 310.4(b)(3)(iv)',
    mark: 'P',
    effectiveFrom: '2005-01-01',
    contested: false,
  },
  {
    id: 'us-national-registry-coverage',
    kind: 'registryCoverage',
    registry: 'us-national',
    exemptions: REGISTRY_EXEMPTIONS,
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING'],
    citation: '47 CFR 64.1200(c)(2)(i)(E); 15 USC 6152',
    mark: 'M',
    effectiveFrom: '2003-10-01',
    contested: false,
    note: 'That access must be paid for was read; that an unlisted number outside the subscription may not be called was not.',
  },
  {
    id: 'us-calling-hours',
    kind: 'callingWindow',
    windows: [{ days: ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], from: '08:00', until: '21:00' }],
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING', 'COLLECTION'],
    citation: '47 CFR 64.1200(c)(1); 16 CFR 310.4(c); 12 CFR 1006.6(b)(1)(i)',
    mark: 'Sq',
    effectiveFrom: '1992-12-20',
    contested: true,
    note: 'Whether texts with consent are covered is contested (King v. Bon Charge, D. Del. 2026); the stricter reading is taken.',
  },
  {
    id: 'us-automated-written-consent',
    kind: 'writtenConsentRequired',
    technology: MACHINES,
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING'],
    citation: '47 CFR 64.1200(a)(2)-(3), (f)(9)',
    mark: 'Sq',
    effectiveFrom: '2013-10-16',
    contested: true,
    note: 'No relationship lifts it. Which diallers are autodiallers is contested: every call or text that a machine begins counts here, and one of which the check does not say that a person makes it (technology LIVE).',
  },
  {
    id: 'us-revoke-all',
    kind: 'revokeAll',
    technology: MACHINES,
    jurisdiction: { countries: UNITED_STATES },
    channels: PHONE_CHANNELS,
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION'],
    citation: '47 CFR 64.1200(a)(10); DA 26-12 (waived until 31 January 2027)',
    mark: 'S',
    effectiveFrom: '2027-01-31',
    contested: true,
    note: 'Whether 31 January is the last day of the waiver or the first without it was not read: the earlier day is taken. Before it a request ends what it was made for, and one that comes in as a message or from an agent ends everything. FCC 26-67, once in effect, would replace it.',
  },
];
