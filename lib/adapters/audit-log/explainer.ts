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
import { inParallel } from '../in-parallel.ts';
import { type EntrySources, EVERYTHING, findDecision, loggedEntries, TOKENS } from './entries.ts';

export type ExplainerDeps = EntrySources & {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  readonly pending: Pick<PendingEntries, 'collect' | 'collectAt'>;
  readonly policies: Pick<PolicyArchive, 'find'>;
  readonly now: () => number;
};

const AT_ONCE = 16;

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
    const explanation = (await this.explainContactPoints([token], since)).get(token);
    if (explanation === undefined) throw new TypeError('expected one contact point for one token');
    return explanation;
  }

  /** The same for many at once, by token: the log is read once for all of them. */
  async explainContactPoints(
    tokens: readonly Token[],
    since?: number,
  ): Promise<ReadonlyMap<Token, ContactPointExplanation>> {
    const { contactPoints, now } = this.#deps;
    const known = await contactPoints.read([...new Set(tokens)]);
    const recorded = await this.#entriesAbout(
      known.map(({ token }) => token),
      since,
    );
    const policies = await this.#policiesOf([...recorded.values()].flatMap((placed) => [...placed.values()]));
    const basis = { policies, now: now() };
    return new Map(
      known.map((contactPoint) => [
        contactPoint.token,
        explainContactPoint(contactPoint, [...(recorded.get(contactPoint.token)?.values() ?? [])], basis),
      ]),
    );
  }

  /** By token, then by the entry's id. */
  async #entriesAbout(
    tokens: readonly Token[],
    since?: number,
  ): Promise<ReadonlyMap<string, Map<string, PlacedEntry>>> {
    const { pending, objects } = this.#deps;
    const found = new Map<string, Map<string, PlacedEntry>>(tokens.map((token) => [token, new Map()]));
    const keep = (placed: PlacedEntry): void => {
      for (const subject of placed.entry.subjects) found.get(subject)?.set(placed.entry.id, placed);
    };
    // Their own items without the index's delay; other items may carry entries that are about them as well.
    await inParallel(tokens, AT_ONCE, async (token) => {
      for (const { entry } of (await pending.collectAt(token)).entries) keep({ entry });
    });
    for (const { entry } of (await pending.collect(EVERYTHING)).entries) keep({ entry });
    const names = (line: string): boolean => (line.match(TOKENS) ?? []).some((token) => found.has(token));
    for await (const placed of loggedEntries(objects, names, since)) keep(placed);
    return found;
  }

  /** The policies that entries name, as far as they can be had. */
  async #policiesOf(placed: readonly PlacedEntry[]): Promise<readonly Policy[]> {
    const hashes = new Set(placed.flatMap(({ entry }) => ('policy' in entry ? [entry.policy.hash] : [])));
    const found = await Promise.all([...hashes].map((hash) => this.#deps.policies.find(hash)));
    return found.flatMap((policy) => policy ?? []);
  }
}
