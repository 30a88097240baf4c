import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const NUMBER_QUERIES: readonly SavedQuery[] = [
  {
    name: 'allowed-contacts-of-a-number',
    title: 'Allowed contacts of a number',
    says: 'Every decision that allowed a contact with this number or address.',
    parameters: [...PERIOD, 'token'],
    sql: `SELECT made_at, entry_index, decision_id, channel, purpose, seller, campaign_id
FROM decision_subjects
WHERE dt BETWEEN ? AND ?
  AND effect = 'ALLOW'
  AND token = ?
ORDER BY entry_index`,
  },
  {
    name: 'decisions-around-a-moment',
    title: 'Decisions about a number around a moment, and why',
    says: 'Every decision about this number or address within five minutes of a moment, one row for each reason; one row without a reason where it was allowed.',
    parameters: [...PERIOD, 'token', 'moment'],
    sql: `SELECT s.made_at, s.entry_index, s.decision_id, s.effect, r.place, r.reason, r.rule_id, s.channel, s.purpose, s.campaign_id
FROM decision_subjects AS s
LEFT JOIN decision_reasons AS r
  ON r.dt = s.dt AND r.hh = s.hh AND r.entry_index = s.entry_index
WHERE s.dt BETWEEN ? AND ?
  AND s.token = ?
  AND abs(date_diff('millisecond', s.made_at, CAST(? AS timestamp))) <= 300000
ORDER BY s.entry_index, r.place`,
  },
  {
    name: 'history-of-a-number',
    title: 'Everything about a number',
    says: 'Every entry about this number or address: decisions, opt-outs, consents, holds and the rest, in the order of the log.',
    parameters: [...PERIOD, 'token'],
    sql: `SELECT s.made_at,
       s.entry_index,
       s.kind,
       coalesce(d.effect, f.fact) AS what,
       coalesce(d.reason, f.reason, f.status, f.hold_action, f.outcome, f.event, f.answer) AS detail,
       coalesce(d.channel, f.channel) AS channel,
       coalesce(d.purpose, f.purpose) AS purpose,
       coalesce(d.seller, f.seller) AS seller,
       d.campaign_id,
       f.source,
       coalesce(d.client, f.client) AS client
FROM subjects AS s
LEFT JOIN decisions AS d
  ON d.dt = s.dt AND d.hh = s.hh AND d.entry_index = s.entry_index
LEFT JOIN facts_recorded AS f
  ON f.dt = s.dt AND f.hh = s.hh AND f.entry_index = s.entry_index
WHERE s.dt BETWEEN ? AND ?
  AND s.token = ?
ORDER BY s.entry_index`,
  },
  {
    name: 'most-contacted',
    title: 'Numbers with the most allowed contacts',
    says: 'The hundred numbers and addresses with the most allowed contacts on one day, by channel.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day, token, channel, count(DISTINCT decision_id) AS allowed, min(made_at) AS first_at, max(made_at) AS last_at
FROM decision_subjects
WHERE dt BETWEEN ? AND ?
  AND effect = 'ALLOW'
GROUP BY dt, token, channel
ORDER BY allowed DESC, dt, token, channel
LIMIT 100`,
  },
];
