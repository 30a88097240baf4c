import * as z from 'zod';

/** The environment of check-consent. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  REGISTRY_BLOCKS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  LEGAL_ALERTS_TOPIC_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  CHECK_BUDGET_MS: z.coerce.number().int().positive(),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
