import type { DiallerList, DiallerLists, Listing, Refused } from '../../domain/dialler/dialler.ts';
import { hasRoomFor } from '../../domain/dialler/has-room.ts';
import { shardOf } from '../../domain/dialler/shard.ts';
import { asMisconfigured } from '../dialler-misconfigured.ts';
import type { CxoneApi } from './cxone-api.ts';
import { type DncRecord, sendRecords, storedNumbers } from './dnc-records.ts';

/** A record without a date would say nothing of an earlier one, so that every record has one. */
const FOR_EVER = '2099-12-31T00:00:00Z';
const NANP = /^\+1(\d{10})$/;
const TEN_DIGITS = /^\d{10}$/;

type Wanted = DncRecord & { readonly listed: boolean };

/** Do-not-call groups of NICE CXone. They know numbers of ten digits: those of the North American plan. */
export class CxoneDncGroups implements DiallerLists {
  readonly #api: CxoneApi;
  readonly #now: () => number;

  constructor(api: CxoneApi, now: () => number) {
    this.#api = api;
    this.#now = now;
  }

  async apply(list: DiallerList, listings: readonly Listing[]): Promise<readonly Refused[]> {
    const phones = listings.filter((one) => one.contactPoint.kind === 'phone' && hasRoomFor(list, one));
    const wanted = this.#recordsOf(phones);
    const known = new Set(wanted.map(({ token }) => token));
    const abroad = phones.filter(({ token, listed }) => listed && !known.has(token));
    try {
      const refused = [...abroad.map(({ token }) => ({ token, cause: 'NOT_DIALABLE' }))];
      for (const groupId of list.ids)
        refused.push(...(await this.#add(groupId, ownOf(groupId, list, wanted))));
      const kept = new Set(refused.map(({ token }) => token));
      const others = wanted.filter(({ token }) => !kept.has(token));
      for (const groupId of list.ids) refused.push(...(await this.#expire(groupId, list, others)));
      return refused;
    } catch (error) {
      throw asMisconfigured(error);
    }
  }

  async *exported({ ids }: DiallerList): AsyncGenerator<string> {
    try {
      for (const groupId of ids) {
        for await (const number of storedNumbers(this.#api, groupId, this.#now()))
          yield TEN_DIGITS.test(number) ? `+1${number}` : number;
      }
    } catch (error) {
      throw asMisconfigured(error);
    }
  }

  /**
   * Whether a record that is there can be added again is published nowhere: one that is not taken is expired and tried once
   * more, and only then refused.
   */
  async #add(groupId: string, own: readonly DncRecord[]): Promise<readonly Refused[]> {
    const failed = await sendRecords(this.#api, { groupId, method: 'POST' }, own);
    if (failed.length === 0) return [];
    await sendRecords(this.#api, { groupId, method: 'DELETE' }, failed);
    const again = await sendRecords(this.#api, { groupId, method: 'POST' }, failed);
    return again.map(({ token }) => ({ token, cause: 'RECORD_REFUSED' }));
  }

  async #expire(groupId: string, list: DiallerList, wanted: readonly Wanted[]): Promise<readonly Refused[]> {
    const own = new Set(ownOf(groupId, list, wanted));
    const others = wanted.filter((record) => !own.has(record));
    const failed = await sendRecords(this.#api, { groupId, method: 'DELETE' }, others);
    return failed.map(({ token }) => ({ token, cause: 'RECORD_REFUSED' }));
  }

  /** One for each number that has ten digits: the last that was said of it. */
  #recordsOf(listings: readonly Listing[]): readonly Wanted[] {
    const records = listings.flatMap(({ token, contactPoint, listed, until }) => {
      const phoneNumber = contactPoint.kind === 'phone' ? NANP.exec(contactPoint.e164)?.[1] : undefined;
      if (phoneNumber === undefined) return [];
      const isOver = until !== undefined && until <= this.#now();
      const expiredDate = until === undefined ? FOR_EVER : dateOf(until);
      return [{ token, phoneNumber, expiredDate, listed: listed && !isOver }];
    });
    return [...new Map(records.map((record) => [record.phoneNumber, record])).values()];
  }
}

function ownOf(groupId: string, { ids }: DiallerList, wanted: readonly Wanted[]): readonly Wanted[] {
  return wanted.filter(({ token, listed }) => listed && shardOf(token, ids) === groupId);
}

/** Whole seconds, rounded up: never sooner than asked. */
function dateOf(ms: number): string {
  return `${new Date(Math.ceil(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
