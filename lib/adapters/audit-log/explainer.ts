import type { Token } from '../../domain/contact-point/token.ts';
import {
  type ContactPointExplanation,
  type Explanation,
  explainContactPoint,
  explainDecision,
  type PlacedEntry,
} from '../../domain/log/explain.ts';
import type { PendingEntries } from '../../domain/log/log-ports.ts';
import type { PolicyArchive } from '../../domain/policy/archive.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ContactPoints } from '../../domain/ports.ts';
import { type EntrySources, EVERYTHING, findDecision, loggedEntries } from './entries.ts';

export type ExplainerDeps = EntrySources & {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  readonly pending: Pick<PendingEntries, 'collect' | 'collectAt'>;
  readonly policies: Pick<PolicyArchive, 'find'>;
  readonly now: () => number;
};

/**
 * Explains decisions and contact points from the log and from what still waits for it. What waits is read first: an
 * entry that moves into the log meanwhile is then seen in both, never in neither.
 */
export class Explainer {
  readonly #deps: ExplainerDeps;

  constructor(deps: ExplainerDeps) {
    this.#deps = deps;
  }

  /** Why a decision came out as it did; `nothing` if none is recorded under this id. Reads the log from its time on. */
  async explainDecision(decisionId: string): Promise<Explanation> {
    const found = await findDecision(this.#deps, decisionId);
    return found === undefined
      ? { kind: 'nothing', decisionId }
      : explainDecision(found, await this.#policiesOf([found]));
  }

  /**
   * Where a contact point stands and everything that was recorded of it, in time order. Reads the whole log, or what
   * can hold entries made at `since` (epoch milliseconds) or later.
   */
  async explainContactPoint(token: Token, since?: number): Promise<ContactPointExplanation> {
    const { contactPoints, pending, objects, now } = this.#deps;
    const [contactPoint] = await contactPoints.read([token]);
    if (contactPoint === undefined) throw new TypeError('expected one contact point for one token');
    const found = new Map<string, PlacedEntry>();
    // Its own item without the index's delay; other items may carry entries that are about it as well.
    for (const { entries } of [await pending.collectAt(token), await pending.collect(EVERYTHING)]) {
      for (const { entry } of entries) if (entry.subjects.includes(token)) found.set(entry.id, { entry });
    }
    for await (const placed of loggedEntries(objects, (line) => line.includes(token), since)) {
      if (placed.entry.subjects.includes(token)) found.set(placed.entry.id, placed);
    }
    const recorded = [...found.values()];
    const policies = await this.#policiesOf(recorded);
    return explainContactPoint(contactPoint, recorded, { policies, now: now() });
  }

  /** The policies that entries name, as far as they can be had. */
  async #policiesOf(placed: readonly PlacedEntry[]): Promise<readonly Policy[]> {
    const hashes = new Set(placed.flatMap(({ entry }) => ('policy' in entry ? [entry.policy.hash] : [])));
    const found = await Promise.all([...hashes].map((hash) => this.#deps.policies.find(hash)));
    return found.flatMap((policy) => policy ?? []);
  }
}
