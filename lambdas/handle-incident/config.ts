import * as z from 'zod';
import { ClockRow } from '../../lib/domain/incident/clocks.ts';
import { NoticeContact } from '../../lib/domain/incident/incident.ts';
import { Language } from '../../lib/domain/incident/templates.ts';
import { parsedJson } from '../../lib/domain/json.ts';

const json = z.string().transform(parsedJson);

/** The environment of handle-incident. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  PRIVACY_BUCKET: z.string().min(1),
  RESIDENCY: z.enum(['EU', 'US']),
  /** JSON: how people reach the operator; empty where the settings do not say. */
  INCIDENT_CONTACT: z.union([z.literal('').transform(() => undefined), json.pipe(NoticeContact)]),
  /** JSON: the clocks of the operator's own. */
  INCIDENT_CLOCKS: json.pipe(z.array(ClockRow)),
  /** BCP 47: of the notices to whoever reads no other language that there is. */
  NOTICE_LANGUAGE: Language,
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
