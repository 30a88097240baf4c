import * as z from 'zod';
import { ClockRow } from '../../lib/domain/incident/clocks.ts';
import { parsedJson } from '../../lib/domain/json.ts';

/** The environment of watch-incidents. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  /** JSON: the clocks of the operator's own. */
  INCIDENT_CLOCKS: z.string().transform(parsedJson).pipe(z.array(ClockRow)),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
