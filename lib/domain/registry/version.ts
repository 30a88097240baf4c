import * as z from 'zod';
import { EpochMs, Sha256Hex } from '../vocabulary.ts';

/** What is known of the registry version in use: enough to show the safe harbour of 47 CFR 64.1200(c)(2)(i)(D). */
export const RegistryVersion = z.object({
  registry: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected kebab-case'),
  /** The registry's own date of this version, midnight UTC. */
  versionAt: EpochMs,
  /** When the operator obtained it. */
  accessedAt: EpochMs,
  /** Subscription account number, where the registry has one. */
  subscriptionId: z.string().optional(),
  areaCodes: z.union([z.literal('ALL'), z.array(z.string().regex(/^\d{3}$/))]),
  numbers: z.number().int().nonnegative(),
  snapshotKey: z.string(),
  snapshotSha256: Sha256Hex,
});
export type RegistryVersion = z.infer<typeof RegistryVersion>;
