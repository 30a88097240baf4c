import { hash } from 'node:crypto';
import type { Token } from '../contact-point/token.ts';

/**
 * Which of several ids of one list a contact point belongs to: the one with the highest hash of both, so that a further id
 * takes its share from each and leaves all others where they are (rendezvous hashing, Thaler and Ravishankar 1996).
 * Undefined only where there is none.
 */
export function shardOf(token: Token, ids: readonly string[]): string | undefined {
  const weighed = ids.map((id) => [hash('sha256', `${id} ${token}`), id] as const);
  return weighed.toSorted(([a], [b]) => (a < b ? 1 : -1))[0]?.[1];
}
