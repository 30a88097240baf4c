import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const CONSENT_QUERIES: readonly SavedQuery[] = [
  {
    name: 'consents-expiring',
    title: 'Consents that lapse within 30 days',
    says: 'Consents that nothing newer replaced and that end by themselves within 30 days of a moment. Those recorded before the first day are not seen.',
    parameters: [...PERIOD, 'moment'],
    sql: `WITH consents AS (
  SELECT token, channel, purpose, seller, status, effective_at, expires_at, proof_text, entry_index,
         row_number() OVER (
           PARTITION BY token, channel, purpose, seller
           ORDER BY effective_at DESC, CASE WHEN status = 'GRANTED' THEN 1 ELSE 0 END, entry_index DESC
         ) AS newest
  FROM facts_recorded
  WHERE dt BETWEEN ? AND ?
    AND fact = 'consent'
), asked AS (
  SELECT CAST(? AS timestamp) AS moment
)
SELECT c.token, c.channel, c.purpose, c.seller, c.effective_at, c.expires_at, c.proof_text, c.entry_index
FROM consents AS c
CROSS JOIN asked AS a
WHERE c.newest = 1
  AND c.status = 'GRANTED'
  AND c.expires_at >= a.moment
  AND c.expires_at < a.moment + INTERVAL '30' DAY
ORDER BY c.expires_at, c.entry_index`,
  },
  {
    name: 'consents-used',
    title: 'Consents and the contacts allowed since',
    says: 'Each consent that was recorded, with how many contacts over its channel were allowed after it.',
    parameters: [...PERIOD, ...PERIOD],
    sql: `WITH allowed AS (
  SELECT token, channel, made_at
  FROM decision_subjects
  WHERE dt BETWEEN ? AND ?
    AND effect = 'ALLOW'
)
SELECT f.entry_index, f.made_at, f.token, f.channel, f.purpose, f.seller, f.source, f.proof_text, count(a.token) AS contacts_since
FROM facts_recorded AS f
LEFT JOIN allowed AS a
  ON a.token = f.token
  AND a.made_at > f.made_at
  AND (f.channel = 'ALL' OR f.channel = a.channel)
WHERE f.dt BETWEEN ? AND ?
  AND f.fact = 'consent'
  AND f.status = 'GRANTED'
GROUP BY f.entry_index, f.made_at, f.token, f.channel, f.purpose, f.seller, f.source, f.proof_text
ORDER BY f.entry_index`,
  },
];
