import * as z from 'zod';
import { WebhookSettings } from '../../lib/domain/incident/webhook.ts';
import { parsedJson } from '../../lib/domain/json.ts';

/** The environment of receive-incident-webhook. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  WEBHOOK_SECRETS_ARN: z.string().min(1),
  /** JSON: which tickets report incidents. */
  WEBHOOK_SETTINGS: z.string().transform(parsedJson).pipe(WebhookSettings),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
