import { canonicalJson } from '../canonical-json.ts';
import type {
  ConsentFact,
  ConsentRegister,
  ConversationFact,
  Fact,
  HoldFact,
  ReassignmentFact,
  RelationshipFact,
  ReviewFact,
  SuppressionFact,
} from './facts.ts';
import type {
  ConsentFacet,
  ConsentRecord,
  ContactPointState,
  EventRecord,
  HoldRecord,
  ReviewRecord,
  SuppressionRecord,
} from './state.ts';

export type EventFact = ConversationFact | RelationshipFact | ReassignmentFact;

/**
 * Joins a fact into a state. The join is commutative, associative and idempotent (each attribute is a maximum, a
 * minimum or a set union), so duplicates, replays and disorder end in the same bytes. Returns the same object when
 * the fact adds nothing. A grant without proof is no consent (GDPR Art 7(1)) and adds nothing, nor does a soft opt-in that
 * does not say how the address was obtained, and by which seller.
 */
export function merge(state: ContactPointState, fact: Fact): ContactPointState {
  switch (fact.kind) {
    case 'suppression':
      return mergeSuppression(state, fact);
    case 'consent':
      return isUnproved(fact) ? state : mergeConsent(state, fact);
    case 'hold':
      return mergeHold(state, fact);
    case 'review':
      return mergeReview(state, fact);
    case 'conversation':
    case 'relationship':
    case 'reassignment':
      return mergeEvent(state, fact);
  }
}

function isUnproved({ status, seller, proof }: ConsentFact): boolean {
  if (status === 'SOFT_OPT_IN') return proof?.softOptIn === undefined || seller === '*';
  return status === 'GRANTED' && proof === undefined;
}

/** The facet of a state that a suppression or a consent belongs to. */
export function facetKey(fact: SuppressionFact | ConsentFact): string {
  const { channel, seller } = fact;
  if (fact.kind === 'consent') return [channel, fact.purpose, seller].join('#');
  // A request about one purpose must not displace one about another: a policy may let each end no more than was asked.
  const apart = fact.reviewId ?? fact.asked?.purpose;
  return [channel, fact.reason, seller, fact.source, ...(apart === undefined ? [] : [apart])].join('#');
}

/** The register of its facet that a consent belongs to. */
export function registerOf({ status, proof }: ConsentFact): ConsentRegister {
  return status === 'GRANTED' && proof?.written !== undefined ? 'GRANTED_IN_WRITING' : status;
}

/** The register of a state that an event belongs to. */
export function eventKey(fact: EventFact): string {
  switch (fact.kind) {
    case 'conversation':
      return `CONVERSATION#${fact.seller}`;
    case 'relationship':
      return `${fact.event}#${fact.seller}`;
    case 'reassignment':
      return `REASSIGNED_${fact.answer}#*`;
  }
}

function mergeSuppression(state: ContactPointState, fact: SuppressionFact): ContactPointState {
  const key = facetKey(fact);
  const said: SuppressionRecord = {
    effectiveAt: fact.effectiveAt,
    firstEffectiveAt: fact.effectiveAt,
    receivedAt: fact.receivedAt,
    by: fact.by,
    eventId: fact.eventId,
    ...(fact.expiresAt === undefined ? {} : { expiresAt: fact.expiresAt }),
    ...(fact.evidence === undefined ? {} : { evidence: fact.evidence }),
    ...(fact.asked === undefined ? {} : { asked: fact.asked }),
  };
  const known = state.suppressions[key];
  const joined = known === undefined ? said : joinSuppressions(known, said);
  return same(known, joined) ? state : { ...state, suppressions: { ...state.suppressions, [key]: joined } };
}

function joinSuppressions(a: SuppressionRecord, b: SuppressionRecord): SuppressionRecord {
  const joined = {
    ...later(withoutExpiry(a), withoutExpiry(b)),
    firstEffectiveAt: Math.min(a.firstEffectiveAt, b.firstEffectiveAt),
    receivedAt: Math.min(a.receivedAt, b.receivedAt),
  };
  // Permanent beats any end, and a later end beats an earlier: a temporary entry never shortens a standing one.
  return a.expiresAt === undefined || b.expiresAt === undefined
    ? joined
    : { ...joined, expiresAt: Math.max(a.expiresAt, b.expiresAt) };
}

