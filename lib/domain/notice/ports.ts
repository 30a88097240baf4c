import type { Channel } from '../vocabulary.ts';
import type { Dispatch, OpenedList } from './dispatch.ts';
import type { Notice, NoticeAddress } from './notice.ts';
import type { CheckVerdict } from './verdict.ts';

export type AddressedNotice = { readonly notice: Notice; readonly address: NoticeAddress | undefined };

/** Where notices are kept, one item for each recipient of an incident. */
export interface Notices {
  /** How far an incident's notices have come; begins them where nothing is there yet. */
  begin(fresh: Dispatch): Promise<Dispatch>;
  /** As far as they have come; undefined where none were begun. */
  dispatch(incidentId: string): Promise<Dispatch | undefined>;
  /** Writes unless it was changed since the version before. */
  saveDispatch(dispatch: Dispatch): Promise<'SAVED' | 'CONFLICT'>;
  /** Adds a recipient; one that is there already stays as it is. */
  add(incidentId: string, addressed: AddressedNotice): Promise<'ADDED' | 'EXISTS'>;
  /** Every notice of an incident, in pages; strongly consistent. */
  pages(incidentId: string): AsyncIterable<readonly AddressedNotice[]>;
  /** Writes unless the notice was changed since the version before. */
  save(incidentId: string, notice: Notice): Promise<'SAVED' | 'CONFLICT'>;
  /** Reserves an address for one recipient of an incident, for good. */
  claim(incidentId: string, claim: AddressClaim): Promise<'OURS' | 'TAKEN'>;
  /** Destroys the key of all addresses of an incident. */
  forget(incidentId: string): Promise<void>;
}

export type AddressClaim = {
  readonly channel: Channel;
  readonly token: string;
  readonly recipientId: string;
};

/** One text in one language on one channel, as one list and one campaign at the dialler. */
export type NoticeText = {
  readonly incidentId: string;
  readonly channel: Channel;
  readonly language: string;
  readonly templateVersion: number;
  readonly subject?: string;
  readonly text: string;
};

export type NoticeContact = { readonly contactId: string; readonly address: string };

/** What a dialler has done with a contact that it has taken. */
export type ContactResult = 'WAITING' | 'DELIVERED' | 'FAILED';

/** The dialler that notices go out by. */
export interface NoticeSender {
  /** Whose routes text messages go by; only where they are set up. */
  smsCarrier(): Promise<string>;
  /** Sees to it that the list and its running campaign are there. */
  open(text: NoticeText): Promise<OpenedList>;
  /** Adds contacts; those that are there already are left alone, so that it can be done again. At most 100. */
  add(list: OpenedList, text: NoticeText, contacts: readonly NoticeContact[]): Promise<void>;
  /** Those of the contacts that are on the list, at most 100. */
  look(
    channel: Channel,
    contactListId: string,
    contactIds: readonly string[],
  ): Promise<ReadonlyMap<string, ContactResult>>;
  /** Sends one message. A repetition would be a second message. */
  sendOne(text: NoticeText, address: string): Promise<void>;
}

/** The one way to decide. */
export interface ConsentCheck {
  check(question: {
    readonly incidentId: string;
    readonly recipientId: string;
    readonly channel: Channel;
    readonly address: NoticeAddress;
  }): Promise<CheckVerdict>;
}

/** The lists of affected people, by version of an object. */
export interface AffectedLists {
  bytes(list: { readonly bucketKey: string; readonly versionId: string }): AsyncIterable<Uint8Array>;
}

/** What people read of an incident's notices: recipients' ids, never addresses. */
export interface NoticeReports {
  write(incidentId: string, name: 'letters.csv' | 'attention.csv', text: string): Promise<void>;
}
