import { decide } from '../../lib/domain/decision/decide.ts';
import { bearingOf } from '../../lib/domain/policy/applies.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { type Policy, policyOf, type Rule } from '../../lib/domain/policy/policy.ts';
import { evaluate } from '../../lib/domain/policy/rules/evaluate.ts';
import { Channel, Purpose } from '../../lib/domain/vocabulary.ts';
import type { Random } from './random.ts';
import { randomContext } from './random-contexts.ts';

/** How often a policy is changed for another one. */
const CASES_PER_POLICY = 500;

export type FuzzCounts = { ALLOW: number; BLOCK: number; withTime: number };

/**
 * Decides `cases` random contacts under random policies and throws at the first that breaks a law of decide(): it never
 * throws; ALLOW iff every rule that is asked is silent and one was asked; BLOCK has at least one reason; what is
 * permitted at `nextAllowedAt` is later than now and permitted then.
 */
export function fuzzDecide(random: Random, cases: number): FuzzCounts {
  const counts: FuzzCounts = { ALLOW: 0, BLOCK: 0, withTime: 0 };
  let policy = DEFAULT_POLICY;
  for (let turn = 0; turn < cases; turn += 1) {
    if (turn % CASES_PER_POLICY === 0) policy = turn === 0 ? DEFAULT_POLICY : randomPolicy(random);
    const context = randomContext(random, policy);
    const decision = decide(context, policy, 'DIAL');
    const bearings = policy.rules.map((rule) => ({ rule, bearing: bearingOf(rule, context) }));
    const asked = bearings.filter(({ bearing }) => bearing !== 'NONE');
    const silent = asked.every(
      ({ rule, bearing }) => bearing === 'APPLIES' && evaluate(rule, context).length === 0,
    );
    const expected = asked.length > 0 && silent ? 'ALLOW' : 'BLOCK';
    const sound =
      decision.effect === expected && (decision.effect === 'BLOCK') === decision.reasons.length > 0;
    if (!sound) throw new Error(`case ${turn}: expected ${expected}, got ${JSON.stringify(decision)}`);
    counts[decision.effect] += 1;
    if (decision.effect === 'ALLOW' || decision.nextAllowedAt === undefined) continue;
    counts.withTime += 1;
    const then = decide({ ...context, now: decision.nextAllowedAt }, policy, 'DIAL');
    if (decision.nextAllowedAt <= context.now || then.effect !== 'ALLOW') {
      throw new Error(`case ${turn}: expected a later permitted time, got ${JSON.stringify(decision)}`);
    }
  }
  return counts;
}

/** Rules of the policy that ships, few or many, one or two for everybody, some for a time. */
function randomPolicy(random: Random): Policy {
  const kept = random.pick([0.05, 0.3, 0.9]);
  const rules = DEFAULT_POLICY.rules
    .filter(() => random.chance(kept))
    .map((rule): Rule => {
      if (random.chance(0.01)) {
        return {
          ...rule,
          jurisdiction: { except: [] },
          channels: Channel.options,
          purposes: Purpose.options,
        };
      }
      if (random.chance(0.8)) return rule;
      return { ...rule, effectiveFrom: '2026-01-01', effectiveTo: random.pick(['2026-08-01', '2027-02-01']) };
    });
  return policyOf({ version: 'random', rules: rules.length === 0 ? DEFAULT_POLICY.rules : rules });
}
