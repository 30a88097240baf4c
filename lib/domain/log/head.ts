import * as z from 'zod';
import { Sha256Hex } from '../vocabulary.ts';

const Index = z.number().int().nonnegative();

/**
 * The entries object under way. INTENDED: its key is fixed, for this writer and every one after it. COMMITTED: its
 * entries are counted in the head's size, but may still wait in `pending`. `sha256` is of the object's bytes.
 */
export const Batch = z.discriminatedUnion('state', [
  z.object({ state: z.literal('INTENDED'), key: z.string(), first: Index }),
  z.object({ state: z.literal('COMMITTED'), key: z.string(), first: Index, count: Index, sha256: Sha256Hex }),
]);
export type Batch = z.infer<typeof Batch>;

/** The one item that says how long the log is and who may lengthen it. */
export const LogHead = z.object({
  /** Entries in the log, and so the index of the next one. */
  size: Index,
  /** Grows with every writer: a write under an older fence is refused. */
  fence: Index,
  batch: Batch.optional(),
  /** Epoch milliseconds: all that was recorded before is in the log and under a checkpoint. */
  loggedUntil: z.number().optional(),
});
export type LogHead = z.infer<typeof LogHead>;
