import type { LoggedEntry } from '../log/entry.ts';

/** What a pack is about: one person, or one campaign; of the time from `since` until `until` (epoch milliseconds). */
export type EvidenceScope = {
  readonly about:
    | { readonly kind: 'person'; readonly token: string }
    | { readonly kind: 'campaign'; readonly campaignId: string };
  readonly since: number;
  /** Absent: until the end of the log. */
  readonly until?: number;
};

/**
 * What an entry is to a pack. OWN: it belongs in it, byte for byte. SHARED: it is about this person, but says things of
 * others too, so that only this person's part may be shown.
 */
export type Bearing = 'OWN' | 'SHARED' | 'NONE';

/**
 * Says of each entry, in the log's order, whether it belongs to a pack. A campaign's are its decisions and scrubs, and
 * from the first decision about somebody on everything that changed for that person; what was known before stands in
 * that decision's facts. Keeps the tokens of a campaign's people, and nothing else.
 */
export class BearingOf {
  readonly #scope: EvidenceScope;
  readonly #people = new Set<string>();

  constructor(scope: EvidenceScope) {
    this.#scope = scope;
  }

  /** @param line - the entry's text. */
  of(entry: LoggedEntry, line: string): Bearing {
    const at = Date.parse(entry.at);
    const { about, since, until = Number.POSITIVE_INFINITY } = this.#scope;
    if (at < since || at >= until) return 'NONE';
    return about.kind === 'person'
      ? ofPerson(entry, about.token, line)
      : this.#ofCampaign(entry, about.campaignId);
  }

  /** Whether a line can matter at all: a cheap test before it is parsed. */
  mayBear(line: string): boolean {
    const { about } = this.#scope;
    if (about.kind === 'person') return line.includes(about.token);
    return !line.includes('"kind":"decision"') || line.includes(JSON.stringify(about.campaignId));
  }

  #ofCampaign(entry: LoggedEntry, campaignId: string): Bearing {
    if (entry.kind === 'scrub') return entry.contact.campaignId === campaignId ? 'OWN' : 'NONE';
    if (entry.kind === 'decision') {
      if (entry.contact.campaignId !== campaignId) return 'NONE';
      for (const token of entry.subjects) this.#people.add(token);
      return 'OWN';
    }
    // An entry about several people may name one whom the campaign never had.
    return entry.subjects.length > 0 && entry.subjects.every((token) => this.#people.has(token))
      ? 'OWN'
      : 'NONE';
  }
}

/** As tokens stand in an entry, whatever member they stand in. */
const TOKENS = /p[1-9]\d{0,5}\.[\w-]{43}/g;

function ofPerson(entry: LoggedEntry, token: string, line: string): Bearing {
  if (!entry.subjects.includes(token)) return 'NONE';
  return line.match(TOKENS)?.every((named) => named === token) ? 'OWN' : 'SHARED';
}

/** This person's part of a shared entry: without the others' tokens, and without what is known of them. */
export function ownPart(entry: LoggedEntry, token: string): Readonly<Record<string, unknown>> {
  const { kind, id, at, index } = entry;
  const own = { kind, id, at, index, subjects: [token] };
  if (entry.kind === 'coverage') {
    return { ...own, from: entry.from, to: entry.to, gaps: entry.gaps.filter((gap) => gap.token === token) };
  }
  if (entry.kind === 'notice') {
    const { incidentId, channel, via, batch, template } = entry;
    return { ...own, incidentId, channel, via, batch, template };
  }
  // Of other kinds nothing says which part is whose.
  if (entry.kind !== 'decision') return own;
  // Reasons, hash and next time are of all contact points together: of this one there are those in its own facts.
  const { decisionId, effect, contact, policy, client, legalAlert } = entry;
  const facts = entry.facts.filter((fact) => fact.token === token);
  const reasons = facts.flatMap((fact) => fact.reasons);
  return { ...own, decisionId, effect, contact, policy, client, legalAlert, facts, reasons };
}
