import * as z from 'zod';
import { GenesysEnvironment } from '../../lib/adapters/genesys/connect.ts';
import { Language } from '../../lib/domain/incident/templates.ts';
import { parsedJson } from '../../lib/domain/json.ts';
import { NoticeChannels } from '../../lib/domain/notice/channels.ts';

/** The environment of send-notices. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = GenesysEnvironment.extend({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PRIVACY_BUCKET: z.string().min(1),
  PEPPER_SECRET_ARN: z.string().min(1),
  KEK_SECRET_ARN: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  CHECK_CONSENT_FUNCTION: z.string().min(1),
  /** JSON: what notices go out by. */
  NOTICE_CHANNELS: z.string().transform(parsedJson).pipe(NoticeChannels),
  /** BCP 47: of the notices to whoever reads no other language that there is. */
  NOTICE_LANGUAGE: Language,
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
