import type { FactEntry } from '../log/entry.ts';
import type { Change, ContactPoint } from '../ports.ts';
import type { Fact } from './facts.ts';
import { merge } from './merge.ts';

/** Entries that may wait on one item before nothing but an opt-out, a withdrawal or a hold is let in. */
export const PENDING_LIMIT = 200;
/** DynamoDB refuses items over 400 KB: the rest is left for those few, for facts and for answers. */
const PENDING_BYTES_LIMIT = 240_000;

/** Whether so much waits on one item that nothing but an opt-out, a withdrawal or a hold may be added. */
export function isBacklogged(contactPoint: Pick<ContactPoint, 'pendingCount' | 'pendingBytes'>): boolean {
  return contactPoint.pendingCount >= PENDING_LIMIT || contactPoint.pendingBytes >= PENDING_BYTES_LIMIT;
}

/**
 * The change that a fact makes to a contact point, with the entry that records it; undefined if the fact adds
 * nothing, as a redelivery does, or what was said before the person was erased.
 */
export function changeByFact(
  from: ContactPoint,
  fact: Fact,
  event: { readonly entryId: string; readonly now: number; readonly client?: string | undefined },
): (Omit<Change, 'from' | 'entry'> & { readonly entry: FactEntry }) | undefined {
  if (isErased(from, fact)) return undefined;
  const state = merge(from.state, fact);
  if (state === from.state) return undefined;
  const entry: FactEntry = {
    kind: 'fact',
    id: event.entryId,
    at: new Date(event.now).toISOString(),
    subjects: [from.token],
    fact,
    ...(event.client === undefined ? {} : { client: event.client }),
  };
  return { state, entry, now: event.now };
}

/**
 * Whether a fact is part of what was erased: delivered again, it must not bring the person back. Nothing is lost by it,
 * since the suppression that was left is newer, for every channel and without end. Holds are Legal's, and always taken.
 */
function isErased({ state: { erasedAt } }: ContactPoint, fact: Fact): boolean {
  if (erasedAt === undefined || fact.kind === 'hold') return false;
  return (fact.kind === 'review' ? fact.at : fact.effectiveAt) <= erasedAt;
}
