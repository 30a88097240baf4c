import { describe, expect, it } from 'vitest';
import { DUCKDB, TRINO } from '../../../../lib/domain/audit-queries/dialect.ts';
import { SAVED_QUERIES } from '../../../../lib/domain/audit-queries/saved-queries.ts';
import { columnsOf } from '../../../../lib/domain/audit-queries/view.ts';
import { viewSql } from '../../../../lib/domain/audit-queries/view-sql.ts';
import { VIEWS } from '../../../../lib/domain/audit-queries/views.ts';

const TRINO_DOCS = 'https://trino.io/docs/current/functions';
const DUCKDB_DOCS = 'https://duckdb.org/docs/stable/sql/functions';

/** Functions that saved queries may use: each means the same in both engines, by their own documents. */
const COMMON: Readonly<Record<string, readonly [trino: string, duckdb: string]>> = {
  abs: [`${TRINO_DOCS}/math.html#abs`, `${DUCKDB_DOCS}/numeric#absx`],
  avg: [`${TRINO_DOCS}/aggregate.html#avg`, `${DUCKDB_DOCS}/aggregates#avgarg`],
  cast: [`${TRINO_DOCS}/conversion.html#cast`, 'https://duckdb.org/docs/stable/sql/expressions/cast'],
  coalesce: [`${TRINO_DOCS}/conditional.html#coalesce`, `${DUCKDB_DOCS}/utility#coalesceexpr-`],
  count: [`${TRINO_DOCS}/aggregate.html#count`, `${DUCKDB_DOCS}/aggregates#countarg`],
  // Trino counts complete units, DuckDB boundaries: the same only for the unit that both store.
  date_diff: [
    `${TRINO_DOCS}/datetime.html#date_diff`,
    `${DUCKDB_DOCS}/timestamp#date_diffpart-startdate-enddate`,
  ],
  extract: [`${TRINO_DOCS}/datetime.html#extract`, `${DUCKDB_DOCS}/datepart#extractpart-from-date`],
  max: [`${TRINO_DOCS}/aggregate.html#max`, `${DUCKDB_DOCS}/aggregates#maxarg`],
  min: [`${TRINO_DOCS}/aggregate.html#min`, `${DUCKDB_DOCS}/aggregates#minarg`],
  round: [`${TRINO_DOCS}/math.html#round`, `${DUCKDB_DOCS}/numeric#roundv-numeric-s-integer`],
  row_number: [
    `${TRINO_DOCS}/window.html#row_number`,
    `${DUCKDB_DOCS}/window_functions#row_numberorder-by-ordering`,
  ],
  sum: [`${TRINO_DOCS}/aggregate.html#sum`, `${DUCKDB_DOCS}/aggregates#sumarg`],
};

/** What may stand before a bracket besides. */
const WORDS = ['and', 'as', 'over', 'in'];

/** Words that neither engine takes for a name: https://trino.io/docs/current/language/reserved.html, duckdb_keywords(). */
const RESERVED =
  'all alter analyse analyze and any array as asc asymmetric between both by case cast check collate column constraint create cross cube current_catalog current_date current_path current_role current_schema current_time current_timestamp current_user deallocate default deferrable delete desc describe distinct do drop else end escape except execute exists extract false fetch for foreign from full group grouping having in initially inner insert intersect into is join json_array json_exists json_object json_query json_table json_value lambda lateral leading left like limit listagg localtime localtimestamp natural normalize not null offset on only or order outer pivot placing prepare primary qualify recursive references returning right rollup select session_user show skip some summarize symmetric table then to trailing trim true uescape union unique unnest unpivot user using values variadic when where window with';

