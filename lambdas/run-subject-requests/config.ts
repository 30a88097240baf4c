import * as z from 'zod';
import { GenesysEnvironment } from '../../lib/adapters/genesys/connect.ts';
import { isKnownZone } from '../../lib/domain/policy/local-time.ts';

/** The environment of run-subject-requests. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = GenesysEnvironment.extend({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PRIVACY_BUCKET: z.string().min(1),
  AUDIT_BUCKET: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  KEK_SECRET_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  OPERATOR_TIME_ZONE: z.string().refine(isKnownZone, 'expected an IANA time zone'),
  /** Of Genesys Multicloud CX; empty where none is connected. */
  MULTICLOUD_ACCOUNT_ID: z.string(),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
