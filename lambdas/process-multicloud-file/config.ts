import * as z from 'zod';
import { isKnownZone } from '../../lib/domain/policy/local-time.ts';

/** The environment of process-multicloud-file. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PRIVACY_BUCKET: z.string().min(1),
  AUDIT_BUCKET: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  /** By whose clock a file is of today. */
  OPERATOR_TIME_ZONE: z.string().refine(isKnownZone, 'expected an IANA time zone'),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
