import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogDatabase } from '../../../../lib/adapters/duckdb/log-database.ts';
import { columnsOf } from '../../../../lib/domain/audit-queries/view.ts';
import { VIEWS } from '../../../../lib/domain/audit-queries/views.ts';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import { token } from '../../../support/entries.ts';
import { openQueryDatabase, type QueryDatabase } from '../../../support/query-database.ts';
import { LOG } from '../../../support/query-log.ts';

let open: QueryDatabase;
const outside = mkdtempSync(join(tmpdir(), 'dialguard-outside-'));
beforeAll(async () => {
  open = await openQueryDatabase();
  writeFileSync(join(outside, 'secret.json'), '{"secret":1}\n');
});
afterAll(() => {
  open.close();
  rmSync(outside, { recursive: true });
});

describe('the views', () => {
  it.each(VIEWS)('$name has the columns that it is said to have, with their types', async (view) => {
    const { columns, rows } = await open.database.query(`DESCRIBE ${view.name}`);
    const cell = (row: readonly unknown[], name: string) => String(row[columns.indexOf(name)]).toLowerCase();
    expect(rows.map((row) => ({ name: cell(row, 'column_name'), type: cell(row, 'column_type') }))).toEqual(
      columnsOf(view),
    );
  });

  it('hold every line, whole, in its partition', async () => {
    const { rows } = await open.database.query(
      "SELECT e.entry_index, e.id, e.kind, e.dt, e.hh, CAST(l.line AS VARCHAR) FROM entries AS e JOIN log_lines AS l ON CAST(json_extract(l.line, '$.index') AS bigint) = e.entry_index ORDER BY 1",
    );
    expect(rows).toEqual(
      LOG.placed.map(({ entry, index, dt, hh }) => [
        index,
        entry.id,
        entry.kind,
        dt,
        hh,
        canonicalJson({ ...entry, index }),
      ]),
    );
  });

  it('are there, and empty, where the log is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialguard-empty-'));
    const database = await LogDatabase.open(folder, 0);
    for (const { name } of VIEWS) expect((await database.query(`SELECT * FROM ${name}`)).rows).toEqual([]);
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('say that a line is no JSON rather than leave it out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialguard-broken-'));
    mkdirSync(join(folder, 'entries/dt=2026-11-20/hh=15'), { recursive: true });
    writeFileSync(join(folder, 'entries/dt=2026-11-20/hh=15/000000000000.ndjson.gz'), 'not gzip');
    const database = await LogDatabase.open(folder, 1).catch((error: unknown) => String(error));
    const failed =
      typeof database === 'string' ? database : await database.query('SELECT * FROM entries').catch(String);
    expect(failed).toMatch(/gzip|GZIP/);
    rmSync(folder, { recursive: true });
  });
});

describe('a query', () => {
  const ask = (sql: string, values?: readonly string[]) => open.database.query(sql, values);

  it('binds its values as texts, which are no SQL', async () => {
    const { columns, rows } = await ask('SELECT count(*) AS n FROM subjects WHERE token = ?', [token(9)]);
    expect({ columns, rows }).toEqual({ columns: ['n'], rows: [[3]] });
    expect((await ask('SELECT count(*) FROM subjects WHERE token = ?', ["x' OR '1' = '1"])).rows).toEqual([
      [0],
    ]);
  });

  it('answers times as ISO 8601, whole numbers as numbers', async () => {
    const { rows } = await ask(
      "SELECT TIMESTAMP '2026-11-20 15:00:00.123', CAST(7 AS bigint), 1.5, true, NULL, CAST('9223372036854775807' AS bigint), CAST('2026-11-20' AS date), sum(2)",
    );
    expect(rows).toEqual([
      ['2026-11-20T15:00:00.123Z', 7, '1.5', true, null, '9223372036854775807', '2026-11-20', 2],
    ]);
  });

  it.each([
    ['COPY (SELECT 1) TO ?', 'x'],
    ['CREATE TABLE t AS SELECT 1'],
    ['DROP VIEW entries'],
    ["ATTACH ':memory:' AS other"],
    ["SET memory_limit = '8GB'"],
    ['INSTALL httpfs'],
    ['EXPLAIN ANALYZE SELECT 1'],
    ['CALL pragma_version()'],
    ['SELECT 1; SELECT 2'],
    [''],
  ])('other than one SELECT is refused: %s', async (sql, ...values) => {
    await expect(ask(sql, values)).rejects.toThrow(/SELECT|multiple|statement/i);
  });

  it.each([
    `SELECT * FROM read_text('${outside}/secret.json')`,
    `SELECT * FROM '${outside}/secret.json'`,
    `SELECT * FROM read_json('${outside}/*')`,
    "SELECT * FROM read_csv('https://example.com/a.csv')",
    "SELECT * FROM glob('/etc/*')",
    `SELECT * FROM query('SELECT * FROM read_text(''${outside}/secret.json'')')`,
  ])('reads nothing but the log: %s', async (sql) => {
    await expect(ask(sql)).rejects.toThrow(/disabled by configuration|Permission|not.*(?:found|exist)/i);
  });

  it('runs under limits that it cannot lift', async () => {
    const { rows } = await ask(
      "SELECT name, value FROM duckdb_settings() WHERE name IN ('enable_external_access', 'lock_configuration', 'memory_limit', 'autoload_known_extensions') ORDER BY name",
    );
    expect(rows).toEqual([
      ['autoload_known_extensions', 'false'],
      ['enable_external_access', 'false'],
      ['lock_configuration', 'true'],
      ['memory_limit', '953.6 MiB'],
    ]);
  });

  it.each([
    { sql: 'SELECT ? , ?', values: ['a'], said: /the query has 2 "\?", got 1/ },
    { sql: 'SELECT 1', values: ['a'], said: /the query has 0 "\?", got 1/ },
    { sql: 'SELECT nothing FROM entries', values: [], said: /nothing.*not found/s },
    { sql: 'SELEC 1', values: [], said: /syntax error/ },
    { sql: 'SELECT * FROM range(200001)', values: [], said: /more than 200000 rows/ },
    { sql: "SELECT CAST('x' AS bigint)", values: [], said: /Could not convert/ },
  ])('that cannot be answered says why: $sql', async ({ sql, values, said }) => {
    await expect(ask(sql, values)).rejects.toThrow(said);
  });

  it('may have 200,000 rows', async () => {
    expect((await ask('SELECT * FROM range(200000)')).rows).toHaveLength(200_000);
  });

  it('leaves nothing in the folder but the log', () => {
    expect(existsSync(join(open.folder, 'x'))).toBe(false);
  });
});
