import { REASONS } from '../decision/reasons.ts';
import { bearingOf } from '../policy/applies.ts';
import { DEFAULT_POLICY } from '../policy/default-policy.ts';
import type { Policy, Rule } from '../policy/policy.ts';
import type { RuleContext } from '../policy/rules/context.ts';
import { evaluate, liftedBy } from '../policy/rules/evaluate.ts';
import type { ContactPoint } from '../ports.ts';
import type { ContactDetails, DecisionEntry, Entry, SubjectFacts } from './entry.ts';
import { recordedContext } from './recorded-context.ts';
import { type Standing, standingOf } from './standing.ts';

/** An entry and its place in the log; no index while it waits. */
export type PlacedEntry = { readonly entry: Entry; readonly index?: number };

export type ExplainedReason = {
  readonly code: string;
  /** What the code says, in a sentence; empty for a code that this version does not know. */
  readonly sentence: string;
  readonly ruleId: string;
  /** Absent where the decision's policy is not at hand, or where the system itself gave the reason. */
  readonly citation?: string;
  readonly note?: string;
};

/** One rule of the policy asked again with the facts of the decision's moment. */
export type RuleFinding = {
  readonly ruleId: string;
  readonly citation: string;
  /** NOT_ASKED: country, channel, purpose or dates of the rule do not fit the contact. */
  readonly outcome: 'BLOCKS' | 'PASSES' | 'NOT_ASKED';
  readonly codes: readonly string[];
  /** The exemptions by which the rule passes, where it would block without them. */
  readonly liftedBy?: readonly string[];
};

export type ExplainedSubject = Omit<SubjectFacts, 'state' | 'reasons'> & {
  readonly reasons: readonly ExplainedReason[];
  readonly standing: Standing;
  /** Empty where the decision's policy is not at hand, or the contact lacks what rules ask for. */
  readonly rules: readonly RuleFinding[];
};

export type DecisionExplanation = {
  readonly kind: 'decision';
  readonly decisionId: string;
  readonly effect: 'ALLOW' | 'BLOCK';
  readonly at: string;
  readonly client?: string;
  /** Index in the log, or null while it waits for it. */
  readonly index: number | null;
  readonly reasons: readonly ExplainedReason[];
  readonly nextAllowedAt?: string;
  readonly legalAlert?: string;
  readonly contact: ContactDetails;
  readonly policy: { readonly name: string; readonly hash: string; readonly atHand: boolean };
  readonly subjects: readonly ExplainedSubject[];
};

export type TimelineItem = {
  readonly at: string;
  readonly index: number | null;
  readonly entry: Entry;
  readonly reasons: readonly ExplainedReason[];
};

export type ContactPointExplanation = {
  readonly kind: 'contactPoint';
  readonly token: string;
  /** Whether an item is stored: without one, nothing stands against or for the contact point but registries and rules. */
  readonly known: boolean;
  readonly version: number;
  readonly pendingCount: number;
  /** When the person was last erased; absent if never. */
  readonly erasedAt?: string;
  /** At the time of the question. */
  readonly standing: Standing;
  readonly timeline: readonly TimelineItem[];
};

export type NothingFound = { readonly kind: 'nothing'; readonly decisionId: string };

export type Explanation = DecisionExplanation | ContactPointExplanation | NothingFound;

/** Explains one decision from its entry, asking each rule of its policy again where that policy is among `policies`. */
export function explainDecision(
  { entry, index }: PlacedEntry & { readonly entry: DecisionEntry },
  policies: readonly Policy[],
): DecisionExplanation {
  const policy = policies.find(({ hash }) => hash === entry.policy.hash);
  const at = Date.parse(entry.at);
  return {
    kind: 'decision',
    decisionId: entry.decisionId,
    effect: entry.effect,
    at: entry.at,
    ...(entry.client === undefined ? {} : { client: entry.client }),
    index: index ?? null,
    reasons: entry.reasons.map((reason) => explainReason(reason, policy)),
    ...(entry.nextAllowedAt === undefined ? {} : { nextAllowedAt: entry.nextAllowedAt }),
    ...(entry.legalAlert === undefined ? {} : { legalAlert: entry.legalAlert }),
    contact: entry.contact,
    policy: { ...entry.policy, atHand: policy !== undefined },
    subjects: entry.facts.map(({ state, ...facts }) => ({
      ...facts,
      reasons: facts.reasons.map((reason) => explainReason(reason, policy)),
      standing: standingOf(state, { now: at, rules: policy?.rules ?? [], country: facts.country }),
      rules: policy === undefined ? [] : askAgain(policy, recordedContext(entry, { state, ...facts })),
    })),
  };
}

