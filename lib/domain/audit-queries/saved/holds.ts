import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const HOLD_QUERIES: readonly SavedQuery[] = [
  {
    name: 'attempts-against-holds',
    title: 'Attempts against litigation holds',
    says: 'Each contact that was blocked because a hold stood, with its campaign and whether Legal was told before the answer.',
    parameters: PERIOD,
    sql: `SELECT d.made_at, d.entry_index, d.decision_id, d.channel, d.campaign_id, d.client, d.legal_alert
FROM decisions AS d
JOIN decision_reasons AS r
  ON r.dt = d.dt AND r.hh = d.hh AND r.entry_index = d.entry_index
WHERE d.dt BETWEEN ? AND ?
  AND r.reason = 'LITIGATION_HOLD'
ORDER BY d.entry_index`,
  },
  {
    name: 'holds-changed',
    title: 'Litigation holds placed and released',
    says: 'Each word of Legal on a hold. A hold ends with the releases of two different people.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, case_id, token, hold_action, recorded_by, done_at
FROM facts_recorded
WHERE dt BETWEEN ? AND ?
  AND fact = 'hold'
ORDER BY entry_index`,
  },
  {
    name: 'allowed-under-hold',
    title: 'Contacts allowed under a litigation hold',
    says: 'Allowed contacts with a number or address whose hold had been placed before and not been released by two people. Found by comparing entries, not by the rules; expected: none.',
    parameters: [...PERIOD, ...PERIOD, ...PERIOD],
    sql: `WITH placed AS (
  SELECT token, case_id, done_at, made_at
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND hold_action = 'PLACED'
), released AS (
  SELECT token, case_id, recorded_by, done_at, made_at
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND hold_action = 'RELEASED'
), allowed AS (
  SELECT made_at, entry_index, decision_id, token, channel, campaign_id
  FROM decision_subjects
  WHERE dt BETWEEN ? AND ?
    AND effect = 'ALLOW'
)
SELECT a.made_at, a.entry_index, a.decision_id, a.token, a.channel, a.campaign_id, p.case_id, count(DISTINCT r.recorded_by) AS releases
FROM allowed AS a
JOIN placed AS p
  ON p.token = a.token
  AND p.made_at < a.made_at
LEFT JOIN released AS r
  ON r.token = p.token
  AND r.case_id = p.case_id
  AND r.done_at >= p.done_at
  AND r.made_at < a.made_at
GROUP BY a.made_at, a.entry_index, a.decision_id, a.token, a.channel, a.campaign_id, p.case_id
HAVING count(DISTINCT r.recorded_by) < 2
ORDER BY a.entry_index, p.case_id`,
  },
];