function withoutExpiry({ expiresAt: _joinedApart, ...record }: SuppressionRecord): SuppressionRecord {
  return record;
}

function mergeConsent(state: ContactPointState, fact: ConsentFact): ContactPointState {
  const key = facetKey(fact);
  const said: ConsentRecord = {
    effectiveAt: fact.effectiveAt,
    receivedAt: fact.receivedAt,
    source: fact.source,
    by: fact.by,
    eventId: fact.eventId,
    ...(fact.expiresAt === undefined ? {} : { expiresAt: fact.expiresAt }),
    ...(fact.proof === undefined ? {} : { proof: fact.proof }),
  };
  const facet: ConsentFacet = state.consents[key] ?? {};
  const register = registerOf(fact);
  const known = facet[register];
  const joined = known === undefined ? said : joinRecords(known, said);
  if (same(known, joined)) return state;
  return { ...state, consents: { ...state.consents, [key]: { ...facet, [register]: joined } } };
}

function mergeEvent(state: ContactPointState, fact: EventFact): ContactPointState {
  const { effectiveAt, receivedAt, source, by, eventId } = fact;
  const said: EventRecord = { effectiveAt, receivedAt, source, by, eventId };
  const key = eventKey(fact);
  const known = state.events?.[key];
  const joined = known === undefined ? said : joinRecords(known, said);
  return same(known, joined) ? state : { ...state, events: { ...state.events, [key]: joined } };
}

function joinRecords<R extends ConsentRecord | EventRecord>(a: R, b: R): R {
  // A redelivery differs in nothing but the time of its arrival; the first arrival is the one that counts.
  const sameEvent = a.eventId === b.eventId && a.effectiveAt === b.effectiveAt;
  return sameEvent ? { ...later(a, b), receivedAt: Math.min(a.receivedAt, b.receivedAt) } : later(a, b);
}

function mergeHold(state: ContactPointState, fact: HoldFact): ContactPointState {
  const known = own(state.holds, fact.caseId);
  const joined = fact.action === 'PLACED' ? placeHold(known, fact) : releaseHold(known, fact);
  return same(known, joined) ? state : { ...state, holds: { ...state.holds, [fact.caseId]: joined } };
}

function placeHold(known: HoldRecord | undefined, fact: HoldFact): HoldRecord {
  const said = { placedBy: fact.by, placedAt: fact.at };
  if (known === undefined) return { ...said, releases: {} };
  const { releases, ...placed } = known;
  const order = said.placedAt - placed.placedAt || compare(said.placedBy, placed.placedBy);
  return { ...(order > 0 ? said : placed), releases };
}

function releaseHold(known: HoldRecord | undefined, fact: HoldFact): HoldRecord {
  // A release that overtakes its hold is kept; placedAt 0 is older than any hold, so the hold decides when it comes.
  const hold = known ?? { placedBy: 'nobody', placedAt: 0, releases: {} };
  return {
    ...hold,
    releases: { ...hold.releases, [fact.by]: Math.max(own(hold.releases, fact.by) ?? 0, fact.at) },
  };
}

// Grows only: the suppression and the end of its review lie apart, so that neither has to come first.
function mergeReview(state: ContactPointState, fact: ReviewFact): ContactPointState {
  const { reviewId, outcome, by, at } = fact;
  const reviews = state.reviews ?? {};
  const known = own(reviews, reviewId);
  const said: ReviewRecord = { outcome, by, at };
  const order =
    known === undefined ? -1 : at - known.at || compare(canonicalJson(said), canonicalJson(known));
  return order < 0 ? { ...state, reviews: { ...reviews, [reviewId]: said } } : state;
}

/** The later of two records by effective time; ties fall on the event id, then on the content, never on arrival. */
function later<R extends { effectiveAt: number; eventId: string; receivedAt: number }>(a: R, b: R): R {
  const order =
    a.effectiveAt - b.effectiveAt ||
    compare(a.eventId, b.eventId) ||
    compare(withoutArrival(a), withoutArrival(b));
  return order >= 0 ? a : b;
}

function withoutArrival(record: { receivedAt: number }): string {
  return canonicalJson({ ...record, receivedAt: 0, firstEffectiveAt: 0 });
}

/** A member by a caller's id, which may be the name of something that every object inherits. */
function own<T>(members: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(members, id) ? members[id] : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function same(a: object | undefined, b: object): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b);
}
