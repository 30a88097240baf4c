import type { Audience, Channel, Product, Purpose, Technology } from '../vocabulary.ts';
import type { ConsentRecord, ContactPointState, SuppressionRecord } from './state.ts';

/** What a contact is about: the facets of a state that bear on it are found by this. */
export type ContactScope = {
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly seller?: string | undefined;
  /** Unknown where absent: the rules for every product then apply. */
  readonly product?: Product | undefined;
  /** Unknown where absent: the rules for every audience and every technology then apply. */
  readonly audience?: Audience | undefined;
  readonly technology?: Technology | undefined;
  /**
   * Whether the message keeps to the terms of the soft opt-in: nothing but the seller's own products or services,
   * similar to those of the sale, and a free way to object in the message itself.
   */
  readonly softOptIn?: boolean | undefined;
};

export type ConsentStatus = 'NEVER_GIVEN' | 'PENDING' | 'GRANTED' | 'EXPIRED' | 'WITHDRAWN' | 'OBJECTED';

export type ConsentPosition = {
  readonly status: ConsentStatus;
  /** The newest proved grant, if no withdrawal has ended it and it has not lapsed. */
  readonly grant?: ConsentRecord;
  /** The newest proved grant in writing that stands, be there a newer one that is not. */
  readonly writing?: ConsentRecord;
  /** The newest soft opt-in that stands: no consent, and of use only under a rule that admits it. */
  readonly softOptIn?: ConsentRecord;
  /** Epoch milliseconds of the newest withdrawal or objection. */
  readonly withdrawnAt?: number;
};

/**
 * Where a person stands on consent for one contact, over every facet that bears on it: a withdrawal for all channels
 * or all sellers counts for each, and a caller who names no seller is bound by every seller's withdrawals and helped
 * by no single seller's grant. A tie in time goes to the withdrawal.
 */
export function consentPosition(state: ContactPointState, scope: ContactScope, now: number): ConsentPosition {
  const newest: Record<string, ConsentRecord> = {};
  for (const [key, facet] of Object.entries(state.consents)) {
    const [channel, purpose, seller] = key.split('#');
    if (!covers(channel, scope.channel) || !covers(purpose, scope.purpose)) continue;
    for (const [status, record] of Object.entries(facet)) {
      const permits = PERMITTING.has(status);
      if (!(permits ? permitsSeller(seller, scope.seller) : bindsSeller(seller, scope.seller))) continue;
      const rival = newest[status];
      if (rival === undefined || isNewer(record, rival)) newest[status] = record;
    }
  }
  return positionOf(newest, now);
}

const PERMITTING: ReadonlySet<string> = new Set(['GRANTED', 'GRANTED_IN_WRITING', 'PENDING', 'SOFT_OPT_IN']);

/** Of two at one moment the one that ends sooner: the order of keys in a store must decide nothing. */
function isNewer(record: ConsentRecord, rival: ConsentRecord): boolean {
  const order = record.effectiveAt - rival.effectiveAt;
  return order > 0 || (order === 0 && endOf(record) < endOf(rival));
}

function endOf({ expiresAt }: ConsentRecord): number {
  return expiresAt ?? Number.POSITIVE_INFINITY;
}

function newerOf(a: ConsentRecord | undefined, b: ConsentRecord | undefined): ConsentRecord | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isNewer(b, a) ? b : a;
}

function positionOf(newest: Record<string, ConsentRecord>, now: number): ConsentPosition {
  const objectedAt = newest['OBJECTED']?.effectiveAt;
  const endedAt = Math.max(newest['WITHDRAWN']?.effectiveAt ?? -1, objectedAt ?? -1);
  const standing = (record: ConsentRecord | undefined) =>
    record !== undefined && record.effectiveAt > endedAt && isActive(record.expiresAt, now)
      ? record
      : undefined;
  const written = newest['GRANTED_IN_WRITING'];
  const [writing, softOptIn] = [standing(written), standing(newest['SOFT_OPT_IN'])];
  const beside = {
    ...(writing === undefined ? {} : { writing }),
    ...(softOptIn === undefined ? {} : { softOptIn }),
    ...(endedAt < 0 ? {} : { withdrawnAt: endedAt }),
  };
  const grant = newerOf(newest['GRANTED'], written);
  if (grant?.proof !== undefined && grant.effectiveAt > endedAt) {
    return isActive(grant.expiresAt, now)
      ? { status: 'GRANTED', grant, ...beside }
      : { status: 'EXPIRED', ...beside };
  }
  if (endedAt >= 0) return { status: objectedAt === endedAt ? 'OBJECTED' : 'WITHDRAWN', ...beside };
  return { status: newest['PENDING'] === undefined ? 'NEVER_GIVEN' : 'PENDING', ...beside };
}

export type StandingSuppression = {
  readonly reason: string;
  readonly source: string;
  readonly record: SuppressionRecord;
};

/**
 * The unexpired suppressions that bear on a contact. A suppression ends at `expiresAt`, not after it; a provisional one
 * ends with its own review, and with no other.
 */
export function standingSuppressions(
  state: ContactPointState,
  scope: ContactScope,
  now: number,
): readonly StandingSuppression[] {
  return Object.entries(state.suppressions).flatMap(([key, record]) => {
    const [channel, reason = '', seller, source = '', reviewId] = key.split('#');
    const bears = covers(channel, scope.channel) && bindsSeller(seller, scope.seller);
    const reviewed = reason === 'PROVISIONAL' && isReviewed(state, reviewId);
    return bears && !reviewed && isActive(record.expiresAt, now) ? [{ reason, source, record }] : [];
  });
}

function isReviewed({ reviews = {} }: ContactPointState, reviewId: string | undefined): boolean {
  return reviewId !== undefined && Object.hasOwn(reviews, reviewId);
}

/** Something that happened between the person and a seller; an answer on reassignment is about no seller. */
export type EventKind = 'CONVERSATION' | 'TRANSACTION' | 'INQUIRY' | 'REASSIGNED_YES';

/**
 * When something last happened that bears on a contact, epoch milliseconds. `binding`: it speaks against the contact,
 * so that without a seller in the request every seller's counts; else only what this seller can rely on.
 */
export function lastEventAt(
  { events = {} }: ContactPointState,
  kind: EventKind,
  { seller, binding }: { readonly seller?: string | undefined; readonly binding: boolean },
): number | undefined {
  const bears = binding ? bindsSeller : permitsSeller;
  const times = Object.entries(events).flatMap(([key, { effectiveAt }]) => {
    const [happened, scoped] = key.split('#');
    return happened === kind && bears(scoped, seller) ? [effectiveAt] : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The cases whose litigation hold stands: placed, and not yet released by two different people afterwards. */
export function standingHolds(state: ContactPointState): readonly string[] {
  return Object.entries(state.holds).flatMap(([caseId, hold]) => {
    const releasedBy = Object.values(hold.releases).filter((at) => at > hold.placedAt);
    return hold.placedAt > 0 && releasedBy.length < 2 ? [caseId] : [];
  });
}

function covers(scoped: string | undefined, asked: string): boolean {
  return scoped === 'ALL' || scoped === asked;
}

function bindsSeller(scoped: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || scoped === '*' || scoped === asked;
}

function permitsSeller(scoped: string | undefined, asked: string | undefined): boolean {
  return scoped === '*' || (asked !== undefined && scoped === asked);
}

function isActive(expiresAt: number | undefined, now: number): boolean {
  return expiresAt === undefined || now < expiresAt;
}
