import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const DECISION_QUERIES: readonly SavedQuery[] = [
  {
    name: 'decisions-by-day',
    title: 'Decisions by day',
    says: 'How many contacts were asked about, allowed and blocked on each day of the log.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day,
       count(*) AS decisions,
       count(CASE WHEN effect = 'ALLOW' THEN 1 END) AS allowed,
       count(CASE WHEN effect = 'BLOCK' THEN 1 END) AS blocked
FROM decisions
WHERE dt BETWEEN ? AND ?
GROUP BY dt
ORDER BY dt`,
  },
  {
    name: 'blocked-by-reason-and-day',
    title: 'Blocked by reason and day',
    says: 'Each blocked decision once, under its dominant reason and the rule that gave it.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day, reason, rule_id, count(*) AS decisions
FROM decisions
WHERE dt BETWEEN ? AND ?
  AND effect = 'BLOCK'
GROUP BY dt, reason, rule_id
ORDER BY dt, decisions DESC, reason, rule_id`,
  },
  {
    name: 'decisions-by-campaign',
    title: 'Decisions by campaign',
    says: 'What came of each campaign, by channel. Decisions without a campaign stand in one row.',
    parameters: PERIOD,
    sql: `SELECT campaign_id,
       channel,
       count(*) AS decisions,
       count(CASE WHEN effect = 'ALLOW' THEN 1 END) AS allowed,
       count(CASE WHEN effect = 'BLOCK' THEN 1 END) AS blocked,
       min(made_at) AS first_at,
       max(made_at) AS last_at
FROM decisions
WHERE dt BETWEEN ? AND ?
GROUP BY campaign_id, channel
ORDER BY decisions DESC, campaign_id, channel`,
  },
  {
    name: 'rules-that-block',
    title: 'Rules that block',
    says: 'For each rule, the decisions that it was a reason of, and those that it was the dominant reason of.',
    parameters: PERIOD,
    sql: `SELECT rule_id,
       reason,
       count(DISTINCT decision_id) AS decisions,
       count(CASE WHEN place = 1 THEN 1 END) AS as_dominant
FROM decision_reasons
WHERE dt BETWEEN ? AND ?
  AND rule_id <> ''
GROUP BY rule_id, reason
ORDER BY decisions DESC, rule_id, reason`,
  },
  {
    name: 'blocked-by-the-system',
    title: 'Blocked by the system itself',
    says: 'Decisions that no rule blocked: unreadable input, another region, a store or a log that did not answer.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day, reason, client, count(*) AS decisions
FROM decisions
WHERE dt BETWEEN ? AND ?
  AND effect = 'BLOCK'
  AND rule_id = ''
GROUP BY dt, reason, client
ORDER BY dt, decisions DESC, reason, client`,
  },
  {
    name: 'decisions-by-policy',
    title: 'Decisions by policy',
    says: 'Which versions of the policy were in force, from the first decision under each to the last.',
    parameters: PERIOD,
    sql: `SELECT policy_name,
       policy_hash,
       min(made_at) AS first_at,
       max(made_at) AS last_at,
       count(*) AS decisions,
       count(CASE WHEN effect = 'ALLOW' THEN 1 END) AS allowed
FROM decisions
WHERE dt BETWEEN ? AND ?
GROUP BY policy_name, policy_hash
ORDER BY first_at, policy_hash`,
  },
  {
    name: 'blocked-by-time',
    title: 'Blocked by hour, weekday or holiday',
    says: 'Decisions whose dominant reason was the time, by campaign, with the earliest moment that was named instead.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day,
       campaign_id,
       reason,
       rule_id,
       count(*) AS decisions,
       min(next_allowed_at) AS earliest_next_at
FROM decisions
WHERE dt BETWEEN ? AND ?
  AND reason IN ('OUTSIDE_CALLING_HOURS', 'DAY_NOT_PERMITTED', 'PUBLIC_HOLIDAY')
GROUP BY dt, campaign_id, reason, rule_id
ORDER BY dt, decisions DESC, campaign_id, reason, rule_id`,
  },
  {
    name: 'allowed-outside-hours',
    title: 'Marketing allowed before 8 or from 21 on',
    says: 'Calls and texts that were allowed although a clock in one of the time zones of the number showed less than 8:00, or 21:00 or more (47 CFR 64.1200(c)(1)). Reckoned from the recorded zones alone, not from the rules; expected: none where that rule applies.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, decision_id, token, time_zone, local_time, channel, campaign_id, seller
FROM decision_local_times
WHERE dt BETWEEN ? AND ?
  AND effect = 'ALLOW'
  AND purpose = 'MARKETING'
  AND channel <> 'EMAIL'
  AND (extract(HOUR FROM local_time) < 8 OR extract(HOUR FROM local_time) >= 21)
ORDER BY entry_index, token, time_zone`,
  },
];
