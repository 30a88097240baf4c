import { ATTEMPT_RULES } from './default/attempts.ts';
import { RULES_ELSEWHERE } from './default/elsewhere.ts';
import { EUROPEAN_RULES } from './default/europe.ts';
import { SPECIAL_EUROPEAN_RULES } from './default/europe-special.ts';
import { HOUSE_RULES } from './default/house.ts';
import { US_FEDERAL_RULES } from './default/us-federal.ts';
import { US_RELATIONSHIPS } from './default/us-relationships.ts';
import { US_STATE_CONSENT } from './default/us-state-consent.ts';
import { US_STATE_LISTS } from './default/us-state-lists.ts';
import { US_STATES_A_TO_M } from './default/us-states-a-to-m.ts';
import { US_STATES_N_TO_Z } from './default/us-states-n-to-z.ts';
import { policyOf } from './policy.ts';

/** The policy that ships: what is unsettled takes the stricter reading and says so. Not legal advice. */
export const DEFAULT_POLICY = policyOf({
  version: '2026.11.4',
  rules: [
    ...HOUSE_RULES,
    ...US_FEDERAL_RULES,
    ...US_RELATIONSHIPS,
    ...US_STATES_A_TO_M,
    ...US_STATES_N_TO_Z,
    ...US_STATE_CONSENT,
    ...US_STATE_LISTS,
    ...EUROPEAN_RULES,
    ...SPECIAL_EUROPEAN_RULES,
    ...RULES_ELSEWHERE,
    ...ATTEMPT_RULES,
  ],
});
