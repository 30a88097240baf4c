import * as z from 'zod';
import { Circuit } from '../circuit-breaker.ts';
import { EpochMs } from '../vocabulary.ts';

/** How a dialler does. */
export const DiallerHealth = z.object({
  circuit: Circuit,
  lastDoneAt: EpochMs.optional(),
  lastFailedAt: EpochMs.optional(),
  /** The code of the last failure. */
  lastCause: z.string().optional(),
});
export type DiallerHealth = z.infer<typeof DiallerHealth>;
