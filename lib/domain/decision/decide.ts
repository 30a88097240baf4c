import { bearingOf, type Contact } from '../policy/applies.ts';
import type { Policy, Rule } from '../policy/policy.ts';
import type { Finding, RuleContext } from '../policy/rules/context.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import { dominance, type Reason, systemReason } from './reasons.ts';

export type Decision =
  | { readonly effect: 'ALLOW'; readonly reasons: readonly [] }
  | {
      readonly effect: 'BLOCK';
      readonly reasons: readonly Reason[];
      /** Epoch milliseconds of the earliest permitted moment; only where time is the one obstacle. */
      readonly nextAllowedAt?: number;
    };

/** What passes with time alone. */
const PASSING: ReadonlySet<Rule['kind']> = new Set([
  'callingWindow',
  'frequencyCap',
  'contactCap',
  'dayBan',
  'holidayBan',
  'emergencyBan',
]);

/** Openings to go through before a common one is given up: windows that never overlap would go round for ever. */
const ROUNDS = 32;

/** Whether the question is "now?", or "may this row go into a contact list that is dialled later?". */
export type Stage = 'DIAL' | 'SCRUB';

/**
 * Decides one contact with one contact point. Pure and total: the same facts, policy and time give the same answer,
 * with every ground that applies, dominant first. A rule whose place, channel, purpose or dates do not fit is not asked.
 * At the stage SCRUB what passes with time alone is no ground, since the check before the dial asks again.
 */
export function decide(context: RuleContext, policy: Policy, stage: Stage): Decision {
  const findings = findingsOf(context, policy, stage);
  if (findings.length === 0) return { effect: 'ALLOW', reasons: [] };
  const reasons = findings.map(({ reason }) => reason);
  const opensAt = latestOpening(findings) === undefined ? undefined : nextPermittedAt([context], policy);
  return {
    effect: 'BLOCK',
    reasons: reasons.toSorted((a, b) => dominance(a.code) - dominance(b.code)),
    ...(opensAt === undefined ? {} : { nextAllowedAt: opensAt }),
  };
}

/**
 * The earliest moment, in epoch milliseconds, at which a contact with all of these contact points is permitted, should
 * nothing but the time change until then; undefined where more than time stands in the way.
 */
export function nextPermittedAt(contexts: readonly RuleContext[], policy: Policy): number | undefined {
  let at = contexts[0]?.now;
  // Each round moves to the latest opening, where another window may have closed, consent lapsed, a registry aged.
  for (let round = 0; round < ROUNDS; round += 1) {
    if (at === undefined) return undefined;
    const now = at;
    const findings = contexts.flatMap((context) => findingsOf({ ...context, now }, policy, 'DIAL'));
    if (findings.length === 0) return now;
    at = latestOpening(findings);
  }
  return undefined;
}

function latestOpening(findings: readonly Finding[]): number | undefined {
  const latest = Math.max(...findings.map(({ opensAt = Number.POSITIVE_INFINITY }) => opensAt));
  return Number.isFinite(latest) ? latest : undefined;
}

function findingsOf(context: RuleContext, policy: Policy, stage: Stage): readonly Finding[] {
  const bearing = policy.rules
    .map((rule) => ({ rule, bearing: bearingOf(rule, context) }))
    .filter(({ bearing }) => bearing !== 'NONE');
  // A policy that says nothing at all about a contact does not permit it.
  if (bearing.length === 0) return [{ reason: systemReason('NO_RULE') }];
  const asked = bearing.filter(({ rule }) => !(stage === 'SCRUB' && PASSING.has(rule.kind)));
  const findings = asked.flatMap(({ rule, bearing }) =>
    bearing === 'APPLIES' ? evaluate(rule, context).map((found) => endingWith(rule, found)) : [],
  );
  // Which region's rules bind cannot be told, so none of them is taken to be kept.
  return asked.some(({ bearing }) => bearing === 'PLACE_UNKNOWN')
    ? [...findings, { reason: systemReason('LOCATION_UNKNOWN') }]
    : findings;
}

/** A rule stands in the way for no longer than it is in force. */
function endingWith({ effectiveTo }: Rule, found: Finding): Finding {
  return effectiveTo === undefined || found.opensAt === undefined
    ? found
    : { ...found, opensAt: Math.min(found.opensAt, Date.parse(effectiveTo)) };
}

/** The registries that the policy asks about a contact, each once. */
export function registriesAsked(policy: Policy, contact: Contact): readonly string[] {
  return registriesOf(policy.rules, contact);
}

/** Those of them that block a contact where no version is loaded. */
export function registriesNeeded(policy: Policy, contact: Contact): readonly string[] {
  const needing = policy.rules.filter((rule) => rule.kind === 'registry' && rule.whereImported === undefined);
  return registriesOf(needing, contact);
}

function registriesOf(rules: readonly Rule[], contact: Contact): readonly string[] {
  const asked = rules.flatMap((rule) =>
    'registry' in rule && bearingOf(rule, contact) === 'APPLIES' ? [rule.registry] : [],
  );
  return [...new Set(asked)];
}
