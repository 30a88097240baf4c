import type { DecisionEntry } from '../log/entry.ts';
import type { Policy } from '../policy/policy.ts';
import { replayDecision } from './replay.ts';
import type { DecisionResult } from './result.ts';

export type ReplayDifference = {
  readonly decisionId: string;
  /** Place in the log; null while it waits for it. */
  readonly index: number | null;
  readonly at: string;
  readonly policy: string;
  readonly recorded: DecisionResult;
  /** Null where the decision has no facts. */
  readonly replayed: DecisionResult | null;
};

export type ReplaySummary = {
  readonly decisions: number;
  readonly identical: number;
  /** Of the identical ones, those that the system itself made: there were no facts to decide again. */
  readonly withoutFacts: number;
  /** Decisions whose policy document cannot be had: nothing is said of them. */
  readonly withoutPolicy: number;
  readonly differing: number;
  readonly firstDifferences: readonly ReplayDifference[];
};

const SHOWN = 10;

/** Counts how decisions came out when they were decided again. Memory: the first differences. */
export class ReplayReport {
  readonly #differences: ReplayDifference[] = [];
  #decisions = 0;
  #identical = 0;
  #withoutFacts = 0;
  #withoutPolicy = 0;

  get decisions(): number {
    return this.#decisions;
  }

  /** @param policy - the one that the entry names, if it can be had. */
  add(
    { entry, index }: { readonly entry: DecisionEntry; readonly index?: number },
    policy: Policy | undefined,
  ): void {
    this.#decisions += 1;
    if (policy === undefined) {
      this.#withoutPolicy += 1;
      return;
    }
    const { recorded, replayed, identical } = replayDecision(entry, policy);
    if (identical) {
      this.#identical += 1;
      if (replayed === undefined) this.#withoutFacts += 1;
    } else if (this.#differences.length < SHOWN) {
      this.#differences.push({
        decisionId: entry.decisionId,
        index: index ?? null,
        at: entry.at,
        policy: entry.policy.name,
        recorded,
        replayed: replayed ?? null,
      });
    }
  }

  summary(): ReplaySummary {
    return {
      decisions: this.#decisions,
      identical: this.#identical,
      withoutFacts: this.#withoutFacts,
      withoutPolicy: this.#withoutPolicy,
      differing: this.#decisions - this.#identical - this.#withoutPolicy,
      firstDifferences: this.#differences,
    };
  }
}
