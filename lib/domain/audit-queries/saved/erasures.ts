import { PERIOD, type SavedQuery } from '../saved-query.ts';

export const ERASURE_QUERIES: readonly SavedQuery[] = [
  {
    name: 'erasures',
    title: 'Erasures',
    says: 'Each number or address that was erased: when, why, for which request, and whether an opt-out stays. An answer to GDPR Art 5(2): that it was done.',
    parameters: PERIOD,
    sql: `SELECT made_at, entry_index, token, reason, erased_by, case_id, erased_at, data_key_destroyed, suppressions_kept
FROM erasures
WHERE dt BETWEEN ? AND ?
ORDER BY entry_index`,
  },
];