/** Texts and their contents are no SQL. */
const bare = (sql: string): string => sql.replaceAll(/'[^']*'/g, "''").toLowerCase();
const called = (sql: string): string[] =>
  [...bare(sql).matchAll(/\b([a-z_0-9]+) ?\(/g)].map(([, name = '']) => name);

describe.each(SAVED_QUERIES)('the SQL of $name', ({ sql, parameters, title, says, name }) => {
  it('calls functions that both engines have', () => {
    const others = called(sql).filter((word) => !(word in COMMON) && !WORDS.includes(word));
    // A common table expression is named before its bracket: `stops AS (`.
    expect(others).toEqual([]);
  });

  it('writes what both engines read alike', () => {
    // No cast by colons, no list, no regular expression, no name in quotes, no comment, no second statement.
    expect(bare(sql)).not.toMatch(/::|[[\]"`~;{}]|--|\/\*/);
    // Trino divides whole numbers to whole numbers, DuckDB does not.
    expect(bare(sql)).not.toMatch(/[/%]/);
    expect(bare(sql)).not.toMatch(
      /\b(?:ilike|qualify|exclude|pivot|using|glob|similar|offset|fetch|from_iso8601_timestamp)\b/,
    );
    for (const [, unit] of sql.matchAll(/date_diff\('(\w+)'/g)) expect(unit).toBe('millisecond');
    for (const [interval] of sql.matchAll(/INTERVAL.*/g)) expect(interval).toMatch(/^INTERVAL '\d+' DAY/);
    for (const [, type] of sql.matchAll(/CAST\([^()]* AS (\w+)\)/g)) expect(type).toBe('timestamp');
  });

  it('reads views alone, each by its partition', () => {
    const within = [...sql.matchAll(/(?:WITH |\), )(\w+) AS \(/g)].map(([, one]) => one);
    const read = [...sql.matchAll(/\b(?:FROM|JOIN) (\w+)/g)]
      .map(([, one]) => one)
      .filter((one) => one !== 'local_time');
    expect(read.length).toBeGreaterThan(0);
    for (const one of read) expect([...within, ...VIEWS.map((view) => view.name)]).toContain(one);
    const views = read.filter((one) => !within.includes(one));
    const pruned =
      [...sql.matchAll(/\bdt BETWEEN \? AND \?/g)].length +
      [...sql.matchAll(/\bON \w\.dt = \w\.dt AND/g)].length;
    expect(pruned).toBe(views.length);
  });

  it('says what each ? stands for, and what it is for', () => {
    expect([...bare(sql).matchAll(/\?/g)]).toHaveLength(parameters.length);
    expect(parameters.slice(0, 2)).toEqual(['since', 'until']);
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].{5,60}[^.]$/);
    expect(says).toMatch(/^[A-Z].{30,}\.$/s);
  });
});

describe('the list of functions', () => {
  it.each(Object.entries(COMMON))('%s is used, and has a page in both documents', (name, [trino, duckdb]) => {
    expect(SAVED_QUERIES.some(({ sql }) => called(sql).includes(name))).toBe(true);
    expect(trino).toMatch(/^https:\/\/trino\.io\/docs\//);
    expect(duckdb).toMatch(/^https:\/\/duckdb\.org\/docs\//);
  });
});

describe.each(VIEWS)('the view $name', (view) => {
  it('has names that neither engine reserves, each once', () => {
    const names = columnsOf(view).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [view.name, ...names]) {
      expect(name).toMatch(/^[a-z][a-z_0-9]*$/);
      expect(RESERVED.split(' ')).not.toContain(name);
    }
  });

  it('is the same in both engines but for how JSON and times are written', () => {
    const shape = (sql: string): string[] =>
      [...(sql.split('\nFROM')[0] ?? '').matchAll(/ AS (\w+),?$/gm)].map(([, name = '']) => name);
    expect(shape(viewSql(view, TRINO))).toEqual(shape(viewSql(view, DUCKDB)));
    const paths = (sql: string): string[] => [...sql.matchAll(/'\$[^']*'/g)].map(([path]) => path).sort();
    expect(paths(viewSql(view, TRINO))).toEqual(paths(viewSql(view, DUCKDB)));
  });

  it('calls on Athena what Trino has', () => {
    // https://trino.io/docs/current/functions/json.html, datetime.html, conversion.html; sql/select.html#unnest
    const known = [
      'json_extract',
      'json_extract_scalar',
      'from_iso8601_timestamp',
      'from_unixtime',
      'at_timezone',
    ];
    const besides = ['cast', 'unnest', 'timestamp', 'array', 'map', 'i', 'n', 'm'];
    expect(called(viewSql(view, TRINO)).filter((name) => ![...known, ...besides].includes(name))).toEqual([]);
  });
});

describe('the SQL of a view on Athena', () => {
  it('takes a line apart', () => {
    const view = VIEWS.find(({ name }) => name === 'decision_reasons');
    expect(view && viewSql(view, TRINO)).toBe(
      `SELECT l.dt,
       l.hh,
       CAST(json_extract_scalar(l.line, '$.index') AS bigint) AS entry_index,
       CAST(at_timezone(from_iso8601_timestamp(json_extract_scalar(l.line, '$.at')), 'UTC') AS timestamp(3)) AS made_at,
       json_extract_scalar(l.line, '$.decisionId') AS decision_id,
       json_extract_scalar(l.line, '$.effect') AS effect,
       json_extract_scalar(l.line, '$.contact.channel') AS channel,
       json_extract_scalar(l.line, '$.contact.purpose') AS purpose,
       json_extract_scalar(l.line, '$.contact.seller') AS seller,
       json_extract_scalar(l.line, '$.contact.campaignId') AS campaign_id,
       i.position AS place,
       json_extract_scalar(i.item, '$.code') AS reason,
       json_extract_scalar(i.item, '$.ruleId') AS rule_id
FROM log_lines AS l
CROSS JOIN UNNEST(CAST(json_extract(l.line, '$.reasons') AS array(json))) WITH ORDINALITY AS i (item, position)
WHERE json_extract_scalar(l.line, '$.kind') = 'decision'`,
    );
  });
});
