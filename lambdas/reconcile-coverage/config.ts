import * as z from 'zod';
import { GenesysEnvironment } from '../../lib/adapters/genesys/connect.ts';

/** The environment of reconcile-coverage. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = GenesysEnvironment.extend({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PRIVACY_BUCKET: z.string().min(1),
  AUDIT_BUCKET: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  OWN_NUMBERS: z.string(),
  DEFAULT_REGION: z.string().regex(/^([A-Z]{2})?$/),
  /** How long before a contact its decision may lie. */
  WINDOW_SECONDS: z.coerce.number().int().min(1).max(3600),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
