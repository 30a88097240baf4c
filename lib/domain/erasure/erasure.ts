import type { ErasureEntry } from '../log/entry.ts';
import type { Change, ContactPoint } from '../ports.ts';
import type { SuppressionFact } from '../state/facts.ts';
import { facetKey, merge } from '../state/merge.ts';
import { standingHolds } from '../state/position.ts';
import { type ContactPointState, EMPTY_STATE } from '../state/state.ts';
import type { ErasureReason } from '../vocabulary.ts';

/** Who erases a person, and why: ids of the operator's own, since both are logged. */
export type ErasureCommand = {
  readonly reason: ErasureReason;
  readonly by: string;
  /** The request that this answers. */
  readonly caseId?: string | undefined;
};

export type Erasure =
  /** A litigation hold goes before erasure (GDPR Art 17(3)(e)): nothing may be destroyed. */
  | { readonly outcome: 'HELD'; readonly standingHolds: number }
  /** Nothing but what an erasure leaves is there. */
  | { readonly outcome: 'ERASED_BEFORE'; readonly erasedAt: number }
  | {
      readonly outcome: 'ERASE';
      readonly erasedAt: number;
      readonly change: Omit<Change, 'from' | 'entry'> & { readonly entry: ErasureEntry };
    };

/**
 * What erasing a contact point does to it: its data key, its ciphertext and every statement about it go, in the write
 * that records so. What stays: one suppression by token (GDPR Art 17(3)(b), 21(3)), and the holds that have ended, which are
 * the court's matter and not the person's.
 */
export function erasureOf(
  from: ContactPoint,
  command: ErasureCommand,
  event: { readonly entryId: string; readonly now: number; readonly client?: string | undefined },
): Erasure {
  const holds = standingHolds(from.state).length;
  if (holds > 0) return { outcome: 'HELD', standingHolds: holds };
  if (isErased(from)) return { outcome: 'ERASED_BEFORE', erasedAt: from.state.erasedAt ?? event.now };
  // Nothing that was said before may outrank the suppression when it is delivered again.
  const erasedAt = Math.max(event.now, ...timesOf(from.state));
  const state = erasedState(from.state, { at: erasedAt, by: command.by, eventId: event.entryId });
  const entry: ErasureEntry = {
    kind: 'erasure',
    id: event.entryId,
    at: new Date(event.now).toISOString(),
    subjects: [from.token],
    ...(event.client === undefined ? {} : { client: event.client }),
    reason: command.reason,
    by: command.by,
    ...(command.caseId === undefined ? {} : { caseId: command.caseId }),
    erasedAt,
    destroyed: { dataKey: from.sealed, ...countsOf(from.state) },
    kept: { suppressions: 1, endedHolds: Object.keys(from.state.holds).length },
  };
  return { outcome: 'ERASE', erasedAt, change: { state, entry, destroyKey: true, now: event.now } };
}

/** The one suppression that an erasure leaves. */
function suppressionOf({ at, by, eventId }: { at: number; by: string; eventId: string }): SuppressionFact {
  return {
    kind: 'suppression',
    channel: 'ALL',
    reason: 'OBJECTION',
    seller: '*',
    source: 'PRIVACY_REQUEST',
    by,
    eventId,
    effectiveAt: at,
    receivedAt: at,
  };
}

function erasedState(
  { holds }: ContactPointState,
  by: { readonly at: number; readonly by: string; readonly eventId: string },
): ContactPointState {
  return { ...merge({ ...EMPTY_STATE, holds }, suppressionOf(by)), erasedAt: by.at };
}

const LEFT = facetKey(suppressionOf({ at: 0, by: '', eventId: '' }));

function isErased({ state, sealed }: ContactPoint): boolean {
  const { suppressions, erasedAt } = state;
  if (erasedAt === undefined || sealed) return false;
  const others = Object.keys(suppressions).filter((key) => key !== LEFT).length;
  const { suppressions: left, ...rest } = countsOf(state);
  return others === 0 && left === 1 && Object.values(rest).every((count) => count === 0);
}

function countsOf({ suppressions, consents, attempts, events = {}, reviews = {} }: ContactPointState) {
  return {
    suppressions: Object.keys(suppressions).length,
    consents: Object.values(consents).reduce((sum, facet) => sum + Object.keys(facet).length, 0),
    events: Object.keys(events).length,
    reviews: Object.keys(reviews).length,
    attempts: attempts.length,
  };
}

function timesOf({ suppressions, consents, events = {} }: ContactPointState): readonly number[] {
  const said = Object.values(consents).flatMap((facet) => Object.values(facet));
  return [...Object.values(suppressions), ...said, ...Object.values(events)].map(
    ({ effectiveAt }) => effectiveAt,
  );
}
