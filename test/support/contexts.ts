import type { RegistryFact, RuleContext, Subject } from '../../lib/domain/policy/rules/context.ts';
import type { ContactScope } from '../../lib/domain/state/position.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { Channel, Purpose } from '../../lib/domain/vocabulary.ts';
import { attempted, conversation, DAY_MS, NOON, reassignment, stateOf } from './facts.ts';

export const CHANNELS = Channel.options;
export const PURPOSES = Purpose.options;

/** Not listed, one day old, every area code: what lets a marketing call to the US pass. */
export const CLEAN_REGISTRY: RegistryFact = {
  registry: 'us-national',
  listed: false,
  versionAt: Math.floor(NOON / DAY_MS) * DAY_MS - DAY_MS,
  areaCodes: 'ALL',
};

export const NEW_YORK: Subject = {
  country: 'US',
  regions: ['US-NY'],
  areaCode: '212',
  timeZones: ['America/New_York'],
};
export const LONDON: Subject = { country: 'GB', regions: [], timeZones: ['Europe/London'] };
export const BERLIN: Subject = { country: 'DE', regions: [], timeZones: ['Europe/Berlin'] };

/** Seven collection calls in a week and a conversation, to a number that somebody else holds now. */
export const CALLED_TOO_OFTEN = {
  ...stateOf(conversation(), reassignment()),
  attempts: attempted(7, 'COLLECTION').attempts,
};

/** A marketing call that a person makes to New York at ten in the morning, of whom nothing is known: permitted. */
export function contextOf(
  given: Partial<Omit<RuleContext, 'scope'>> & { readonly scope?: Partial<ContactScope> } = {},
): RuleContext {
  return {
    subject: NEW_YORK,
    state: EMPTY_STATE,
    registries: [CLEAN_REGISTRY],
    now: NOON,
    ...given,
    scope: {
      channel: 'VOICE',
      purpose: 'MARKETING',
      seller: 'acme',
      technology: 'LIVE',
      ...given.scope,
    },
  };
}
