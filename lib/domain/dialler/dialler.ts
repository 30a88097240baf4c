import * as z from 'zod';
import type { EmailAddress } from '../contact-point/email-address.ts';
import type { PhoneNumber } from '../contact-point/phone-number.ts';
import type { Token } from '../contact-point/token.ts';
import { AskedPurpose } from '../state/facts.ts';
import { Channel, Seller } from '../vocabulary.ts';

/** One do-not-contact list of a dialler: whom it names must not be contacted by the campaigns that it is attached to. */
export const DiallerList = z.object({
  /** The channels of those campaigns: whoever may not be contacted on one of them is on the list. */
  channels: z.array(Channel).min(1),
  purposes: z.array(AskedPurpose).min(1).default(['MARKETING']),
  /** The one seller that they are for; left out, a request to any seller counts. */
  seller: Seller.optional(),
  /** The dialler's own ids; several are one list in shards, as diallers cap theirs. None where it knows no lists. */
  ids: z.array(z.string().regex(/^[\w-]{1,64}$/, 'expected the id of a list')).default([]),
});
export type DiallerList = z.infer<typeof DiallerList>;

const lists = z.array(DiallerList).min(1);
const listsWithIds = lists.refine((all) => all.every(({ ids }) => ids.length > 0), 'expected ids of lists');

/** A system that contacts people and must be told whom not to. */
export const Dialler = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('genesys-cloud'),
    lists: listsWithIds,
    /** Lists of contacts in which a number is to be marked uncallable as well, and their columns of numbers. */
    contactLists: z
      .array(z.object({ id: z.string().min(1), phoneColumns: z.array(z.string().min(1)).min(1) }))
      .default([]),
  }),
  z.object({
    kind: z.literal('nice-cxone'),
    lists: listsWithIds,
    /** Of the tenant: where its services are, and where its tokens come from. */
    apiUrl: z.url({ protocol: /^https?$/ }),
    tokenUrl: z.url({ protocol: /^https?$/ }),
  }),
  z.object({ kind: z.literal('webhook'), lists, url: z.url({ protocol: /^https?$/ }) }),
  z.object({ kind: z.literal('file'), lists }),
]);
export type Dialler = z.infer<typeof Dialler>;
export type DiallerKind = Dialler['kind'];

/** What a list is to say of one contact point. */
export type Listing = {
  readonly token: Token;
  /** In clear: diallers know numbers and addresses only. */
  readonly contactPoint: PhoneNumber | EmailAddress;
  readonly listed: boolean;
  /** Epoch milliseconds: when it is to leave the list by itself. */
  readonly until?: number;
};

/** A contact point that a dialler will never take, however often it is told, and why: a code, never its words. */
export type Refused = { readonly token: Token; readonly cause: string };

/** A dialler's do-not-contact lists. */
export interface DiallerLists {
  /**
   * Makes the list say so of each contact point; telling it twice changes nothing. What an earlier call said of the same
   * contact point is replaced. Contact points of a kind that the list has no room for (an e-mail address on a list of
   * numbers) are passed over.
   *
   * @returns the contact points that it refused.
   * @throws ComplianceError where it is not certain that all is done: then all is to be told again.
   */
  apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]>;
  /**
   * Every contact point on the list now, as the dialler writes it; undefined where it cannot be asked.
   *
   * @throws ComplianceError where not all of them came.
   */
  exported?(list: DiallerList): AsyncIterable<string>;
}
