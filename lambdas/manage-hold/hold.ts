import type { HoldFact } from '../../lib/domain/state/facts.ts';
import { standingHolds } from '../../lib/domain/state/position.ts';
import type { ContactPointState, HoldRecord } from '../../lib/domain/state/state.ts';

export type HoldStatus = 'HELD' | 'AWAITING_SECOND_RELEASE' | 'RELEASED';
export type HoldCommand = { readonly caseId: string; readonly by: string };

/** The hold of a case; undefined if none was ever placed. */
export function holdOf({ holds }: ContactPointState, caseId: string): HoldRecord | undefined {
  const hold = Object.hasOwn(holds, caseId) ? holds[caseId] : undefined;
  return hold === undefined || hold.placedAt === 0 ? undefined : hold;
}

/**
 * What placing a hold adds: nothing to one that stands unreleased. Placed again after a release, it needs two people
 * anew, and it is dated after everything known of it, whatever this clock says.
 */
export function placement(
  state: ContactPointState,
  { caseId, by }: HoldCommand,
  now: number,
): HoldFact | undefined {
  const hold = holdOf(state, caseId);
  if (hold !== undefined && releasers(hold).length === 0) return undefined;
  const after = hold === undefined ? 0 : Math.max(hold.placedAt + 1, ...Object.values(hold.releases));
  return { kind: 'hold', action: 'PLACED', caseId, by, at: Math.max(now, after) };
}

/** What one person's release adds: nothing where there is no hold, or where the same person released it before. */
export function release(
  state: ContactPointState,
  { caseId, by }: HoldCommand,
  now: number,
): HoldFact | undefined {
  const hold = holdOf(state, caseId);
  if (hold === undefined || releasers(hold).includes(by)) return undefined;
  return { kind: 'hold', action: 'RELEASED', caseId, by, at: Math.max(now, hold.placedAt + 1) };
}

/** Where the hold of a case stands. */
export function statusOf(
  state: ContactPointState,
  caseId: string,
): { status: HoldStatus; releasedBy: number } {
  const hold = holdOf(state, caseId);
  const releasedBy = hold === undefined ? 0 : releasers(hold).length;
  if (!standingHolds(state).includes(caseId)) return { status: 'RELEASED', releasedBy };
  return { status: releasedBy === 0 ? 'HELD' : 'AWAITING_SECOND_RELEASE', releasedBy };
}

function releasers({ releases, placedAt }: HoldRecord): readonly string[] {
  return Object.entries(releases).flatMap(([by, at]) => (at > placedAt ? [by] : []));
}
