import type { DecisionEntry } from '../log/entry.ts';
import { assign } from './assign.ts';
import type { CoverageOutcome, OutboundContact } from './contact.ts';

/** How far a decision may lie from the contact that it is about, milliseconds. */
export type MatchWindow = {
  /** Before it: the time between the evaluation of a rule and the dial. */
  readonly beforeMs: number;
  /** After it: by how much two clocks may differ. */
  readonly skewMs: number;
};

export type Matching = {
  readonly contacts: readonly OutboundContact[];
  readonly window: MatchWindow;
  /** Ids of decisions that cover an earlier contact already. */
  readonly used: ReadonlySet<string>;
};

export type Matched = {
  /** In the order of the contacts. */
  readonly outcomes: readonly CoverageOutcome[];
  /** The decisions that cover one of them. */
  readonly used: readonly { readonly id: string; readonly at: number }[];
};

type Decision = Pick<DecisionEntry, 'id' | 'at' | 'effect' | 'subjects' | 'contact'>;
/** What is kept of a decision that is about one of the contacts. */
type Candidate = {
  readonly id: string;
  readonly at: number;
  /** Whether another decision answers the same question. */
  readonly question: string;
  /** Places of the contacts that it can be about. */
  readonly about: readonly number[];
};

// What names a contact more exactly comes first.
const IDS = ['conversationId', 'contactId', 'campaignId'] as const;

/**
 * Holds contacts against decisions, which come one after the other and in any order. Memory: the contacts, and what is
 * kept of the decisions about them.
 *
 * A decision covers one contact at most. As many contacts as can be are covered, the earlier ones first; so a decision
 * more never makes a gap. A decision to allow counts no more once the same question was answered BLOCK before the contact.
 */
export class CoverageMatcher {
  readonly #matching: Matching;
  readonly #byToken = new Map<string, number[]>();
  readonly #allows: Candidate[] = [];
  readonly #blocks = new Map<number, Candidate[]>();

  constructor(matching: Matching) {
    this.#matching = matching;
    for (const [place, { reached }] of matching.contacts.entries()) {
      if (typeof reached === 'string') continue;
      for (const token of reached) keep(this.#byToken, token, place);
    }
  }

  add(decision: Decision): void {
    const about = this.#meant(decision);
    if (about.length === 0) return;
    const { id, effect, contact } = decision;
    const { purpose, seller, conversationId, contactId, campaignId } = contact;
    const question = JSON.stringify([purpose, seller, conversationId, contactId, campaignId]);
    const candidate = { id, at: Date.parse(decision.at), question, about };
    if (effect === 'ALLOW') {
      if (!this.#matching.used.has(id)) this.#allows.push(candidate);
      return;
    }
    for (const place of about) keep(this.#blocks, place, candidate);
  }

  outcomes(): Matched {
    const { contacts } = this.#matching;
    const options = this.#options();
    const inOrder = [...contacts.keys()].toSorted((a, b) => this.#compare(a, b));
    const heldBy = assign(inOrder, (place) => options.get(place) ?? []);
    return {
      outcomes: contacts.map((_, place) => this.#outcomeOf(place, heldBy.has(place))),
      used: [...heldBy.values()].map(({ id, at }) => ({ id, at })),
    };
  }

  #outcomeOf(place: number, covered: boolean): CoverageOutcome {
    const reached = this.#matching.contacts[place]?.reached ?? 'UNREADABLE';
    if (typeof reached === 'string') return reached;
    if (covered) return 'COVERED';
    return this.#blocks.has(place) ? 'BLOCKED' : 'NO_DECISION';
  }

  /** By contact, the decisions to allow that can cover it, the most likely first. */
  #options(): ReadonlyMap<number, readonly Candidate[]> {
    const options = new Map<number, Candidate[]>();
    for (const allow of this.#allows.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))) {
      for (const place of allow.about) {
        if (!this.#isTakenBack(allow, place)) keep(options, place, allow);
      }
    }
    return options;
  }

  /** The same was asked again before the contact, and the answer was BLOCK: an opt-out came between the two. */
  #isTakenBack(allow: Candidate, place: number): boolean {
    const contactAt = this.#matching.contacts[place]?.at ?? 0;
    return (this.#blocks.get(place) ?? []).some(
      ({ at, id, question }) =>
        question === allow.question &&
        (at > allow.at || (at === allow.at && id > allow.id)) &&
        at <= contactAt,
    );
  }

  /** The contacts that a decision can be about: where it shares an id with some of them, those alone. */
  #meant({ at, subjects, contact }: Decision): readonly number[] {
    const { contacts, window } = this.#matching;
    const decidedAt = Date.parse(at);
    const places = new Set(subjects.flatMap((token) => this.#byToken.get(token) ?? []));
    const near = [...places].filter((place) => {
      const { channel, at: contactAt = Number.NaN } = contacts[place] ?? {};
      if (channel !== contact.channel) return false;
      return contactAt - window.beforeMs <= decidedAt && decidedAt <= contactAt + window.skewMs;
    });
    for (const name of IDS) {
      const id = contact[name];
      const named = id === undefined ? [] : near.filter((place) => contacts[place]?.[name] === id);
      if (named.length > 0) return named;
    }
    return near;
  }

  #compare(a: number, b: number): number {
    const [one, other] = [this.#matching.contacts[a], this.#matching.contacts[b]];
    return (one?.at ?? 0) - (other?.at ?? 0) || ((one?.id ?? '') < (other?.id ?? '') ? -1 : 1);
  }
}

function keep<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}
