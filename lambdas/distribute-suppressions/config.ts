import * as z from 'zod';
import { parsedJson } from '../../lib/domain/json.ts';

/** The environment of distribute-suppressions. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = z.object({
  CONTACT_POINTS_TABLE: z.string().min(1),
  /** The queue of each dialler by its name, as JSON; `{}` where there is none. */
  DIALLER_QUEUES: z.string().transform(parsedJson).pipe(z.record(z.string(), z.url())),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
