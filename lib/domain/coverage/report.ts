import { reportLine } from '../csv-report.ts';
import { CoverageOutcome } from './contact.ts';
import {
  type CampaignCounts,
  type IntervalResult,
  noCounts,
  type OutcomeCounts,
  totalsOf,
} from './interval.ts';

/** What is told of one day, UTC: per campaign, without anybody's token. */
export type DailyReport = {
  /** Such as 2026-11-20. */
  readonly date: string;
  /** Hours of the day that were checked: fewer than 24 on the first day. */
  readonly hours: number;
  readonly counts: OutcomeCounts;
  /** The most gaps first. */
  readonly campaigns: readonly CampaignCounts[];
};

/** The day of a moment, UTC, such as 2026-11-20. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Adds up the intervals of one day. */
export function dailyReport(date: string, intervals: readonly IntervalResult[]): DailyReport {
  return {
    date,
    hours: intervals.length,
    counts: sumOf(intervals.map(({ counts }) => counts)),
    campaigns: byGaps(campaignSums(intervals.flatMap(({ campaigns }) => campaigns))),
  };
}

/** Campaigns by how much there is to look at, then by size. */
export function byGaps(campaigns: readonly CampaignCounts[]): readonly CampaignCounts[] {
  return campaigns.toSorted((a, b) => {
    const [one, other] = [totalsOf(a.counts), totalsOf(b.counts)];
    return (
      other.gaps - one.gaps ||
      other.contacts - one.contacts ||
      (a.campaignId ?? '').localeCompare(b.campaignId ?? '', 'en')
    );
  });
}

/** For a spreadsheet: a row for each campaign; contacts of no campaign have none. */
export function reportCsv({ campaigns }: DailyReport): string {
  const columns = CoverageOutcome.options.map((outcome) => outcome.toLowerCase());
  const rows = campaigns.map(({ campaignId = '', counts }) => {
    const { contacts, gaps } = totalsOf(counts);
    return [campaignId, contacts, gaps, ...CoverageOutcome.options.map((outcome) => counts[outcome])];
  });
  return [['campaign_id', 'contacts', 'gaps', ...columns], ...rows].map(reportLine).join('');
}

function campaignSums(campaigns: readonly CampaignCounts[]): readonly CampaignCounts[] {
  return [...Map.groupBy(campaigns, ({ campaignId }) => campaignId)].map(([campaignId, some]) => ({
    ...(campaignId === undefined ? {} : { campaignId }),
    counts: sumOf(some.map(({ counts }) => counts)),
  }));
}

function sumOf(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sum = noCounts();
  for (const counts of all) for (const outcome of CoverageOutcome.options) sum[outcome] += counts[outcome];
  return sum;
}
