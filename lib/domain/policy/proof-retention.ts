import type { ContactPointState } from '../state/state.ts';
import { lastUseOf } from '../state/uses.ts';
import { addMonths } from './calendar-months.ts';
import type { Jurisdiction, PolicyDocument, RuleOf } from './policy.ts';

/** Until when the proof of a consent is kept, epoch milliseconds, and the rule that says so. */
export type ProofRetention = { readonly until: number; readonly ruleId: string; readonly citation: string };

/** So many calendar years, UTC, from the grant and from each use (German UWG s. 7a(2)). Epoch milliseconds. */
export function proofKeptUntil(
  { grantedAt, lastUsedAt }: { readonly grantedAt: number; readonly lastUsedAt?: number | undefined },
  years: number,
): number {
  return addMonths(Math.max(grantedAt, lastUsedAt ?? grantedAt), 12 * years);
}

/**
 * How long the proof of a grant is kept, by the rules of a policy for its country; by those for any country where the
 * country is not known. Withdrawn consent is no exception. Undefined where no rule says how long.
 */
export function proofRetentionOf(
  state: ContactPointState,
  grant: { readonly facet: string; readonly grantedAt: number },
  { rules, country }: { readonly rules: PolicyDocument['rules']; readonly country?: string | undefined },
): ProofRetention | undefined {
  const [channel = '', purpose = ''] = grant.facet.split('#');
  const lastUsedAt = lastUseOf(state, grant.facet);
  return rules
    .filter((rule) => rule.kind === 'consentRequired')
    .filter((rule) => covers(rule, { channel, purpose, country }))
    .flatMap(({ id, citation, keepProofYears }) => {
      if (keepProofYears === undefined) return [];
      const until = proofKeptUntil({ grantedAt: grant.grantedAt, lastUsedAt }, keepProofYears);
      return [{ until, ruleId: id, citation }];
    })
    .toSorted((a, b) => b.until - a.until)[0];
}

type About = { readonly channel: string; readonly purpose: string; readonly country?: string | undefined };

function covers({ channels, purposes, jurisdiction }: RuleOf<'consentRequired'>, about: About): boolean {
  const named = (scoped: string, options: readonly string[]) => scoped === 'ALL' || options.includes(scoped);
  return (
    named(about.channel, channels) &&
    named(about.purpose, purposes) &&
    (about.country === undefined || isOf(jurisdiction, about.country))
  );
}

function isOf(jurisdiction: Jurisdiction, country: string): boolean {
  if ('countries' in jurisdiction) return jurisdiction.countries.includes(country);
  if ('except' in jurisdiction) return !jurisdiction.except.includes(country);
  return jurisdiction.regions.some((region) => region.startsWith(`${country}-`));
}
