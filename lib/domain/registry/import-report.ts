import * as z from 'zod';
import { REFUSALS } from './refusals.ts';
import { RegistryVersion } from './version.ts';

const About = z.object({
  /** The file's name, without its folder. */
  file: z.string(),
  at: z.iso.datetime(),
});

/** What became of one file that was put into the registry bucket. */
export const ImportReport = z.discriminatedUnion('outcome', [
  About.extend({
    outcome: z.literal('IMPORTED'),
    version: RegistryVersion,
    duplicates: z.number().int().nonnegative(),
    entered: z.number().int().nonnegative(),
    left: z.number().int().nonnegative(),
    changedBlocks: z.number().int().nonnegative(),
  }),
  About.extend({ outcome: z.literal('REFUSED'), reason: z.enum(REFUSALS), message: z.string() }),
]);
export type ImportReport = z.infer<typeof ImportReport>;
