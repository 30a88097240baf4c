import type { DiallerList, DiallerLists, Listing, Refused } from '../../domain/dialler/dialler.ts';
import { hasRoomFor } from '../../domain/dialler/has-room.ts';
import { shardOf } from '../../domain/dialler/shard.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { asMisconfigured } from '../dialler-misconfigured.ts';
import type { GenesysApi } from './cloud-api.ts';
import { type ContactColumns, markUncallable } from './contact-flags.ts';
import { type DncEntry, EMAIL_ENTRIES, type EntryKind, expirationOf, PHONE_ENTRIES } from './dnc-entries.ts';
import { dncExport } from './dnc-export.ts';
import { isUncertain, NOT_OURS, patchEntries } from './dnc-patch.ts';

export type GenesysDncDeps = {
  readonly api: GenesysApi;
  /** Lists of contacts in which a number is to be marked uncallable as well. */
  readonly contactLists: readonly ContactColumns[];
  readonly now: () => number;
  /** For an export, which takes a while. */
  readonly wait: (ms: number) => Promise<void>;
};

const CODES = new Set([NOT_OURS]);
/** Half of the time that a batch has. */
const MARKING_MS = 15_000;

/**
 * Internal do-not-contact lists of Genesys Cloud, and the numbers in its lists of contacts. An entry is on the list of its
 * shard alone. Permissions: outbound:dnc:edit, outbound:dncList:view, outbound:contact:view and :edit.
 */
export class GenesysDncLists implements DiallerLists {
  readonly #deps: GenesysDncDeps;

  constructor(deps: GenesysDncDeps) {
    this.#deps = deps;
  }

  async apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const told = listings.filter((one) => hasRoomFor(list, one));
    try {
      const phones = await this.#tell(list, PHONE_ENTRIES, told);
      const emails = await this.#tell(list, EMAIL_ENTRIES, told);
      await this.#mark(told);
      return [...phones, ...emails];
    } catch (error) {
      throw asMisconfigured(error, CODES);
    }
  }

  async *exported({ ids }: DiallerList): AsyncGenerator<string> {
    try {
      for (const id of ids) yield* dncExport(this.#deps, id);
    } catch (error) {
      throw asMisconfigured(error, CODES);
    }
  }

  /** Entries come onto their own shard before they leave another, as when a list has got a further shard. */
  async #tell(list: DiallerList, kind: EntryKind, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const entries = entriesOf(listings, kind, this.#deps.now());
    const refused: Refused[] = [];
    for (const id of list.ids) {
      const own = entries.filter(({ token, listed }) => listed && shardOf(token, list.ids) === id);
      refused.push(...(await this.#list(id, kind, own)));
    }
    const kept = new Set(refused.map(({ token }) => token));
    for (const id of list.ids) {
      const others = entries.filter(
        ({ token, listed }) => !kept.has(token) && !(listed && shardOf(token, list.ids) === id),
      );
      refused.push(...(await patchEntries(this.#deps, { id, kind, action: 'Remove', entries: others })));
    }
    return refused;
  }

  /**
   * Whether adding an entry that is there changes its expiry is published nowhere. So it is removed and added again, the one
   * right after the other: a permanent entry that kept an earlier expiry would leave the list without anybody's noticing.
   * Between the two calls the check before each contact blocks it, as always.
   */
  async #list(id: string, kind: EntryKind, own: readonly DncEntry[]): Promise<readonly Refused[]> {
    const refused: Refused[] = [];
    for (let from = 0; from < own.length; from += kind.atOnce) {
      const entries = own.slice(from, from + kind.atOnce);
      const removal = patchEntries(this.#deps, { id, kind, action: 'Remove', entries });
      const [removed] = await Promise.allSettled([removal]);
      if (removed.status === 'rejected' && !isUncertain(removed.reason)) throw removed.reason;
      for (const [expiration, group] of Map.groupBy(entries, (entry) => entry.expiration)) {
        const added = { id, kind, action: 'Add', entries: group, expiration } as const;
        refused.push(...(await patchEntries(this.#deps, added)));
      }
      // Only now: what may have been removed is on the list until all is told again.
      if (removed.status === 'rejected') throw removed.reason;
    }
    return refused;
  }

  /**
   * Nothing is made callable again: others mark numbers too, and nobody can say who marked which. What is not marked in time is
   * when all is told again, as marks stay.
   */
  async #mark(listings: readonly Listing[]): Promise<void> {
    const { api, contactLists, now } = this.#deps;
    const numbers = listings.flatMap(({ listed, contactPoint }) =>
      listed && contactPoint.kind === 'phone' ? [contactPoint] : [],
    );
    const until = now() + MARKING_MS;
    for (const contactList of contactLists) {
      for await (const _call of markUncallable(api, contactList, numbers)) if (now() > until) throw tooMany();
    }
  }
}

function tooMany(): ComplianceError {
  return new ComplianceError({
    code: 'GENESYS_BUSY',
    message:
      'expected to mark every contact at once, but there are too many; the rest follows when all is told again',
  });
}

/** One for each address: the last that was said of it. */
function entriesOf(listings: readonly Listing[], kind: EntryKind, now: number): readonly DncEntry[] {
  const entries = listings.flatMap(({ token, contactPoint, listed, until }) => {
    const address = kind.addressOf(contactPoint);
    if (address === undefined) return [];
    const isOver = until !== undefined && until <= now;
    return [{ token, address, listed: listed && !isOver, expiration: expirationOf(until, now) }];
  });
  return [...new Map(entries.map((entry) => [entry.address, entry])).values()];
}
