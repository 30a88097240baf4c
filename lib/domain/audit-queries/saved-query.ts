/**
 * What a `?` of a saved query stands for: the first and the last day of the log that count (2026-11-20), the token of a
 * number or an address (p1....), a moment in UTC (2026-11-20 14:31:00).
 */
export type ParameterName = 'since' | 'until' | 'token' | 'moment';

/** A question that officers ask again and again, in SQL that DuckDB and Athena both run. */
export type SavedQuery = {
  readonly name: string;
  readonly title: string;
  /** What its rows are, and what to make of them. */
  readonly says: string;
  /** What each `?` stands for, in their order; all are texts. */
  readonly parameters: readonly ParameterName[];
  readonly sql: string;
};

/** The days that most queries are asked about. */
export const PERIOD: readonly ParameterName[] = ['since', 'until'];
