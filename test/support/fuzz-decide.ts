import { decide } from '../../lib/domain/decision/decide.ts';
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
    const day = new Date(context.now).toISOString().slice(0, 10);
    const asked = policy.rules.filter((rule) => isAsked(rule, context, day));
    const silent = asked.every((rule) => evaluate(rule, context).length === 0);
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

type Asked = ReturnType<typeof randomContext>;

/** Said again, so that decide() is not judged by its own words. */
function isAsked(rule: Rule, { subject, scope }: Asked, day: string): boolean {
  const { jurisdiction, channels, purposes, effectiveFrom, effectiveTo = '9999-12-31' } = rule;
  const here =
    'except' in jurisdiction
      ? jurisdiction.except.every((country) => country !== subject.country)
      : jurisdiction.countries.some((country) => country === subject.country);
  const now = effectiveFrom <= day && day < effectiveTo;
  return here && now && channels.includes(scope.channel) && purposes.includes(scope.purpose);
}

/** Rules of the policy that ships, some left out, others for everybody or for a time. */
function randomPolicy(random: Random): Policy {
  const rules = DEFAULT_POLICY.rules
    .filter(() => random.chance(0.6))
    .map((rule): Rule => {
      if (random.chance(0.5)) return rule;
      const everybody = {
        jurisdiction: { except: [] },
        channels: Channel.options,
        purposes: Purpose.options,
      };
      if (random.chance(0.5)) return { ...rule, ...everybody };
      return { ...rule, effectiveFrom: '2026-01-01', effectiveTo: random.pick(['2026-08-01', '2027-02-01']) };
    });
  return policyOf({ version: 'random', rules: rules.length === 0 ? DEFAULT_POLICY.rules : rules });
}
