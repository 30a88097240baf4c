import * as z from 'zod';
import { GenesysEnvironment } from '../../lib/adapters/genesys/connect.ts';
import { Dialler } from '../../lib/domain/dialler/dialler.ts';
import { parsedJson } from '../../lib/domain/json.ts';

/** The environment of push-suppression. A missing or malformed variable throws at cold start; there are no defaults. */
export const Config = GenesysEnvironment.extend({
  /** The name of the one dialler that this function tells. */
  DIALLER_NAME: z.string().regex(/^[a-z0-9-]+$/),
  /** Its setting, as JSON. */
  DIALLER: z.string().transform(parsedJson).pipe(Dialler),
  /** Its credentials; empty where it has none of its own. */
  DIALLER_SECRET_ARN: z.string(),
  QUEUE_URL: z.url(),
  DEAD_LETTERS_URL: z.url(),
  CONTACT_POINTS_TABLE: z.string().min(1),
  CASES_TABLE: z.string().min(1),
  KEK_SECRET_ARN: z.string().min(1),
  /** Files for diallers that read files. */
  PRIVACY_BUCKET: z.string().min(1),
});

export type Config = z.infer<typeof Config>;

/** What the stack must pass: the compiler refuses a missing or misspelt variable. */
export type Environment = Record<keyof Config, string>;
