import type { Token } from '../contact-point/token.ts';
import type { Policy } from '../policy/policy.ts';
import type { DiallerList, DiallerLists, Listing, Refused } from './dialler.ts';
import { hasRoomFor } from './has-room.ts';
import { listingOf, wasEverRefused } from './listing.ts';
import type { ClearContactPoint, ClearContactPoints } from './ports.ts';

export type TellDiallerDeps = {
  readonly contactPoints: Pick<ClearContactPoints, 'readClear'>;
  readonly dialler: DiallerLists;
  readonly lists: readonly DiallerList[];
  readonly policy: Policy;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Makes every list of a dialler say what it should of each contact point, as things stand now.
 *
 * @returns what the dialler refused, and what nobody can tell it: UNREADABLE.
 * @throws whatever the store or the dialler throws: then all are to be told again.
 */
export type TellDialler = (tokens: readonly Token[]) => Promise<readonly Refused[]>;

const TOKENS_AT_ONCE = 100;

/** The one way to a dialler: as something is said, and when all is told anew. */
export function createTellDialler(deps: TellDiallerDeps): TellDialler {
  return async (tokens) => {
    const read: ClearContactPoint[] = [];
    for (let from = 0; from < tokens.length; from += TOKENS_AT_ONCE) {
      read.push(...(await deps.contactPoints.readClear(tokens.slice(from, from + TOKENS_AT_ONCE))));
    }
    const unreadable = read.filter(({ contactPoint }) => contactPoint === 'UNREADABLE');
    const refused = unreadable.map(({ token }): Refused => ({ token, cause: 'UNREADABLE' }));
    for (const list of deps.lists) {
      const listings = read.flatMap((one) => listingFor(one, list, deps));
      if (listings.length > 0) refused.push(...(await deps.dialler.apply(list, listings)));
    }
    return refused;
  };
}

/** Nothing for a contact point of which nobody knows the number any more, or of a kind that the list has no channel for. */
function listingFor(
  { token, state, contactPoint }: ClearContactPoint,
  list: DiallerList,
  { policy, now }: TellDiallerDeps,
): readonly Listing[] {
  if (contactPoint === 'ABSENT' || contactPoint === 'UNREADABLE') return [];
  if (!hasRoomFor(list, { contactPoint })) return [];
  const listed = listingOf({ contactPoint, state }, list, { policy, now: now() });
  // A dialler that cannot know somebody is not told that it need not.
  return listed.listed || wasEverRefused(state) ? [{ token, contactPoint, ...listed }] : [];
}
