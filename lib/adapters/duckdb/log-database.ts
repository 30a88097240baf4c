import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api';
import { DUCKDB } from '../../domain/audit-queries/dialect.ts';
import { LOG_LINES } from '../../domain/audit-queries/view.ts';
import { viewSql } from '../../domain/audit-queries/view-sql.ts';
import { VIEWS } from '../../domain/audit-queries/views.ts';
import { ComplianceError } from '../../domain/errors.ts';

export type Cell = string | number | boolean | null;
export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] };

/** More rows than this are a report that nobody reads, and memory that somebody else needs. */
const MAX_ROWS = 200_000;

/**
 * The views of the log over a folder of downloaded entries objects. What is asked can read that folder and nothing else:
 * no other file, no network, no extension, no setting; and nothing but a SELECT is run.
 * https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
 */
export class LogDatabase {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  /** Opens `folder/entries`, laid out as in the log, which holds `objects` objects. What memory cannot hold spills into the folder. */
  static async open(folder: string, objects: number): Promise<LogDatabase> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: '1GB',
      threads: '2',
      temp_directory: join(folder, 'spill'),
      max_temp_directory_size: '4GB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(
      [
        "SET TimeZone = 'UTC'",
        `SET allowed_directories = [${quoted(`${folder}/`)}]`,
        'SET enable_external_access = false',
        'SET lock_configuration = true',
        `CREATE VIEW ${LOG_LINES} AS ${linesOf(folder, objects)}`,
        ...VIEWS.map((view) => `CREATE VIEW ${view.name} AS ${viewSql(view, DUCKDB)}`),
      ].join(';\n'),
    );
    return new LogDatabase(instance, connection);
  }

  /**
   * The answer to one SELECT, each `?` of it bound to a text; times as ISO 8601 UTC.
   *
   * @throws ComplianceError QUERY_REFUSED if it is none, if its `?` are not as many as `values`, or if it has over 200,000
   *   rows; QUERY_FAILED with DuckDB's words.
   */
  async query(sql: string, values: readonly string[] = []): Promise<Table> {
    const statement = await saying(() => this.#connection.prepare(sql));
    try {
      return await answerOf(statement, values);
    } finally {
      statement.destroySync();
    }
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

async function answerOf(statement: DuckDBPreparedStatement, values: readonly string[]): Promise<Table> {
  if (statement.statementType !== StatementType.SELECT)
    throw refused('expected a SELECT, got another statement');
  if (statement.parameterCount !== values.length) {
    throw refused(`the query has ${statement.parameterCount} "?", got ${values.length} values for them`);
  }
  for (const [position, value] of values.entries()) statement.bindVarchar(position + 1, value);
  const read = await saying(() => statement.streamAndReadUntil(MAX_ROWS + 1));
  if (read.currentRowCount > MAX_ROWS) {
    throw refused(`the answer has more than ${MAX_ROWS} rows: group them, or add a LIMIT`);
  }
  return { columns: read.deduplicatedColumnNames(), rows: read.getRows().map((row) => row.map(cellOf)) };
}

function linesOf(folder: string, objects: number): string {
  // A pattern that matches no file is an error.
  if (objects === 0) return 'SELECT CAST(NULL AS JSON) AS line, NULL AS dt, NULL AS hh WHERE false';
  const pattern = quoted(join(folder, 'entries', 'dt=*', 'hh=*', '*.ndjson.gz'));
  return `SELECT json AS line, dt, hh FROM read_ndjson_objects(${pattern}, compression = 'gzip',
    hive_partitioning = true, hive_types = {'dt': VARCHAR, 'hh': VARCHAR})`;
}

function cellOf(value: DuckDBValue): Cell {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'number'
  ) {
    return value;
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return new Date(Number(value.micros / 1000n)).toISOString();
  }
  return String(value);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function saying<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new ComplianceError({
      code: 'QUERY_FAILED',
      message: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

function refused(message: string): ComplianceError {
  return new ComplianceError({ code: 'QUERY_REFUSED', message });
}
