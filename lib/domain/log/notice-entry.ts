import * as z from 'zod';
import { Channel, OpaqueId, Sha256Hex } from '../vocabulary.ts';
import { EntryBase } from './entry-base.ts';

/** A dialler took notices of a breach: the contact points that were told are its subjects. */
export const NoticeEntry = EntryBase.extend({
  kind: z.literal('notice'),
  incidentId: z.uuid(),
  channel: Channel,
  /** By a campaign, or one message at a time. */
  via: z.string(),
  /** The same in every entry about one batch. */
  batch: z.string(),
  template: z.object({ name: z.string(), language: z.string(), version: z.number().int() }),
  recipients: z.number().int().nonnegative(),
  /** Of the recipients' ids in order, one a line. */
  recipientsSha256: Sha256Hex,
  dncListsApplied: z.boolean(),
  contactListId: OpaqueId.optional(),
});
export type NoticeEntry = z.infer<typeof NoticeEntry>;
