import type { Rule } from '../policy.ts';

const base = {
  kind: 'consentRequired' as const,
  purposes: ['MARKETING' as const],
  effectiveFrom: '1970-01-01',
  contested: true,
};

const MOBILES =
  'The law is about mobile numbers. No North American number tells whether it is one, so every number counts.';

/** Contacts that a state's law bars at any hour, but with the consent of whoever is reached. */
export const US_STATE_CONSENT: readonly Rule[] = [
  {
    ...base,
    id: 'us-az-mobile-consent',
    jurisdiction: { regions: ['US-AZ'] },
    channels: ['VOICE'],
    citation: 'A.R.S. 44-1278(B)(3)',
    mark: 'Sq',
    note: MOBILES,
  },
  {
    ...base,
    id: 'us-la-mobile-consent',
    jurisdiction: { regions: ['US-LA'] },
    channels: ['VOICE'],
    citation: 'La. R.S. 45:844.11 and following',
    mark: 'M',
    note: `${MOBILES} The section was not confirmed.`,
  },
  {
    ...base,
    id: 'us-nj-mobile-consent',
    jurisdiction: { regions: ['US-NJ'] },
    channels: ['VOICE'],
    citation: 'N.J.S.A. 56:8-130',
    mark: 'S',
    note: MOBILES,
  },
  {
    ...base,
    id: 'us-wa-text-consent',
    jurisdiction: { regions: ['US-WA'] },
    channels: ['SMS'],
    citation: 'RCW 19.190.060',
    mark: 'S',
    note: 'What else permits a commercial text was not read.',
  },
  {
    ...base,
    id: 'us-wy-automated-consent',
    jurisdiction: { regions: ['US-WY'] },
    channels: ['VOICE'],
    technology: ['AUTOMATED', 'PRERECORDED'],
    citation: 'Wyo. Stat. 40-12-303',
    mark: 'P',
    note: 'The law also permits calls to scrubbed lists and within a business relationship; consent is asked for here.',
  },
];
