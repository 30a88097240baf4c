import type { Policy, Rule } from '../policy/policy.ts';
import type { Finding, RuleContext } from '../policy/rules/context.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { dominance, type Reason } from './reasons.ts';

export type Decision =
  | { readonly effect: 'ALLOW'; readonly reasons: readonly [] }
  | {
      readonly effect: 'BLOCK';
      readonly reasons: readonly Reason[];
      /** Epoch milliseconds of the earliest permitted moment; only where time is the one obstacle. */
      readonly nextAllowedAt?: number;
    };

/** Whether the question is "now?", or "may this row go into a contact list that is dialled later?". */
export type Stage = 'DIAL' | 'SCRUB';

/**
 * Decides one contact with one contact point. Pure and total: the same facts, policy and time give the same answer,
 * with every ground that applies, dominant first. A rule whose country, channel, purpose or dates do not fit is not
 * asked. At the stage SCRUB time of day is no ground, since the check before the dial asks again.
 */
export function decide(context: RuleContext, policy: Policy, stage: Stage): Decision {
  const findings = policy.rules
    .filter((rule) => applies(rule, context) && !(stage === 'SCRUB' && rule.kind === 'callingWindow'))
    .flatMap((rule) => evaluate(rule, context));
  if (findings.length === 0) return { effect: 'ALLOW', reasons: [] };
  const ordered = findings.toSorted((a, b) => dominance(a.reason.code) - dominance(b.reason.code));
  return { effect: 'BLOCK', reasons: ordered.map(({ reason }) => reason), ...nextAllowedAt(ordered) };
}

/** The registries that the policy asks about a contact, each once. */
export function registriesAsked(policy: Policy, contact: Contact): readonly string[] {
  const asked = policy.rules.flatMap((rule) =>
    'registry' in rule && applies(rule, contact) ? [rule.registry] : [],
  );
  return [...new Set(asked)];
}

type Contact = Pick<RuleContext, 'subject' | 'scope' | 'now'>;

/** Whether a rule is asked about a contact: country, channel, purpose and dates fit. */
export function applies(rule: Rule, { subject, scope, now }: Contact): boolean {
  const day = new Date(now).toISOString().slice(0, 10);
  const { jurisdiction } = rule;
  const here =
    'countries' in jurisdiction
      ? jurisdiction.countries.includes(subject.country)
      : !jurisdiction.except.includes(subject.country);
  return (
    here &&
    rule.channels.includes(scope.channel) &&
    rule.purposes.includes(scope.purpose) &&
    rule.effectiveFrom <= day &&
    (rule.effectiveTo === undefined || day < rule.effectiveTo)
  );
}

function nextAllowedAt(findings: readonly Finding[]): { nextAllowedAt?: number } {
  const opens = findings.map(({ opensAt }) => opensAt ?? Number.POSITIVE_INFINITY);
  const latest = Math.max(...opens);
  return Number.isFinite(latest) ? { nextAllowedAt: latest } : {};
}