/** Explains a contact point: where it stands at `now` (epoch milliseconds), and everything that was recorded of it. */
export function explainContactPoint(
  { token, version, state, pendingCount }: Pick<ContactPoint, 'token' | 'version' | 'state' | 'pendingCount'>,
  entries: readonly PlacedEntry[],
  { policies, now }: { readonly policies: readonly Policy[]; readonly now: number },
): ContactPointExplanation {
  const last = Number.MAX_SAFE_INTEGER;
  const ordered = entries.toSorted(
    (a, b) => Date.parse(a.entry.at) - Date.parse(b.entry.at) || (a.index ?? last) - (b.index ?? last),
  );
  return {
    kind: 'contactPoint',
    token,
    known: version > 0,
    version,
    pendingCount,
    ...(state.erasedAt === undefined ? {} : { erasedAt: new Date(state.erasedAt).toISOString() }),
    standing: standingOf(state, { now, ...lawOf(token, ordered, policies) }),
    timeline: ordered.map(({ entry, index }) => ({
      at: entry.at,
      index: index ?? null,
      entry,
      reasons:
        entry.kind === 'decision'
          ? entry.reasons.map((reason) =>
              explainReason(
                reason,
                policies.find(({ hash }) => hash === entry.policy.hash),
              ),
            )
          : [],
    })),
  };
}

/** The country and the policy of the last decision about a contact point; the policy that ships where there is none. */
function lawOf(token: string, ordered: readonly PlacedEntry[], policies: readonly Policy[]) {
  const last = ordered.map(({ entry }) => entry).findLast((entry) => entry.kind === 'decision');
  const policy = policies.find(({ hash }) => hash === last?.policy.hash) ?? DEFAULT_POLICY;
  const country = last?.facts.find((facts) => facts.token === token)?.country;
  return { rules: policy.rules, country };
}

function explainReason(
  { code, ruleId }: { readonly code: string; readonly ruleId: string },
  policy: Policy | undefined,
): ExplainedReason {
  const rule = policy?.rules.find(({ id }) => id === ruleId);
  const [, sentence = ''] = Object.entries(REASONS).find(([known]) => known === code) ?? [];
  return {
    code,
    sentence,
    ruleId,
    ...(rule === undefined ? {} : { citation: rule.citation }),
    ...(rule?.note === undefined ? {} : { note: rule.note }),
  };
}

function askAgain(policy: Policy, context: RuleContext | undefined): readonly RuleFinding[] {
  return context === undefined ? [] : policy.rules.map((rule) => ask(rule, context));
}

function ask(rule: Rule, context: RuleContext): RuleFinding {
  const { id: ruleId, citation } = rule;
  const bearing = bearingOf(rule, context);
  if (bearing === 'NONE') return { ruleId, citation, outcome: 'NOT_ASKED', codes: [] };
  const codes =
    bearing === 'PLACE_UNKNOWN'
      ? ['LOCATION_UNKNOWN']
      : evaluate(rule, context).map(({ reason }) => reason.code);
  if (codes.length > 0) return { ruleId, citation, outcome: 'BLOCKS', codes };
  const lifting = bearing === 'APPLIES' ? liftedBy(rule, context) : [];
  return {
    ...{ ruleId, citation, outcome: 'PASSES', codes },
    ...(lifting.length === 0 ? {} : { liftedBy: lifting }),
  };
}
