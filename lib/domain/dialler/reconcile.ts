import { type EmailAddress, parseEmailAddress } from '../contact-point/email-address.ts';
import { type PhoneNumber, parsePhoneNumber } from '../contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../contact-point/token.ts';
import type { Policy } from '../policy/policy.ts';
import { type ContactPointState, EMPTY_STATE } from '../state/state.ts';
import type { DiallerList } from './dialler.ts';
import { hasRoomFor } from './has-room.ts';
import { listingOf } from './listing.ts';
import type { ClearContactPoint, ClearContactPoints } from './ports.ts';

/** How a dialler's list and what it should say differ. */
export type ListDifference = {
  /** Contact points that the list names, and should. */
  readonly agreed: number;
  /** That it should name and does not: they are to be told again. */
  readonly missing: readonly Token[];
  /** That it names although what was said has ended, or was taken back: they are to be told again. */
  readonly stale: readonly Token[];
  /** That it names, and of which nobody here has ever heard anything against contact: somebody told the dialler, not us. */
  readonly theirs: readonly (PhoneNumber | EmailAddress)[];
  /** Entries that are no number and no address. */
  readonly unreadable: number;
};

export type ReconcileDeps = {
  readonly contactPoints: Pick<ClearContactPoints, 'everyone'>;
  readonly pepper: Pepper;
  readonly policy: Policy;
  /** ISO 3166-1 country of numbers that a dialler writes without a calling code. */
  readonly defaultRegion?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Holds what a dialler says is on its list against what should be. Nothing is changed. A contact point that changes
 * meanwhile may be told of as it was before; telling it again ends right none the less.
 *
 * @throws whatever the store throws, or `entries`: a list that is not known whole says nothing.
 */
export async function compareList(
  list: DiallerList,
  entries: AsyncIterable<string>,
  deps: ReconcileDeps,
): Promise<ListDifference> {
  const { named, unreadable } = await readEntries(entries, deps);
  const found: Record<Verdict, Token[]> = { AGREED: [], MISSING: [], STALE: [], NOTHING: [] };
  for await (const page of deps.contactPoints.everyone()) {
    for (const one of page) {
      const verdict = verdictOn(one, { list, named: named.get(one.token) }, deps);
      found[verdict].push(one.token);
      if (verdict === 'AGREED' || verdict === 'STALE') named.delete(one.token);
    }
  }
  const { AGREED, MISSING: missing, STALE: stale } = found;
  return { agreed: AGREED.length, missing, stale, theirs: [...named.values()], unreadable };
}

type Verdict = 'AGREED' | 'MISSING' | 'STALE' | 'NOTHING';

/** The number of somebody who was erased is known from the list alone. */
function verdictOn(
  { contactPoint: own, state }: ClearContactPoint,
  { list, named }: { readonly list: DiallerList; readonly named: PhoneNumber | EmailAddress | undefined },
  { policy, now }: ReconcileDeps,
): Verdict {
  const contactPoint = typeof own === 'object' ? own : named;
  if (contactPoint === undefined || !hasRoomFor(list, { contactPoint })) return 'NOTHING';
  const names = (as: ContactPointState): boolean =>
    listingOf({ contactPoint, state: as }, list, { policy, now: now() }).listed;
  if (names(state)) return named === undefined ? 'MISSING' : 'AGREED';
  return named !== undefined && names(refusalsIn(state)) ? 'STALE' : 'NOTHING';
}

/** A state as it would be had nothing that was ever said against contact ended, or been taken back. */
function refusalsIn({ suppressions, consents, holds }: ContactPointState): ContactPointState {
  const endless = Object.entries(suppressions).map(
    ([key, { expiresAt: _ends, ...record }]) => [key, record] as const,
  );
  const refused = Object.entries(consents).map(([key, { WITHDRAWN, OBJECTED }]) => {
    return [key, { ...(WITHDRAWN && { WITHDRAWN }), ...(OBJECTED && { OBJECTED }) }] as const;
  });
  const unreleased = Object.entries(holds).map(([key, hold]) => [key, { ...hold, releases: {} }] as const);
  return {
    ...EMPTY_STATE,
    suppressions: Object.fromEntries(endless),
    consents: Object.fromEntries(refused),
    holds: Object.fromEntries(unreleased),
  };
}

async function readEntries(entries: AsyncIterable<string>, { pepper, defaultRegion }: ReconcileDeps) {
  const named = new Map<Token, PhoneNumber | EmailAddress>();
  let unreadable = 0;
  for await (const entry of entries) {
    const read = entry.includes('@') ? parseEmailAddress(entry) : parsePhoneNumber(entry, defaultRegion);
    if (read.kind === 'unreadable') unreadable += 1;
    else named.set(tokenOf(pepper, read), read);
  }
  return { named, unreadable };
}
