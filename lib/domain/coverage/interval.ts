import * as z from 'zod';
import { EpochMs } from '../vocabulary.ts';
import { CoverageGap, type CoverageOutcome, GapOutcome, type OutboundContact } from './contact.ts';
import type { Matched, MatchWindow } from './match.ts';

/** From `from` on, before `to`; epoch milliseconds. Always one hour of UTC. */
export type Interval = { readonly from: number; readonly to: number };

const HOUR_MS = 3_600_000;
/** An interval is looked at so long after its end: events and records may come late. */
export const SETTLE_MS = 30 * 60_000;

/** The start of the hour of a moment, epoch milliseconds. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** Until when intervals can be closed now: what lies before is over and, as the platform says, told whole. */
export function closableUntil({
  now,
  availableUntil,
}: {
  readonly now: number;
  readonly availableUntil: number;
}): number {
  return Math.min(now - SETTLE_MS, availableUntil);
}

/** The hour that follows what is closed; undefined while it cannot be closed. */
export function nextInterval(closedUntil: number, closable: number): Interval | undefined {
  const to = closedUntil + HOUR_MS;
  return to <= closable ? { from: closedUntil, to } : undefined;
}

const Count = z.number().int().nonnegative();
const OutcomeCounts = z.object({
  COVERED: Count,
  NO_DECISION: Count,
  BLOCKED: Count,
  UNREADABLE: Count,
  WRONG_REGION: Count,
} satisfies Record<CoverageOutcome, unknown>);
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

const CampaignCounts = z.object({ campaignId: z.string().optional(), counts: OutcomeCounts });
export type CampaignCounts = z.infer<typeof CampaignCounts>;

/** What was found of one interval, written once: whoever finds it later adopts it. */
export const IntervalResult = z.object({
  from: EpochMs,
  to: EpochMs,
  /** Of the entry that records it. */
  entryId: z.uuid(),
  checkedAt: EpochMs,
  windowMs: Count,
  counts: OutcomeCounts,
  channels: z.partialRecord(z.enum(['VOICE', 'SMS', 'EMAIL']), OutcomeCounts),
  campaigns: z.array(CampaignCounts),
  /** Legs to numbers of the operator's own, and consults of agents: no contacts. */
  leftOut: z.object({ own: Count, consults: Count }),
  gaps: z.array(CoverageGap),
  /** Decisions that cover a contact and could be taken for one of the next interval. */
  used: z.array(z.string()),
});
export type IntervalResult = z.infer<typeof IntervalResult>;

export type Checked = {
  readonly interval: Interval;
  readonly contacts: readonly OutboundContact[];
  readonly leftOut: IntervalResult['leftOut'];
  readonly matched: Matched;
  readonly window: MatchWindow;
  readonly entryId: string;
  readonly now: number;
};

/** Sums up what was found of an interval. */
export function intervalResult(checked: Checked): IntervalResult {
  const { interval, contacts, leftOut, matched, window, entryId, now } = checked;
  const judged = contacts.map((contact, place) => ({
    contact,
    outcome: matched.outcomes[place] ?? ('UNREADABLE' as const),
  }));
  const channels = Map.groupBy(judged, ({ contact }) => contact.channel);
  const campaigns = Map.groupBy(judged, ({ contact }) => contact.campaignId);
  return {
    ...interval,
    ...{ entryId, leftOut, checkedAt: now, windowMs: window.beforeMs },
    counts: countsOf(judged),
    channels: Object.fromEntries([...channels].map(([channel, some]) => [channel, countsOf(some)])),
    campaigns: [...campaigns].map(([campaignId, some]) => ({
      ...(campaignId === undefined ? {} : { campaignId }),
      counts: countsOf(some),
    })),
    gaps: judged.flatMap(gapOf).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    used: matched.used.filter(({ at }) => at >= interval.to - window.beforeMs).map(({ id }) => id),
  };
}

type Judged = { readonly contact: OutboundContact; readonly outcome: CoverageOutcome };

function gapOf({ contact, outcome }: Judged): CoverageGap[] {
  const gap = GapOutcome.safeParse(outcome).data;
  if (gap === undefined) return [];
  const { id, conversationId, campaignId, channel, at, reached } = contact;
  const token = typeof reached === 'string' ? undefined : reached[0];
  return [
    {
      ...{ id, conversationId, channel, at, outcome: gap },
      ...(campaignId === undefined ? {} : { campaignId }),
      ...(token === undefined ? {} : { token }),
    },
  ];
}

function countsOf(judged: readonly Judged[]): OutcomeCounts {
  const counts = noCounts();
  for (const { outcome } of judged) counts[outcome] += 1;
  return counts;
}

/** Nothing counted yet. */
export function noCounts(): OutcomeCounts {
  return { COVERED: 0, NO_DECISION: 0, BLOCKED: 0, UNREADABLE: 0, WRONG_REGION: 0 };
}

/** How many contacts there were, and how many of them somebody must look at. */
export function totalsOf(counts: OutcomeCounts): { readonly contacts: number; readonly gaps: number } {
  const gaps = GapOutcome.options.reduce((sum, outcome) => sum + counts[outcome], 0);
  return { contacts: gaps + counts.COVERED + counts.WRONG_REGION, gaps };
}
