import { beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { WhatIfReport } from '../../../../lib/domain/decision/what-if.ts';
import type { DecisionEntry, SubjectFacts } from '../../../../lib/domain/log/entry.ts';
import { bearingOf } from '../../../../lib/domain/policy/applies.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { type Policy, policyOf, type Rule } from '../../../../lib/domain/policy/policy.ts';
import type { RuleContext } from '../../../../lib/domain/policy/rules/context.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import { Channel, Purpose } from '../../../../lib/domain/vocabulary.ts';
import { Random } from '../../../support/random.ts';
import { randomHistory } from '../../../support/random-history.ts';

const SEED = Math.floor(Math.random() * 2 ** 31);
const COUNT = 1_000;
const POLICIES = 6;
const random = new Random(SEED);

let history: readonly DecisionEntry[];
beforeAll(async () => {
  history = await randomHistory(random, COUNT, DEFAULT_POLICY);
});

/** Some rules gone, one or two for everybody and everything. */
function changedPolicy(shareGone: number): Policy {
  const rules = DEFAULT_POLICY.rules.flatMap((rule): Rule[] => {
    if (random.chance(shareGone)) return [];
    if (!random.chance(1.5 / DEFAULT_POLICY.rules.length)) return [rule];
    return [{ ...rule, jurisdiction: { except: [] }, channels: Channel.options, purposes: Purpose.options }];
  });
  return policyOf({
    version: 'changed',
    rules: rules.length === 0 ? DEFAULT_POLICY.rules.slice(0, 1) : rules,
  });
}

function contextOf(entry: DecisionEntry, facts: SubjectFacts): RuleContext {
  const { channel = 'VOICE', purpose = 'SERVICE', seller, product } = entry.contact;
  return {
    ...facts,
    subject: facts,
    scope: { channel, purpose, seller, product },
    now: Date.parse(entry.at),
  };
}

/** Which rules stand against a contact, asked one by one. */
function standing(policy: Policy, contexts: readonly RuleContext[]): ReadonlySet<string> {
  const found = contexts.flatMap((context) => {
    const asked = policy.rules.filter((rule) => bearingOf(rule, context) !== 'NONE');
    const blocking = asked.map((rule) => {
      if (bearingOf(rule, context) === 'PLACE_UNKNOWN') return 'LOCATION_UNKNOWN';
      return evaluate(rule, context).length > 0 ? rule.id : '';
    });
    return asked.length === 0 ? ['NO_RULE'] : blocking.filter((id) => id !== '');
  });
  return new Set(found);
}

type Tally = { decisions: number; byRule: Record<string, number>; byCampaign: Record<string, number> };

function tallyOf(
  found: readonly { readonly entry: DecisionEntry; readonly rules: Iterable<string> }[],
): Tally {
  const tally: Tally = { decisions: found.length, byRule: {}, byCampaign: {} };
  for (const { entry, rules } of found) {
    const campaign = entry.contact.campaignId ?? '';
    tally.byCampaign[campaign] = (tally.byCampaign[campaign] ?? 0) + 1;
    for (const rule of rules) tally.byRule[rule] = (tally.byRule[rule] ?? 0) + 1;
  }
  return tally;
}

/** Every decision decided again by hand. */
function bruteForce(policy: Policy) {
  const decided = history
    .filter(({ facts }) => facts.length > 0)
    .map((entry) => {
      const contexts = entry.facts.map((facts) => contextOf(entry, facts));
      const blocked = contexts.some((context) => decide(context, policy, 'DIAL').effect === 'BLOCK');
      return { entry, contexts, effect: blocked ? 'BLOCK' : 'ALLOW' };
    });
  const newlyBlocked = decided
    .filter(({ entry, effect }) => entry.effect === 'ALLOW' && effect === 'BLOCK')
    .map(({ entry, contexts }) => ({ entry, rules: standing(policy, contexts) }));
  const newlyAllowed = decided
    .filter(({ entry, effect }) => entry.effect === 'BLOCK' && effect === 'ALLOW')
    .map(({ entry, contexts }) => ({ entry, rules: standing(DEFAULT_POLICY, contexts) }));
  return { newlyBlocked, newlyAllowed };
}

function whatIf(policy: Policy) {
  const report = new WhatIfReport(policy);
  for (const entry of history) report.add(entry);
  return report.summary();
}

describe(`what a policy would have done to ${COUNT} decisions, seed ${SEED}`, () => {
  it('is exactly what deciding each by hand shows, by rule and by campaign', () => {
    const seen = { blocked: 0, allowed: 0 };
    for (let turn = 0; turn < POLICIES; turn += 1) {
      const policy = changedPolicy(turn / POLICIES);
      const expected = bruteForce(policy);
      const { newlyBlocked, newlyAllowed } = whatIf(policy);
      expect(newlyBlocked).toMatchObject(tallyOf(expected.newlyBlocked));
      expect(newlyAllowed).toMatchObject(tallyOf(expected.newlyAllowed));
      const ids = (found: readonly { entry: DecisionEntry }[]) => found.map(({ entry }) => entry.decisionId);
      expect(newlyBlocked.firstDecisionIds).toEqual(ids(expected.newlyBlocked).slice(0, 10));
      expect(newlyAllowed.firstDecisionIds).toEqual(ids(expected.newlyAllowed).slice(0, 10));
      expect(Object.keys(newlyBlocked.byRule)).toHaveLength(
        Object.keys(tallyOf(expected.newlyBlocked).byRule).length,
      );
      seen.blocked += newlyBlocked.decisions;
      seen.allowed += newlyAllowed.decisions;
    }
    expect(seen.blocked).toBeGreaterThan(0);
    expect(seen.allowed).toBeGreaterThan(0);
  });

  it('is nothing under the same rules, and says how many decisions no policy changes', () => {
    const { newlyBlocked, newlyAllowed, blockedOtherwise, registryNotRecorded, ...rest } =
      whatIf(DEFAULT_POLICY);
    expect([newlyBlocked.decisions, newlyAllowed.decisions, blockedOtherwise]).toEqual([0, 0, 0]);
    expect(rest).toEqual({
      policy: DEFAULT_POLICY.name,
      decisions: COUNT,
      withoutFacts: history.filter(({ facts }) => facts.length === 0).length,
    });
    expect(registryNotRecorded).toBeLessThan(COUNT);
  });

  it('tells decisions about which a registry is newly asked', () => {
    const [rule] = DEFAULT_POLICY.rules;
    if (rule === undefined) throw new Error('expected a rule');
    const { kind: _kind, ...base } = { ...rule, jurisdiction: { except: [] } };
    const { id, jurisdiction, citation, mark, effectiveFrom, contested } = base;
    const asks: Rule = {
      ...{ kind: 'registry', registry: 'xx-new', id, jurisdiction, citation },
      ...{ mark, effectiveFrom, contested, channels: Channel.options, purposes: Purpose.options },
    };
    const { registryNotRecorded, newlyBlocked } = whatIf(policyOf({ version: 'asks', rules: [asks] }));
    expect(newlyBlocked.decisions).toBe(history.filter(({ effect }) => effect === 'ALLOW').length);
    expect(registryNotRecorded).toBeGreaterThanOrEqual(newlyBlocked.decisions);
  });
});
