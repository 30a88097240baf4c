import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import * as z from 'zod';
import { LogDatabase, type Table } from '../../lib/adapters/duckdb/log-database.ts';
import { downloadEntries, type LogDays } from '../../lib/adapters/s3/download-entries.ts';
import { mayNameAPerson } from '../../lib/domain/audit-queries/clear-contact.ts';
import { SAVED_QUERIES } from '../../lib/domain/audit-queries/saved-queries.ts';
import type { ParameterName, SavedQuery } from '../../lib/domain/audit-queries/saved-query.ts';
import { isToken } from '../../lib/domain/contact-point/token.ts';
import { Since } from './audit-bucket.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { tokenFor } from './contact-point.ts';
import { print } from './output.ts';
import { tableCsv, tableLines, tableObjects } from './table.ts';

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const ZonedTime = z.union(
  [z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })],
  'expected a time with its zone, such as 2026-11-20T14:31-05:00',
);

const Options = z.object({
  saved: z.string().optional(),
  list: z.boolean().default(false),
  since: Since.transform(dayOf).default('1970-01-01'),
  until: z.iso.date('expected a day such as 2026-11-30').default('9999-12-31'),
  number: z.string().optional(),
  region: z.string().optional(),
  at: ZonedTime.optional(),
  csv: z.boolean().default(false),
  expectNone: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** More of the log than this is for Athena. */
const MOST_BYTES = 2_000_000_000;

/** `dialguard audit query`: asks the log in SQL, on this machine. */
export function addAuditQuery(audit: Command): void {
  audit
    .command('query')
    .description('ask the log in SQL: a SELECT over its views, or a saved query; docs/queries.md has both')
    .argument('[sql]', 'one SELECT; each ? in it stands for the token of --number')
    .option('--saved <name>', 'a saved query')
    .option('--list', 'what is saved')
    .option('--since <date>', 'entries logged from this day on (UTC), or of the last 30d, 12h ...')
    .option('--until <day>', 'entries logged until this day (UTC), itself included')
    .option('--number <contact>', 'the number or the address that is asked about, or its token')
    .option('--region <country>', 'country of a number that is written without one')
    .option('--at <time>', 'the moment that is asked about, with its zone; now unless told')
    .option('--csv', 'print CSV for spreadsheets')
    .option('--expect-none', 'exit code 1 if there are rows, for queries that should find nothing')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard audit query --list\n' +
        '  $ npx dialguard audit query --saved blocked-by-reason-and-day --since 30d\n' +
        '  $ npx dialguard audit query --saved decisions-around-a-moment --number +12125550123 --at 2026-11-20T14:31-05:00\n' +
        '  $ npx dialguard audit query "SELECT kind, count(*) FROM entries GROUP BY kind"',
    )
    .action(async (sql: string | undefined, _options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const { json } = globalOptions(command);
      if (options.list) return print(json, SAVED_QUERIES, listed);
      const query = queryOf(sql, options);
      const table = await asked(await connect(command), query, options);
      if (options.csv) process.stdout.write(tableCsv(table));
      else print(json, tableObjects(table), () => [...tableLines(table), '', counted(table)]);
      if (options.expectNone && table.rows.length > 0) process.exitCode = 1;
    });
}

function listed(): readonly string[] {
  const width = Math.max(...SAVED_QUERIES.map(({ name }) => name.length));
  return SAVED_QUERIES.map(({ name, title, parameters }) => {
    const needs = parameters.includes('token') ? ' (--number)' : '';
    return `${name.padEnd(width)}  ${title}${needs}`;
  });
}

function counted({ rows }: Table): string {
  return rows.length === 1 ? '1 row' : `${rows.length} rows`;
}

/** What is asked: SQL, and what each ? of it stands for. */
type Query = Pick<SavedQuery, 'sql' | 'parameters'>;

function queryOf(sql: string | undefined, { saved, number }: Options): Query {
  if ((sql === undefined) === (saved === undefined)) {
    throw new Error('Say what to ask: a SELECT, or --saved <name>. --list shows what is saved.');
  }
  const query = saved === undefined ? ownQuery(sql ?? '') : savedQuery(saved);
  const aboutOne = query.parameters.includes('token');
  if (aboutOne && number === undefined) {
    throw new Error('The query is about one number or address: name it with --number.');
  }
  if (!aboutOne && number !== undefined) throw new Error('The query has no ? for the --number.');
  return query;
}

function savedQuery(name: string): SavedQuery {
  const query = SAVED_QUERIES.find((one) => one.name === name);
  if (query === undefined) throw new Error(`No query is saved as ${name}. --list shows what is.`);
  return query;
}

function ownQuery(sql: string): Query {
  if (mayNameAPerson(sql)) {
    throw new Error(
      'The query may hold a number or an address. The log has tokens alone: write ? in its place, and name it with --number.',
    );
  }
  const places = sql.replaceAll(/'[^']*'/g, '').match(/\?/g) ?? [];
  return { sql, parameters: places.map(() => 'token' as const) };
}

async function asked(connection: Connection, { sql, parameters }: Query, options: Options): Promise<Table> {
  const { number, region, at, since, until } = options;
  const values: Record<ParameterName, string> = {
    since,
    until,
    token: number === undefined ? '' : await tokenOfContact(connection, number, region),
    moment: new Date(at ?? Date.now()).toISOString().replace('T', ' ').slice(0, 23),
  };
  return await inFolder(async (folder) => {
    const database = await LogDatabase.open(folder, await fetched(connection, folder, { since, until }));
    try {
      return await database.query(
        sql,
        parameters.map((parameter) => values[parameter]),
      );
    } finally {
      database.close();
    }
  });
}

/** The token that a number or an address is known by; a token is one already. */
async function tokenOfContact(
  connection: Connection,
  contact: string,
  region: string | undefined,
): Promise<string> {
  return isToken(contact) ? contact : await tokenFor(connection, contact, region);
}

/** Fetches the days' objects, with a bar on standard error; nothing where nobody watches. */
async function fetched({ aws, endpoints }: Connection, folder: string, days: LogDays): Promise<number> {
  const bar = new SingleBar({ format: ' {value} of {total} objects of the log' }, Presets.shades_classic);
  bar.start(0, 0);
  try {
    return await downloadEntries(new S3Client(aws), {
      bucket: endpoints.buckets.audit,
      days,
      folder,
      maxBytes: MOST_BYTES,
      onObject: (done, all) => {
        bar.setTotal(all);
        bar.update(done);
      },
    });
  } finally {
    bar.stop();
  }
}

/** Runs with a folder that only this user can read, and that is gone afterwards, after Ctrl-C too. */
async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dialguard-query-'));
  const leave = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    leave();
    process.exit(130);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    return await run(folder);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    leave();
  }
}
