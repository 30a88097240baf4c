import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const INCIDENT_QUERIES: readonly SavedQuery[] = [
  {
    name: 'incidents',
    title: 'Personal data breaches, step by step',
    says: 'Each step of each personal data breach: who said so and when, how long after it was known, and what authorities were told. Expected: two people for PREPARED and RELEASED of one incident.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, incident_id, reference, event, state, acted_by, known_at, risk, template,
  affected_sha256, clock, authority, notified_at, delay_reason, ground
FROM incidents
WHERE dt BETWEEN ? AND ?
ORDER BY incident_id, made_at`,
  },
  {
    name: 'notice-texts',
    title: 'Texts of notices, and who approved them',
    says: 'Each version of a text by its hash: who wrote it and who said yes to it, within the same days. Expected: two different people; none where nobody has approved it.',
    parameters: [...PERIOD, ...PERIOD],
    sql: `WITH approvals AS (
  SELECT sha256, acted_by, made_at
  FROM notice_templates
  WHERE dt BETWEEN ? AND ? AND event = 'APPROVED'
)
SELECT w.made_at, w.template, w.language, w.channel, w.template_version, w.sha256, w.acted_by AS written_by,
  a.acted_by AS approved_by, a.made_at AS approved_at
FROM notice_templates AS w
LEFT JOIN approvals AS a
  ON a.sha256 = w.sha256
WHERE w.dt BETWEEN ? AND ? AND w.event = 'WRITTEN'
ORDER BY w.template, w.channel, w.language, w.template_version`,
  },
];
