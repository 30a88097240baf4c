import * as z from 'zod';

/** What the caller of a check is told. Every field is always present. */
export const Answer = z.object({
  decision: z.enum(['ALLOW', 'BLOCK']),
  decisionId: z.string(),
  /** The dominant reason's code; `PERMITTED` where nothing stands in the way. */
  reason: z.string(),
  reasons: z.array(z.object({ code: z.string(), ruleId: z.string(), citation: z.string() })),
  policyVersion: z.string(),
  checkedAt: z.iso.datetime(),
  /** Only where time is the one obstacle. */
  nextAllowedAt: z.iso.datetime().nullable(),
});
export type Answer = z.infer<typeof Answer>;

/** For how long a repeated request is answered as the first time, milliseconds. */
export const ANSWER_KEPT_MS = 15 * 60_000;

/** An answer kept for the retries of one request. */
export const RecordedAnswer = z.object({ at: z.number(), answer: Answer });
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;
