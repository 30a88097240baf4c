import type { CoverageEntry } from '../log/entry.ts';
import type { IntervalResult } from './interval.ts';
import { totalsOf } from './interval.ts';
import { byGaps } from './report.ts';

/** What an entry holds at the most: an item of DynamoDB holds 400 KB. The counts are of all. */
const MOST_GAPS = 500;
const MOST_CAMPAIGNS = 50;

/** The entry that shows that an interval was checked, and what was found. The same for the same result. */
export function coverageEntry(result: IntervalResult): CoverageEntry {
  const { entryId, checkedAt, from, to, windowMs, counts, channels, leftOut } = result;
  const gaps = result.gaps.slice(0, MOST_GAPS);
  return {
    kind: 'coverage',
    id: entryId,
    at: iso(checkedAt),
    subjects: [...new Set(gaps.flatMap(({ token }) => token ?? []))],
    ...{ from: iso(from), to: iso(to), windowMs, counts, leftOut },
    channels: Object.fromEntries(Object.entries(channels).filter(([, some]) => some !== undefined)),
    campaigns: byGaps(result.campaigns)
      .slice(0, MOST_CAMPAIGNS)
      .map((campaign) => ({
        ...(campaign.campaignId === undefined ? {} : { campaignId: campaign.campaignId }),
        ...totalsOf(campaign.counts),
        covered: campaign.counts.COVERED,
      })),
    gaps: gaps.map(({ id: gapId, at, ...gap }) => ({ ...gap, gapId, at: iso(at) })),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
