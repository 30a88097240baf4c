import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const LIST_QUERIES: readonly SavedQuery[] = [
  {
    name: 'scrubs',
    title: 'Scrubbed contact lists',
    says: 'Each list with its outcome and its rows: approved, rejected, quarantined, left to another region.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, job_id, profile, campaign_id, outcome, cause, row_count, approved, rejected, quarantined, other_region
FROM scrubs
WHERE dt BETWEEN ? AND ?
ORDER BY entry_index`,
  },
  {
    name: 'scrubs-by-outcome',
    title: 'Scrubs by outcome and day',
    says: 'How many lists were scrubbed or rejected whole, why, and how many rows they held.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day,
       outcome,
       cause,
       count(*) AS lists,
       sum(row_count) AS list_rows,
       sum(approved) AS approved
FROM scrubs
WHERE dt BETWEEN ? AND ?
GROUP BY dt, outcome, cause
ORDER BY dt, outcome, cause`,
  },
  {
    name: 'scrub-reasons',
    title: 'Why rows were not approved',
    says: 'Rows of scrubbed lists by what was done with them and why, such as REJECTED.SUPPRESSED.',
    parameters: PERIOD,
    sql: `SELECT count_name, sum(row_count) AS list_rows, count(DISTINCT job_id) AS lists
FROM scrub_counts
WHERE dt BETWEEN ? AND ?
  AND count_name LIKE '%.%'
GROUP BY count_name
ORDER BY list_rows DESC, count_name`,
  },
];
