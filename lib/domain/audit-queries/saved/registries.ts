import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const REGISTRY_QUERIES: readonly SavedQuery[] = [
  {
    name: 'registry-versions-in-use',
    title: 'Registry versions in use by day',
    says: 'Which version of each registry decisions asked, by day, and how many numbers were found on it.',
    parameters: PERIOD,
    sql: `SELECT dt AS log_day,
       registry,
       version_at,
       count(DISTINCT decision_id) AS decisions,
       count(DISTINCT CASE WHEN listed THEN decision_id END) AS found_listed
FROM decision_registries
WHERE dt BETWEEN ? AND ?
GROUP BY dt, registry, version_at
ORDER BY dt, registry, version_at`,
  },
  {
    name: 'stale-registry-decisions',
    title: 'Decisions by a registry version of more than 31 days',
    says: 'Decisions that asked a version older than the law permits for telemarketing (47 CFR 64.1200(c)(2)(i)(D)); those that allowed come first. Expected among allowed marketing calls: none.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, decision_id, effect, purpose, campaign_id, registry, version_at
FROM decision_registries
WHERE dt BETWEEN ? AND ?
  AND made_at > version_at + INTERVAL '31' DAY
ORDER BY effect, entry_index, registry`,
  },
  {
    name: 'registry-imports',
    title: 'Registry versions put into use',
    says: 'Each version that was imported: its date, when it was fetched and under which subscription, how many numbers it holds.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, registry, version_at, accessed_at, subscription_id, numbers, snapshot_sha256
FROM registry_versions
WHERE dt BETWEEN ? AND ?
ORDER BY entry_index`,
  },
];
