import * as z from 'zod';

/** The environment of ingest-opt-out. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  KEK_SECRET_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  OPT_OUT_DLQ_URL: z.url(),
  /** Wrap-up code ids that mean opt-out, comma-separated. Ids, never names: names are editable and localised. */
  OPT_OUT_WRAP_UP_CODES: z.string().min(1),
  /** The organisation's own caller ids, DIDs and transfer targets in E.164, comma-separated; may be empty. */
  OWN_NUMBERS: z.string(),
  /** ISO 3166-1 country for the national numbers that Genesys sends; may be empty, then such numbers are parked. */
  DEFAULT_REGION: z.string().regex(/^([A-Z]{2})?$/),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
