import type { DecisionEntry } from '../log/entry.ts';
import { recordedContext } from '../log/recorded-context.ts';
import type { Policy } from '../policy/policy.ts';
import { registriesNeeded } from './decide.ts';
import { replayDecision } from './replay.ts';
import type { DecisionResult } from './result.ts';

/** Decisions that would come out otherwise, counted. */
export type Changes = {
  readonly decisions: number;
  /** By rule id: for a new BLOCK each rule that now stands against it, for a new ALLOW each that no longer does. */
  readonly byRule: Readonly<Record<string, number>>;
  /** By campaign id; those without one under the empty string. */
  readonly byCampaign: Readonly<Record<string, number>>;
  readonly firstDecisionIds: readonly string[];
};

export type WhatIf = {
  readonly policy: string;
  readonly decisions: number;
  /** Decisions that the system made without facts: no policy changes them. */
  readonly withoutFacts: number;
  readonly newlyBlocked: Changes;
  readonly newlyAllowed: Changes;
  /** BLOCK as before, on other grounds or until another time. */
  readonly blockedOtherwise: number;
  /** Decisions about which the new policy asks a registry whose answer was not recorded: it counts as not loaded. */
  readonly registryNotRecorded: number;
};

const SHOWN = 10;

/**
 * What a policy would have decided on recorded facts. Each decision is taken by itself: that a BLOCK would have left
 * an attempt uncounted for the next decision is not followed up. Memory: a count per rule and campaign.
 */
export class WhatIfReport {
  readonly #policy: Policy;
  readonly #blocked = new ChangeCount();
  readonly #allowed = new ChangeCount();
  #decisions = 0;
  #withoutFacts = 0;
  #blockedOtherwise = 0;
  #registryNotRecorded = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  get decisions(): number {
    return this.#decisions;
  }

  add(entry: DecisionEntry): void {
    this.#decisions += 1;
    const { recorded, replayed, identical } = replayDecision(entry, this.#policy);
    if (replayed === undefined) {
      this.#withoutFacts += 1;
      return;
    }
    if (asksUnrecorded(entry, this.#policy)) this.#registryNotRecorded += 1;
    if (recorded.effect === 'ALLOW' && replayed.effect === 'BLOCK') this.#blocked.add(entry, replayed);
    else if (recorded.effect === 'BLOCK' && replayed.effect === 'ALLOW') this.#allowed.add(entry, recorded);
    else if (recorded.effect === 'BLOCK' && !identical) this.#blockedOtherwise += 1;
  }

  summary(): WhatIf {
    return {
      policy: this.#policy.name,
      decisions: this.#decisions,
      withoutFacts: this.#withoutFacts,
      newlyBlocked: this.#blocked.changes(),
      newlyAllowed: this.#allowed.changes(),
      blockedOtherwise: this.#blockedOtherwise,
      registryNotRecorded: this.#registryNotRecorded,
    };
  }
}

class ChangeCount {
  readonly #byRule = new Map<string, number>();
  readonly #byCampaign = new Map<string, number>();
  readonly #first: string[] = [];
  #decisions = 0;

  /** @param grounds - the BLOCK of the two results. */
  add({ decisionId, contact }: DecisionEntry, grounds: DecisionResult): void {
    this.#decisions += 1;
    if (this.#first.length < SHOWN) this.#first.push(decisionId);
    count(this.#byCampaign, contact.campaignId ?? '');
    // Grounds of the system's own have no rule: their code stands for it.
    const rules = new Set(grounds.reasons.map(({ code, ruleId }) => (ruleId === '' ? code : ruleId)));
    for (const rule of rules) count(this.#byRule, rule);
  }

  changes(): Changes {
    return {
      decisions: this.#decisions,
      byRule: mostFirst(this.#byRule),
      byCampaign: mostFirst(this.#byCampaign),
      firstDecisionIds: this.#first,
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function asksUnrecorded(entry: DecisionEntry, policy: Policy): boolean {
  return entry.facts.some((facts) => {
    const context = recordedContext(entry, facts);
    const recorded = new Set(facts.registries.map(({ registry }) => registry));
    return (
      context !== undefined &&
      registriesNeeded(policy, context).some((registry) => !recorded.has(registry)) &&
      !facts.reasons.some(({ code }) => code === 'REGISTRY_UNAVAILABLE')
    );
  });
}
