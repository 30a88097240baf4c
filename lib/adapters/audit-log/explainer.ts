import type { Token } from '../../domain/contact-point/token.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { readLine } from '../../domain/log/batch.ts';
import {
  type ContactPointExplanation,
  type Explanation,
  explainContactPoint,
  explainDecision,
  type PlacedEntry,
} from '../../domain/log/explain.ts';
import type { LogObjects, PendingEntries } from '../../domain/log/log-ports.ts';
import { timeOfUuid } from '../../domain/log/uuid-time.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { ContactPoints } from '../../domain/ports.ts';

export type ExplainerDeps = {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  readonly pending: Pick<PendingEntries, 'collect' | 'collectAt'>;
  readonly objects: Pick<LogObjects, 'lines'>;
  /** The policies whose texts are at hand. */
  readonly policies: readonly Policy[];
  readonly now: () => number;
};

const EVERYTHING = { entries: Number.POSITIVE_INFINITY, size: Number.POSITIVE_INFINITY };
/** By how much the clock that made an id may be ahead of the clock that named the objects. */
const CLOCK_SKEW_MS = 5 * 60_000;

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
    const { entries: waiting } = await this.#deps.pending.collect(EVERYTHING);
    const made = timeOfUuid(decisionId);
    const since = made === undefined ? undefined : made - CLOCK_SKEW_MS;
    const logged = this.#placed((line) => line.includes(JSON.stringify(decisionId)), since);
    for await (const { entry, index } of logged) {
      if (entry.kind === 'decision' && entry.decisionId === decisionId) {
        return explainDecision({ entry, ...(index === undefined ? {} : { index }) }, this.#deps.policies);
      }
    }
    for (const { entry } of waiting) {
      if (entry.kind === 'decision' && entry.decisionId === decisionId) {
        return explainDecision({ entry }, this.#deps.policies);
      }
    }
    return { kind: 'nothing', decisionId };
  }

  /**
   * Where a contact point stands and everything that was recorded of it, in time order. Reads the whole log, or what
   * can hold entries made at `since` (epoch milliseconds) or later.
   */
  async explainContactPoint(token: Token, since?: number): Promise<ContactPointExplanation> {
    const { contactPoints, pending, policies, now } = this.#deps;
    const [contactPoint] = await contactPoints.read([token]);
    if (contactPoint === undefined) throw new TypeError('expected one contact point for one token');
    const found = new Map<string, PlacedEntry>();
    // Its own item without the index's delay; other items may carry entries that are about it as well.
    for (const { entries } of [await pending.collectAt(token), await pending.collect(EVERYTHING)]) {
      for (const { entry } of entries) if (entry.subjects.includes(token)) found.set(entry.id, { entry });
    }
    for await (const placed of this.#placed((line) => line.includes(token), since)) {
      if (placed.entry.subjects.includes(token)) found.set(placed.entry.id, placed);
    }
    return explainContactPoint(contactPoint, [...found.values()], { policies, now: now() });
  }

  async *#placed(matches: (line: string) => boolean, since?: number): AsyncGenerator<PlacedEntry, undefined> {
    for await (const line of this.#deps.objects.lines(since)) {
      if (!matches(line)) continue;
      const read = readLine(line);
      if (read === undefined) {
        throw new ComplianceError({
          code: 'LOG_LINE_UNREADABLE',
          message: 'expected an entry in the log, got another line',
        });
      }
      const { index, ...entry } = read;
      yield { entry, index };
    }
    return undefined;
  }
}
