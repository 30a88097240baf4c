import type { PolicyDocument } from '../policy/policy.ts';
import { proofRetentionOf } from '../policy/proof-retention.ts';
import {
  type ConsentStatus,
  consentPosition,
  standingHolds,
  standingSuppressions,
} from '../state/position.ts';
import type { ConsentRecord, ContactPointState, SuppressionRecord } from '../state/state.ts';
import { Channel, Purpose } from '../vocabulary.ts';

/** What a state amounts to at one moment: each statement with whether it stands. Times are ISO 8601 UTC. */
export type Standing = {
  readonly suppressions: readonly StandingSuppression[];
  readonly consents: readonly StandingConsent[];
  readonly holds: readonly StandingHold[];
  /** What last happened, whether or not it bears on a decision at this moment. */
  readonly events: readonly StandingEvent[];
  readonly attempts: number;
};

export type StandingSuppression = Times & {
  readonly channel: string;
  readonly reason: string;
  readonly seller: string;
  readonly source: string;
  readonly by: string;
  readonly eventId: string;
  readonly standing: boolean;
};

export type StandingConsent = Times & {
  readonly channel: string;
  readonly purpose: string;
  readonly seller: string;
  readonly said: string;
  readonly source: string;
  readonly proved: boolean;
  /** Of a soft opt-in, which is no consent: whether it stands. */
  readonly stands?: boolean;
  /** Until when its proof is kept, and by which rule; absent where no rule says. */
  readonly keepProof?: { readonly until: string; readonly ruleId: string; readonly citation: string };
  /** Where the person stands on each contact that the statement bears on, over everything that was said. */
  readonly positions: readonly {
    readonly channel: Channel;
    readonly purpose: Purpose;
    readonly status: ConsentStatus;
  }[];
};

export type StandingHold = {
  readonly caseId: string;
  readonly placedBy: string;
  readonly placedAt: string;
  readonly releases: readonly { readonly by: string; readonly at: string }[];
  readonly standing: boolean;
};

export type StandingEvent = {
  readonly event: string;
  readonly seller: string;
  readonly source: string;
  readonly by: string;
  readonly at: string;
};

type Times = {
  readonly effectiveAt: string;
  /** When the request was first made, if it was made more than once. */
  readonly firstEffectiveAt?: string;
  readonly receivedAt: string;
  readonly expiresAt?: string;
};

/** The moment, epoch milliseconds, and the law that says how long proofs are kept: of any country where none is known. */
export type StandingBasis = {
  readonly now: number;
  readonly rules: PolicyDocument['rules'];
  readonly country?: string | undefined;
};

/** Says what stands at a moment, in the order of the state's keys. */
export function standingOf(state: ContactPointState, basis: StandingBasis): Standing {
  const { now } = basis;
  return {
    suppressions: sortedEntries(state.suppressions).map(([key, record]) =>
      suppression(state, { key, record, now }),
    ),
    consents: sortedEntries(state.consents).flatMap(([key, facet]) =>
      Object.entries(facet).map(([said, record]) => consent(state, { key, said, record }, basis)),
    ),
    holds: holds(state),
    events: events(state),
    attempts: state.attempts.length,
  };
}

function suppression(
  state: ContactPointState,
  { key, record, now }: { key: string; record: SuppressionRecord; now: number },
): StandingSuppression {
  const [channel = '', reason = '', seller = '', source = ''] = key.split('#');
  const standing = scopes(channel, 'ALL').some((scope) =>
    standingSuppressions(state, scope, now).some((found) => found.record === record),
  );
  const { by, eventId } = record;
  return { channel, reason, seller, source, by, eventId, standing, ...timesOf(record) };
}

function consent(
  state: ContactPointState,
  { key, said, record }: { key: string; said: string; record: ConsentRecord },
  basis: StandingBasis,
): StandingConsent {
  const [channel = '', purpose = '', seller = ''] = key.split('#');
  const found = scopes(channel, purpose).map((scope) => ({
    scope,
    position: consentPosition(state, seller === '*' ? scope : { ...scope, seller }, basis.now),
  }));
  const grantedAt = said.startsWith('GRANTED') ? record.effectiveAt : undefined;
  const kept =
    grantedAt === undefined ? undefined : proofRetentionOf(state, { facet: key, grantedAt }, basis);
  return {
    ...{ channel, purpose, seller, said, source: record.source, proved: record.proof !== undefined },
    positions: found.map(({ scope, position: { status } }) => ({ ...scope, status })),
    ...(said === 'SOFT_OPT_IN'
      ? { stands: found.some(({ position: { softOptIn } }) => softOptIn === record) }
      : {}),
    ...(kept === undefined ? {} : { keepProof: { ...kept, until: iso(kept.until) } }),
    ...timesOf(record),
  };
}

function holds(state: ContactPointState): readonly StandingHold[] {
  const standing = new Set(standingHolds(state));
  return sortedEntries(state.holds).map(([caseId, hold]) => ({
    caseId,
    placedBy: hold.placedBy,
    placedAt: iso(hold.placedAt),
    releases: sortedEntries(hold.releases).map(([by, at]) => ({ by, at: iso(at) })),
    standing: standing.has(caseId),
  }));
}

function events(state: ContactPointState): readonly StandingEvent[] {
  return sortedEntries(state.events ?? {}).map(([key, { source, by, effectiveAt }]) => {
    const [event = '', seller = ''] = key.split('#');
    return { event, seller, source, by, at: iso(effectiveAt) };
  });
}

function scopes(channel: string, purpose: string): readonly { channel: Channel; purpose: Purpose }[] {
  const channels = Channel.options.filter((option) => channel === 'ALL' || channel === option);
  const purposes = Purpose.options.filter((option) => purpose === 'ALL' || purpose === option);
  return channels.flatMap((one) => purposes.map((other) => ({ channel: one, purpose: other })));
}

function timesOf(record: {
  effectiveAt: number;
  firstEffectiveAt?: number;
  receivedAt: number;
  expiresAt?: number | undefined;
}): Times {
  const { effectiveAt, firstEffectiveAt = effectiveAt, receivedAt, expiresAt } = record;
  return {
    effectiveAt: iso(effectiveAt),
    ...(firstEffectiveAt === effectiveAt ? {} : { firstEffectiveAt: iso(firstEffectiveAt) }),
    receivedAt: iso(receivedAt),
    ...(expiresAt === undefined ? {} : { expiresAt: iso(expiresAt) }),
  };
}

function sortedEntries<T>(map: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
