import type { Reason, ReasonCode } from '../../decision/reasons.ts';
import type { ContactScope } from '../../state/position.ts';
import type { ContactPointState } from '../../state/state.ts';
import type { Rule } from '../policy.ts';

/** Who would be reached, as far as a rule may know: never the number or the address. */
export type Subject = {
  /** ISO 3166-1 alpha-2, or another code that no rule names where the country is unknown. */
  readonly country: string;
  /** ISO 3166-2 regions that the called party can be in, of the number and of the address; none where nobody knows. */
  readonly regions: readonly string[];
  /** NANP area code, where there is one. */
  readonly areaCode?: string | undefined;
  /** Every IANA time zone that the called party can be in. */
  readonly timeZones: readonly string[];
};

/** What a do-not-call registry says of one number, and which version says so. */
export type RegistryFact = {
  readonly registry: string;
  readonly listed: boolean;
  /** The registry's own date of this version, epoch milliseconds of its midnight UTC. */
  readonly versionAt: number;
  /** The area codes that the subscription covers, or every one. */
  readonly areaCodes: 'ALL' | readonly string[];
};

export type RuleContext = {
  readonly scope: ContactScope;
  readonly subject: Subject;
  readonly state: ContactPointState;
  readonly registries: readonly RegistryFact[];
  /** Epoch milliseconds. */
  readonly now: number;
};

/** A ground for a BLOCK, and the moment at which it ends where only time stands in the way. */
export type Finding = { readonly reason: Reason; readonly opensAt?: number | undefined };

/** A finding under a rule of the policy. */
export function finding(rule: Rule, code: ReasonCode, opensAt?: number): Finding {
  return { reason: { code, ruleId: rule.id, citation: rule.citation }, opensAt };
}
