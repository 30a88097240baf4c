import * as z from 'zod';
import type { CoverageJudgementEntry } from '../log/entry.ts';
import { EpochMs, OpaqueId } from '../vocabulary.ts';
import { CoverageGap, type OutboundContact } from './contact.ts';
import type { Interval, IntervalResult } from './interval.ts';
import type { DailyReport } from './report.ts';

/** The platform's records of what it did. */
export interface ContactRecords {
  /** Before which moment the platform's records are whole; epoch milliseconds. */
  availableUntil(): Promise<number>;
  /** Asks for the records of an interval; returns the name of the work that this is. */
  submit(interval: Interval): Promise<string>;
  /** GONE: the platform failed at it, or knows it no more. */
  stateOf(jobId: string): Promise<'UNDER_WAY' | 'DONE' | 'GONE'>;
  /** The outbound contacts that began in the interval, in parts, and how many legs were none. */
  contacts(jobId: string, interval: Interval): AsyncIterable<ContactPage>;
}

export type ContactPage = {
  readonly contacts: readonly OutboundContact[];
  readonly leftOut: IntervalResult['leftOut'];
};

/** How far the checks have come. */
export const CoverageProgress = z.object({
  /** Every hour before is checked; epoch milliseconds. */
  closedUntil: EpochMs,
  closedAt: EpochMs.optional(),
  /** What was asked of the platform for the next interval. */
  job: z.object({ id: z.string(), from: EpochMs, to: EpochMs }).optional(),
});
export type CoverageProgress = z.infer<typeof CoverageProgress>;

export interface CoverageLedger {
  /** How far the checks have come; they begin at `from` where none was ever made. */
  begin(from: number): Promise<CoverageProgress>;
  /** Keeps, or forgets, what was asked for the interval that begins at `from`, unless that is closed. */
  keepJob(from: number, job: CoverageProgress['job']): Promise<void>;
  /** Closes the interval of a result with its entry, unless another run has; the entry is then handed to the log. */
  close(result: IntervalResult, now: number): Promise<'CLOSED' | 'CONFLICT'>;
  /** Hands on what `close` could not. */
  logOverdue(): Promise<void>;
}

/** Somebody's word on a gap. */
export const GapJudgement = z.object({
  by: OpaqueId,
  /** An id or a word of the operator's, no text. */
  reason: OpaqueId,
  at: EpochMs,
  entryId: z.uuid(),
});
export type GapJudgement = z.infer<typeof GapJudgement>;

export const KnownGap = CoverageGap.extend({ foundAt: EpochMs, judgement: GapJudgement.optional() });
export type KnownGap = z.infer<typeof KnownGap>;

export interface CoverageGaps {
  /** Keeps a gap; one that is kept already stays as it is. */
  open(gap: CoverageGap, foundAt: number): Promise<void>;
  /** Those that nobody has judged, the oldest first; with `judged`, the others. */
  list(which: 'OPEN' | 'JUDGED'): Promise<readonly KnownGap[]>;
  countOpen(): Promise<number>;
  /** Open or judged; undefined if there is no such gap. */
  find(id: string): Promise<KnownGap | undefined>;
  /** Fixes the first judgement; returns the gap with the one that counts, undefined if there is no such gap. */
  judge(id: string, judgement: GapJudgement): Promise<KnownGap | undefined>;
  /** Takes a judged gap out of those that are open. */
  close(gap: KnownGap): Promise<void>;
}

/** What was found of each interval, and the reports of the days. */
export interface CoverageResults {
  read(from: number): Promise<IntervalResult | undefined>;
  /** Writes a result unless one is there for its interval, and returns what is there. */
  settle(result: IntervalResult): Promise<IntervalResult>;
  report(report: DailyReport): Promise<void>;
}

/** The entry of a judgement. */
export function judgementEntry(gap: KnownGap, judgement: GapJudgement): CoverageJudgementEntry {
  const { id: gapId, conversationId, token, outcome } = gap;
  const { by, reason, at, entryId } = judgement;
  return {
    kind: 'coverage-judgement',
    id: entryId,
    at: new Date(at).toISOString(),
    subjects: token === undefined ? [] : [token],
    ...{ gapId, conversationId, outcome, by, reason },
  };
}
