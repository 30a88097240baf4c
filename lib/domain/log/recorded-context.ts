import type { RuleContext } from '../policy/rules/context.ts';
import type { DecisionEntry, SubjectFacts } from './entry.ts';

/** What the rules were asked with about one contact point; undefined if the request did not say what they ask for. */
export function recordedContext(
  { at, contact }: Pick<DecisionEntry, 'at' | 'contact'>,
  facts: Omit<SubjectFacts, 'effect' | 'reasons'>,
): RuleContext | undefined {
  const { channel, purpose, seller, product, audience, technology, softOptIn } = contact;
  if (channel === undefined || purpose === undefined) return undefined;
  const { country, regions, areaCode, timeZones, registries, state } = facts;
  return {
    scope: { channel, purpose, seller, product, audience, technology, softOptIn },
    subject: { country, regions, areaCode, timeZones },
    state,
    registries,
    now: Date.parse(at),
  };
}
