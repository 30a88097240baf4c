import type { Token } from '../contact-point/token.ts';
import { combine } from '../decision/combine.ts';
import { type Decision, decide } from '../decision/decide.ts';
import type { ReasonCode } from '../decision/reasons.ts';
import type { Policy } from '../policy/policy.ts';
import type { ContactPoints, RegistryMembership } from '../ports.ts';
import { type ContactPointState, EMPTY_STATE } from '../state/state.ts';
import type { ContactKind } from './contact-kind.ts';
import type { Lanes } from './lanes.ts';
import type { ScrubProfile } from './profile.ts';
import { type Listing, RegistryListings } from './registry-listings.ts';
import type { PageContacts, Verdict } from './row.ts';

export type DeciderBasis = {
  readonly profile: ScrubProfile;
  readonly policy: Policy;
  readonly registries: readonly RegistryMembership[];
  /** The moment that the decisions are made for, epoch milliseconds. */
  readonly watermark: number;
};

export type StatePort = {
  readonly contactPoints: Pick<ContactPoints, 'read'>;
  /** How many reads are under way at most. */
  readonly lanes: Lanes;
};

/** DynamoDB takes so many keys in one BatchGetItem. */
const KEYS_A_READ = 100;

/** What a person asked for binds on every channel that they asked it for; the rest is about the channel in use. */
const GROUNDS_OF_THE_UNREACHED: ReadonlySet<ReasonCode> = new Set([
  'LITIGATION_HOLD',
  'SUPPRESSED',
  'CONSENT_WITHDRAWN',
]);

const APPROVED: Verdict = { outcome: 'APPROVED', ground: undefined };

/** Decides the rows of one file: contact points strongly consistent, registries from their snapshots. */
export class RowDecider {
  readonly #basis: DeciderBasis;
  readonly #port: StatePort;
  readonly #listings: RegistryListings;
  /** Decisions about contact points of which nothing is known: those of one kind, listed alike, come out alike. */
  readonly #aboutUnknown = new Map<ContactKind, Map<Listing, Decision>>();

  constructor(basis: DeciderBasis, port: StatePort) {
    this.#basis = basis;
    this.#port = port;
    this.#listings = new RegistryListings(basis.registries);
  }

  /** The verdict on each row, in order. */
  async decide(contacts: PageContacts): Promise<readonly Verdict[]> {
    const [known] = await Promise.all([
      readKnown(contacts.tokens, this.#port),
      this.#listings.load(contacts.numbers),
    ]);
    const verdicts: Verdict[] = [];
    let begin = 0;
    for (const [row, end] of contacts.ends.entries()) {
      verdicts.push(contacts.settled.get(row) ?? this.#verdict(contacts, { begin, end }, known));
      begin = end;
    }
    return verdicts;
  }

  #verdict(
    contacts: PageContacts,
    { begin, end }: { begin: number; end: number },
    known: ReadonlyMap<Token, ContactPointState>,
  ): Verdict {
    const decisions: Decision[] = [];
    for (let at = begin; at < end; at += 1) decisions.push(this.#decide(contacts, at, known));
    const [first] = decisions;
    const decision = decisions.length === 1 && first !== undefined ? first : combine(decisions);
    return decision.effect === 'ALLOW' ? APPROVED : { outcome: 'REJECTED', ground: decision.reasons[0] };
  }

  #decide(contacts: PageContacts, at: number, known: ReadonlyMap<Token, ContactPointState>): Decision {
    const kind = contacts.kinds[at];
    const token = contacts.tokens[at];
    if (kind === undefined || token === undefined)
      throw new TypeError('expected a kind for every contact point');
    const listing = this.#listings.of(kind.isPhone ? (contacts.numbers[at] ?? 0) : undefined);
    const state = known.size === 0 ? undefined : known.get(token);
    if (state !== undefined) return decideWith(this.#basis, kind, { registries: listing.facts, state });
    const ofKind = this.#aboutUnknown.get(kind) ?? new Map<Listing, Decision>();
    if (ofKind.size === 0) this.#aboutUnknown.set(kind, ofKind);
    const before = ofKind.get(listing);
    if (before !== undefined) return before;
    const decision = decideWith(this.#basis, kind, { registries: listing.facts, state: EMPTY_STATE });
    ofKind.set(listing, decision);
    return decision;
  }
}

function decideWith(
  { profile, policy, watermark }: DeciderBasis,
  { subject, reached }: ContactKind,
  facts: { readonly registries: Listing['facts']; readonly state: ContactPointState },
): Decision {
  const { channel, purpose, seller, product, audience, technology, softOptIn } = profile;
  const scope = { channel, purpose, seller, product, audience, technology, softOptIn };
  const decision = decide({ scope, subject, ...facts, now: watermark }, policy, 'SCRUB');
  if (reached || decision.effect === 'ALLOW') return decision;
  const reasons = decision.reasons.filter(({ code }) => GROUNDS_OF_THE_UNREACHED.has(code));
  return reasons.length === 0 ? { effect: 'ALLOW', reasons: [] } : { effect: 'BLOCK', reasons };
}

/**
 * The contact points of which anything is known.
 *
 * @throws TypeError if one of them was not answered: it is unknown then, not absent.
 */
async function readKnown(
  tokens: readonly Token[],
  { contactPoints, lanes }: StatePort,
): Promise<ReadonlyMap<Token, ContactPointState>> {
  const distinct = [...new Set(tokens)];
  const known = new Map<Token, ContactPointState>();
  const reads: Promise<void>[] = [];
  for (let at = 0; at < distinct.length; at += KEYS_A_READ) {
    const part = distinct.slice(at, at + KEYS_A_READ);
    reads.push(
      lanes.run(async () => {
        const found = await contactPoints.read(part);
        for (const [place, token] of part.entries()) {
          const answer = found[place];
          if (answer?.token !== token)
            throw new TypeError('expected the state of every contact point that was asked for');
          if (answer.state !== EMPTY_STATE) known.set(token, answer.state);
        }
      }),
    );
  }
  await Promise.all(reads);
  return known;
}
