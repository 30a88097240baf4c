import * as z from 'zod';
import { RegistryName } from '../../lib/domain/registry/version.ts';

const RegistrySettings = z.object({
  /** What the subscription covers. */
  areaCodes: z.union([z.literal('ALL'), z.array(z.string())]),
  subscriptionId: z.string().optional(),
  national: z.object({ callingCode: z.string(), trunkPrefix: z.string() }).optional(),
  xml: z.object({ areaCode: z.string(), number: z.string(), attribute: z.string() }).optional(),
  overdueDays: z.number(),
  source: z.object({ url: z.string(), secretArn: z.string().optional(), everyDays: z.number() }).optional(),
});
export type RegistrySettings = z.infer<typeof RegistrySettings>;

/** The environment of sync-registry. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  REGISTRY_BLOCKS_TABLE: z.string().min(1),
  REGISTRY_BUCKET: z.string().min(1),
  REGISTRY_QUEUE_URL: z.string().min(1),
  REGISTRIES: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(RegistryName, RegistrySettings)),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
