import * as z from 'zod';

/** What every entry says. */
export const EntryBase = z.object({
  /** UUIDv7: sorts by time. */
  id: z.uuid(),
  at: z.iso.datetime(),
  /** Tokens of the contact points that the entry is about; none where none could or may be stored. */
  subjects: z.array(z.string()),
  /** The OAuth client or role that asked. */
  client: z.string().optional(),
});
