import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cell, LogDatabase } from '../../lib/adapters/duckdb/log-database.ts';
import { SAVED_QUERIES } from '../../lib/domain/audit-queries/saved-queries.ts';
import type { ParameterName } from '../../lib/domain/audit-queries/saved-query.ts';
import { token } from './entries.ts';
import { type QueryLog, writeLog } from './log-files.ts';
import { LOG } from './query-log.ts';

export type Row = Readonly<Record<string, Cell>>;
export type QueryDatabase = {
  readonly folder: string;
  readonly database: LogDatabase;
  /** What a saved query finds on the three days, or with other values. */
  saved(name: string, values?: Partial<Record<ParameterName, string>>): Promise<readonly Row[]>;
  close(): void;
};

const VALUES: Record<ParameterName, string> = {
  since: '2026-11-18',
  until: '2026-11-20',
  token: token(18),
  moment: '2026-11-20 14:31:00',
};

/** The views over a log in a folder of its own. */
export async function openQueryDatabase(log: QueryLog = LOG): Promise<QueryDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'dialguard-query-'));
  writeLog(folder, log);
  const database = await LogDatabase.open(folder, log.objects.size);
  return {
    folder,
    database,
    saved: async (name, values = {}) => {
      const query = SAVED_QUERIES.find((one) => one.name === name);
      if (query === undefined) throw new Error(`No saved query ${name}.`);
      const given = { ...VALUES, ...values };
      const { columns, rows } = await database.query(
        query.sql,
        query.parameters.map((parameter) => given[parameter]),
      );
      return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
    },
    close: () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}
