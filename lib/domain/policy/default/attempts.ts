import type { Rule } from '../policy.ts';
import { FRANCE } from './europe-special.ts';
import { UNITED_STATES } from './us-federal.ts';

/** How often a person may be called, and whether it is that person still. */
export const ATTEMPT_RULES: readonly Rule[] = [
  {
    id: 'us-reassigned-number',
    kind: 'reassignedNumber',
    jurisdiction: { countries: UNITED_STATES },
    channels: ['VOICE', 'SMS'],
    purposes: ['MARKETING', 'SERVICE', 'COLLECTION'],
    citation: '47 CFR 64.1200(m)',
    mark: 'S',
    effectiveFrom: '2021-11-01',
    contested: false,
    note: 'Only an answer that was reported blocks; NO and NO_DATA are kept as evidence for the safe harbour.',
  },
  {
    id: 'us-collection-frequency',
    kind: 'contactCap',
    limit: 7,
    days: 7,
    daysAfterConversation: 7,
    per: 'SELLER',
    jurisdiction: { countries: UNITED_STATES },
    channels: ['VOICE'],
    purposes: ['COLLECTION'],
    citation: '12 CFR 1006.14(b)(2)(i)(A), (B)',
    mark: 'Sq',
    effectiveFrom: '2021-11-30',
    contested: false,
    note: 'The law counts by person and debt over all numbers, and presumes harassment beyond; each number is counted here.',
  },
  {
    id: 'fr-attempts',
    kind: 'frequencyCap',
    limit: 4,
    window: { days: 30 },
    per: 'SELLER',
    jurisdiction: { countries: FRANCE },
    channels: ['VOICE'],
    purposes: ['MARKETING'],
    audience: 'CONSUMER',
    citation: 'Code de la consommation D223-9',
    mark: 'P',
    effectiveFrom: '2023-03-01',
    contested: false,
    note: 'The law counts calls to a person by a professional; calls to each number are counted here.',
  },
];
