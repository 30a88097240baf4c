/** What two SQL engines write differently where a view takes JSON apart. Arguments and results are SQL expressions. */
export type Dialect = {
  /** A text, a number or a boolean as text; null where there is none. */
  scalar(json: string, path: string): string;
  /** The moment of an ISO 8601 text, as a timestamp in UTC. */
  isoTime(text: string): string;
  /** The moment of so many milliseconds since 1970, as a timestamp in UTC. */
  epochTime(ms: string): string;
  /** What a clock in a time zone shows at the moment of an ISO 8601 text. */
  localTime(iso: string, zone: string): string;
  /** A FROM item with the columns `item` and `position`, one row for each item of a JSON array. */
  items(json: string, path: string, alias: string): string;
  /** A FROM item with the columns `map_key` and `map_value`, one row for each pair of a JSON object of whole numbers. */
  pairs(json: string, path: string, alias: string): string;
};

/** https://duckdb.org/docs/stable/data/json/json_functions, /sql/functions/timestamptz, /sql/query_syntax/unnest */
export const DUCKDB: Dialect = {
  scalar: (json, path) => `json_extract_string(${json}, '${path}')`,
  isoTime: (text) => `timezone('UTC', CAST(${text} AS TIMESTAMPTZ))`,
  epochTime: (ms) => `epoch_ms(CAST(${ms} AS BIGINT))`,
  localTime: (iso, zone) => `timezone(${zone}, CAST(${iso} AS TIMESTAMPTZ))`,
  items: (json, path, alias) =>
    `UNNEST(CAST(json_extract(${json}, '${path}') AS JSON[])) WITH ORDINALITY AS ${alias} (item, position)`,
  pairs: (json, path, alias) =>
    `LATERAL (SELECT pair.key AS map_key, pair.value AS map_value FROM UNNEST(map_entries(CAST(json_extract(${json}, '${path}') AS MAP(VARCHAR, BIGINT)))) AS pairs (pair)) AS ${alias}`,
};

/**
 * Athena engine version 3. https://trino.io/docs/current/functions/json.html, /functions/datetime.html, and
 * /sql/select.html#unnest. A timestamp without a zone is made of one in UTC, whatever the session's zone is.
 */
export const TRINO: Dialect = {
  scalar: (json, path) => `json_extract_scalar(${json}, '${path}')`,
  isoTime: (text) => `CAST(at_timezone(from_iso8601_timestamp(${text}), 'UTC') AS timestamp(3))`,
  epochTime: (ms) => `CAST(at_timezone(from_unixtime(CAST(${ms} AS double) / 1000), 'UTC') AS timestamp(3))`,
  localTime: (iso, zone) => `CAST(at_timezone(from_iso8601_timestamp(${iso}), ${zone}) AS timestamp(3))`,
  items: (json, path, alias) =>
    `UNNEST(CAST(json_extract(${json}, '${path}') AS array(json))) WITH ORDINALITY AS ${alias} (item, position)`,
  pairs: (json, path, alias) =>
    `UNNEST(CAST(json_extract(${json}, '${path}') AS map(varchar, bigint))) AS ${alias} (map_key, map_value)`,
};
