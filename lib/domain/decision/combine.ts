import type { Policy } from '../policy/policy.ts';
import type { RuleContext } from '../policy/rules/context.ts';
import type { Answer } from './answer.ts';
import { type Decision, nextPermittedAt } from './decide.ts';
import { dominance, type Reason } from './reasons.ts';

/**
 * One decision for a contact that has several contact points: ALLOW only if every one may be reached. The grounds of
 * all are joined, dominant first. The next permitted time cannot be told from the single decisions, since windows that
 * open one after the other may never be open together: `nextPermittedAt` tells it.
 */
export function combine(decisions: readonly Decision[]): Decision {
  const blocks = decisions.filter((decision) => decision.effect === 'BLOCK');
  if (blocks.length === 0) return { effect: 'ALLOW', reasons: [] };
  const grounds = new Map(
    blocks.flatMap(({ reasons }) => reasons).map((reason) => [`${reason.code} ${reason.ruleId}`, reason]),
  );
  return {
    effect: 'BLOCK',
    reasons: [...grounds.values()].toSorted((a, b) => dominance(a.code) - dominance(b.code)),
  };
}

/** The decision about a contact, from those about each of its contact points, with the next permitted time of all. */
export function decideContact(
  verdicts: readonly { readonly context: RuleContext; readonly decision: Decision }[],
  policy: Policy,
): Decision {
  const decision = combine(verdicts.map((verdict) => verdict.decision));
  if (decision.effect === 'ALLOW') return decision;
  const nextAllowedAt = nextPermittedAt(
    verdicts.map(({ context }) => context),
    policy,
  );
  return nextAllowedAt === undefined ? decision : { ...decision, nextAllowedAt };
}

/** A BLOCK on grounds of the system's own. */
export function blocked(...reasons: readonly Reason[]): Decision {
  return { effect: 'BLOCK', reasons };
}

/** The answer that states a decision. `now` in epoch milliseconds. */
export function answerOf(
  decision: Decision,
  decisionId: string,
  { policy, now }: { policy: Policy; now: number },
): Answer {
  return {
    decision: decision.effect,
    decisionId,
    reason: decision.reasons[0]?.code ?? 'PERMITTED',
    reasons: decision.reasons.map(({ code, ruleId, citation }) => ({ code, ruleId, citation })),
    policyVersion: policy.name,
    checkedAt: new Date(now).toISOString(),
    nextAllowedAt:
      decision.effect === 'BLOCK' && decision.nextAllowedAt !== undefined
        ? new Date(decision.nextAllowedAt).toISOString()
        : null,
  };
}
