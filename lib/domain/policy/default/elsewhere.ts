import type { Rule } from '../policy.ts';
import { NAMED_COUNTRIES } from './europe.ts';
import { FRANCE } from './europe-special.ts';
import { UNITED_STATES } from './us-federal.ts';

/** Every country that no other rule names. */
export const RULES_ELSEWHERE: readonly Rule[] = [
  {
    id: 'marketing-consent',
    kind: 'consentRequired',
    jurisdiction: { except: [...UNITED_STATES, ...NAMED_COUNTRIES, ...FRANCE] },
    channels: ['VOICE', 'SMS', 'EMAIL'],
    purposes: ['MARKETING'],
    citation: 'Operator policy; in the European Union Directive 2002/58/EC Art 13, GDPR Art 7(1)',
    mark: 'M',
    effectiveFrom: '1970-01-01',
    contested: true,
    note: 'The law of these countries was not read: consent is asked for.',
  },
];
