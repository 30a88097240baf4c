import type { LoggedEntry } from '../log/entry.ts';
import type { Fact } from '../state/facts.ts';
import { type LatencyFigures, latencyFigures, type OptOutTimes } from './latency.ts';

export type DayFigures = {
  /** `2026-11-20`, UTC. */
  readonly day: string;
  /** Decisions by their first reason; `PERMITTED` where there is none. */
  readonly byReason: Readonly<Record<string, number>>;
};

export type RegistryUse = {
  readonly registry: string;
  /** Epoch milliseconds of the registry's own date. */
  readonly versionAt: number;
  readonly decisions: number;
  /** Contacts that were allowed on the word of this version, and its greatest age on the day of one of them. */
  readonly allowed: number;
  readonly oldestDays: number;
};

export type PolicyUse = { readonly name: string; readonly hash: string; readonly entries: number };

export type Figures = {
  readonly entries: Readonly<Record<string, number>>;
  readonly decisions: { readonly ALLOW: number; readonly BLOCK: number };
  readonly days: readonly DayFigures[];
  readonly optOuts: LatencyFigures;
  readonly policies: readonly PolicyUse[];
  readonly registries: readonly RegistryUse[];
};

const DAY_MS = 86_400_000;
export const PERMITTED = 'PERMITTED';

/** Counts what is in a pack. Its memory grows with days, reasons, policies, versions and opt-outs, not with decisions. */
export class FiguresOf {
  readonly #entries = new Map<string, number>();
  readonly #effects = { ALLOW: 0, BLOCK: 0 };
  readonly #days = new Map<string, Map<string, number>>();
  readonly #optOuts: OptOutTimes[] = [];
  readonly #policies = new Map<string, PolicyUse>();
  readonly #registries = new Map<string, RegistryUse>();

  /** @param loggedAt - when the object with the entry was written, epoch milliseconds. */
  add(entry: LoggedEntry, loggedAt: number): void {
    count(this.#entries, entry.kind);
    if ('policy' in entry) this.#addPolicy(entry.policy);
    if (entry.kind === 'decision') this.#addDecision(entry);
    if (entry.kind === 'scrub') {
      for (const used of entry.registries) this.#addRegistry(used, { at: Date.parse(entry.at), allowed: 0 });
    }
    if (entry.kind === 'fact' && isOptOut(entry.fact)) {
      const { effectiveAt: stated, receivedAt: received } = entry.fact;
      this.#optOuts.push({ stated, received, inForce: Date.parse(entry.at), logged: loggedAt });
    }
  }

  figures(): Figures {
    return {
      entries: Object.fromEntries(sorted(this.#entries)),
      decisions: this.#effects,
      days: sorted(this.#days).map(([day, reasons]) => ({
        day,
        byReason: Object.fromEntries(sorted(reasons)),
      })),
      optOuts: latencyFigures(this.#optOuts),
      policies: sorted(this.#policies).map(([, use]) => use),
      registries: sorted(this.#registries).map(([, use]) => use),
    };
  }

  #addDecision(entry: Extract<LoggedEntry, { kind: 'decision' }>): void {
    this.#effects[entry.effect] += 1;
    const day = entry.at.slice(0, 10);
    const reasons = this.#days.get(day) ?? new Map<string, number>();
    this.#days.set(day, count(reasons, entry.reasons[0]?.code ?? PERMITTED));
    const used = new Map(
      entry.facts.flatMap(({ registries }) => registries.map((one) => [keyOf(one), one] as const)),
    );
    const moment = { at: Date.parse(entry.at), allowed: entry.effect === 'ALLOW' ? 1 : 0 };
    for (const one of used.values()) this.#addRegistry(one, moment);
  }

  #addPolicy({ name, hash }: { readonly name: string; readonly hash: string }): void {
    const { entries } = this.#policies.get(hash) ?? { entries: 0 };
    this.#policies.set(hash, { name, hash, entries: entries + 1 });
  }

  #addRegistry(
    used: { readonly registry: string; readonly versionAt: number },
    { at, allowed }: { readonly at: number; readonly allowed: number },
  ): void {
    const known = this.#registries.get(keyOf(used));
    const age = Math.floor((at - used.versionAt) / DAY_MS);
    this.#registries.set(keyOf(used), {
      registry: used.registry,
      versionAt: used.versionAt,
      decisions: (known?.decisions ?? 0) + 1,
      allowed: (known?.allowed ?? 0) + allowed,
      oldestDays: Math.max(known?.oldestDays ?? 0, allowed === 0 ? 0 : age),
    });
  }
}

/** A person's word that ends contact: what the operator decided, or blocked meanwhile, is none. */
function isOptOut(fact: Fact): fact is Extract<Fact, { kind: 'suppression' | 'consent' }> {
  if (fact.kind === 'suppression') return fact.reason === 'CUSTOMER_REQUEST' || fact.reason === 'OBJECTION';
  return fact.kind === 'consent' && (fact.status === 'WITHDRAWN' || fact.status === 'OBJECTED');
}

/** One version of one registry; versions sort by their date. */
export function keyOf({
  registry,
  versionAt,
}: {
  readonly registry: string;
  readonly versionAt: number;
}): string {
  return `${registry} ${new Date(versionAt).toISOString()}`;
}

function count(counts: Map<string, number>, key: string): Map<string, number> {
  return counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
