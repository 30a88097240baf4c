import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const COVERAGE_QUERIES: readonly SavedQuery[] = [
  {
    name: 'coverage-by-day',
    title: 'Outbound contacts held against decisions, by day',
    says: 'How many hours of the log were checked, and what was found. A day with fewer than 24 hours of checks was not watched all the time.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day, count(*) AS hours_checked, sum(covered) AS covered, sum(no_decision) AS no_decision,
  sum(blocked) AS blocked, sum(unreadable) AS unreadable, sum(wrong_region) AS wrong_region
FROM coverage_checks
WHERE dt BETWEEN ? AND ?
GROUP BY dt
ORDER BY dt`,
  },
  {
    name: 'contacts-without-decision',
    title: 'Outbound contacts without a decision',
    says: 'Each outbound contact that the platform made and no decision covers, with whoever judged it in the same days and as what. The first 500 of each hour; expected: none that nobody has judged.',
    parameters: [...PERIOD, ...PERIOD],
    sql: `WITH judgements AS (
  SELECT gap_id, judged_by, reason
  FROM coverage_judgements
  WHERE dt BETWEEN ? AND ?
)
SELECT g.contacted_at, g.entry_index, g.gap_id, g.conversation_id, g.campaign_id, g.token, g.channel, g.outcome, j.judged_by, j.reason
FROM coverage_gaps AS g
LEFT JOIN judgements AS j
  ON j.gap_id = g.gap_id
WHERE g.dt BETWEEN ? AND ?
ORDER BY g.contacted_at, g.gap_id`,
  },
];
