import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const OPT_OUT_QUERIES: readonly SavedQuery[] = [
  {
    name: 'slow-opt-outs',
    title: 'Opt-outs slower than 60 seconds',
    says: 'Requests of which more than 60 seconds passed between the person and the effect, with both parts of the way in milliseconds: from the person to Dialguard, and from there to the effect.',
    parameters: PERIOD,
    sql: `SELECT made_at,
       entry_index,
       token,
       source,
       event_id,
       channel,
       seller,
       effective_at,
       received_at,
       date_diff('millisecond', effective_at, received_at) AS to_dialguard_ms,
       date_diff('millisecond', received_at, made_at) AS to_effect_ms
FROM facts_recorded
WHERE dt BETWEEN ? AND ?
  AND fact = 'suppression'
  AND reason IN ('CUSTOMER_REQUEST', 'OBJECTION')
  AND date_diff('millisecond', effective_at, made_at) > 60000
ORDER BY date_diff('millisecond', effective_at, made_at) DESC, entry_index`,
  },
  {
    name: 'opt-out-latency',
    title: 'Opt-out latency by source and day',
    says: 'How long opt-outs took from the person to the effect: how many, the mean and the longest in milliseconds, and how many took more than 60 seconds.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day,
       source,
       count(*) AS opt_outs,
       round(avg(date_diff('millisecond', effective_at, made_at))) AS mean_ms,
       max(date_diff('millisecond', effective_at, made_at)) AS longest_ms,
       count(CASE WHEN date_diff('millisecond', effective_at, made_at) > 60000 THEN 1 END) AS over_60_s
FROM facts_recorded
WHERE dt BETWEEN ? AND ?
  AND fact = 'suppression'
  AND reason IN ('CUSTOMER_REQUEST', 'OBJECTION')
GROUP BY dt, source
ORDER BY dt, source`,
  },
  {
    name: 'revocations',
    title: 'Revocations by channel and seller',
    says: 'Opt-outs, objections and withdrawn consents, by what they were about and how they came in.',
    parameters: PERIOD,
    sql: `SELECT channel, seller, source, coalesce(reason, status) AS revocation, count(*) AS revocations, count(DISTINCT token) AS contact_points
FROM facts_recorded
WHERE dt BETWEEN ? AND ?
  AND (reason IN ('CUSTOMER_REQUEST', 'OBJECTION') OR status IN ('WITHDRAWN', 'OBJECTED'))
GROUP BY channel, seller, source, coalesce(reason, status)
ORDER BY revocations DESC, channel, seller, source, revocation`,
  },
  {
    name: 'allowed-after-opt-out',
    title: 'Marketing allowed after an opt-out',
    says: 'Allowed marketing to a number or address whose opt-out, for the channel and the seller, was in effect before, and not followed by a newer consent. Found by comparing entries, not by the rules; expected: none. Opt-outs of before the first day are not seen.',
    parameters: [...PERIOD, ...PERIOD, ...PERIOD],
    sql: `WITH stops AS (
  SELECT token, channel, seller, event_id, made_at, effective_at, expires_at
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND fact = 'suppression'
    AND reason IN ('CUSTOMER_REQUEST', 'OBJECTION')
), grants AS (
  SELECT token, channel, seller, made_at, effective_at
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND fact = 'consent'
    AND status = 'GRANTED'
), allowed AS (
  SELECT made_at, entry_index, decision_id, token, channel, seller, campaign_id
  FROM decision_subjects
  WHERE dt BETWEEN ? AND ?
    AND effect = 'ALLOW'
    AND purpose = 'MARKETING'
)
SELECT a.made_at, a.entry_index, a.decision_id, a.token, a.channel, a.seller, a.campaign_id, s.event_id AS opt_out_event, s.made_at AS opted_out_at
FROM allowed AS a
JOIN stops AS s
  ON s.token = a.token
  AND s.made_at < a.made_at
  AND (s.channel = 'ALL' OR s.channel = a.channel)
  AND (s.seller = '*' OR s.seller = a.seller)
  AND (s.expires_at IS NULL OR s.expires_at > a.made_at)
LEFT JOIN grants AS g
  ON g.token = a.token
  AND g.made_at < a.made_at
  AND g.effective_at > s.effective_at
  AND (g.channel = 'ALL' OR g.channel = a.channel)
  AND (g.seller = '*' OR g.seller = a.seller)
WHERE g.token IS NULL
ORDER BY a.entry_index, s.event_id`,
  },
  {
    name: 'parked-opt-outs',
    title: 'Opt-out events that could not be read whole',
    says: 'Each waits in the dead-letter queue for somebody; numbers that could be made out were suppressed none the less.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, event_id, cause, suppressed
FROM parked_opt_outs
WHERE dt BETWEEN ? AND ?
ORDER BY entry_index`,
  },
  {
    name: 'messages-in-doubt',
    title: 'Messages in doubt and how they ended',
    says: 'Each message that may have been an opt-out: when it came, and how its review ended, by whom and when; without an outcome it still waits, and blocks.',
    parameters: [...PERIOD, ...PERIOD],
    sql: `WITH reviews AS (
  SELECT review_id, outcome, recorded_by, done_at
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND fact = 'review'
)
SELECT f.made_at, f.entry_index, f.token, f.channel, f.source, f.review_id, r.outcome, r.recorded_by AS reviewed_by, r.done_at AS reviewed_at
FROM facts_recorded AS f
LEFT JOIN reviews AS r
  ON r.review_id = f.review_id
WHERE f.dt BETWEEN ? AND ?
  AND f.fact = 'suppression'
  AND f.reason = 'PROVISIONAL'
ORDER BY f.entry_index`,
  },
];
