import * as z from 'zod';
import { Channel, EpochMs } from '../vocabulary.ts';

/**
 * What became of an outbound contact that the platform says was made. COVERED: a decision to allow it is on record.
 * NO_DECISION: none is. BLOCKED: the answer was BLOCK, and it was made none the less. UNREADABLE: whom it reached cannot be
 * made out, so that nothing can be shown. WRONG_REGION: another region's deployment decides about the person.
 */
export const CoverageOutcome = z.enum(['COVERED', 'NO_DECISION', 'BLOCKED', 'UNREADABLE', 'WRONG_REGION']);
export type CoverageOutcome = z.infer<typeof CoverageOutcome>;

/** Outcomes that somebody must look at. */
export const GapOutcome = CoverageOutcome.extract(['NO_DECISION', 'BLOCKED', 'UNREADABLE']);
export type GapOutcome = z.infer<typeof GapOutcome>;

/** An outbound contact as the platform recorded it. Ids are safe for the log; whom it reached is told by tokens alone. */
export type OutboundContact = {
  /** The same whenever the platform is asked. */
  readonly id: string;
  readonly conversationId: string;
  readonly campaignId?: string | undefined;
  /** Of the contact in its contact list. */
  readonly contactId?: string | undefined;
  readonly channel: Channel;
  /** When it began, epoch milliseconds. */
  readonly at: number;
  /** Tokens of every contact point that can be meant, or why there is none. */
  readonly reached: readonly string[] | 'UNREADABLE' | 'WRONG_REGION';
};

/** An outbound contact that no decision covers. */
export const CoverageGap = z.object({
  id: z.string(),
  conversationId: z.string(),
  campaignId: z.string().optional(),
  token: z.string().optional(),
  channel: Channel,
  at: EpochMs,
  outcome: GapOutcome,
});
export type CoverageGap = z.infer<typeof CoverageGap>;
