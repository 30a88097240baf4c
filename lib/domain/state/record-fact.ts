import type { FactEntry } from '../log/entry.ts';
import type { Change, ContactPoint } from '../ports.ts';
import type { Fact } from './facts.ts';
import { merge } from './merge.ts';

/** Entries that may wait on one item before nothing but an opt-out, a withdrawal or a hold is let in. */
export const PENDING_LIMIT = 200;

/**
 * The change that a fact makes to a contact point, with the entry that records it; undefined if the fact adds
 * nothing, as a redelivery does.
 */
export function changeByFact(
  from: ContactPoint,
  fact: Fact,
  event: { readonly entryId: string; readonly now: number; readonly client?: string | undefined },
): (Omit<Change, 'from' | 'entry'> & { readonly entry: FactEntry }) | undefined {
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
