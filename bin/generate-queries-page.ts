import { writeFile } from 'node:fs/promises';
import { SAVED_QUERY_GROUPS } from '../lib/domain/audit-queries/saved-queries.ts';
import type { ParameterName, SavedQuery } from '../lib/domain/audit-queries/saved-query.ts';
import { columnsOf, type View } from '../lib/domain/audit-queries/view.ts';
import { VIEWS } from '../lib/domain/audit-queries/views.ts';

// Writes docs/queries.md from the views and the saved queries. Run with `npm run generate:queries-page` when one changes.

const TARGET = new URL('../docs/queries.md', import.meta.url);

const HEAD = `# Asking the log

Generated from the views and the saved queries by bin/generate-queries-page.ts: do not edit.

The audit log can be asked in SQL: on one machine with DuckDB, on AWS with Athena. The views below are the same in both, and a
saved query is the same text in both.

## On one machine

\`\`\`sh
npx dialguard audit query --list
npx dialguard audit query --saved blocked-by-reason-and-day --since 30d
npx dialguard audit query --saved decisions-around-a-moment --number +12125550123 --at 2026-11-20T14:31-05:00
npx dialguard audit query "SELECT kind, count(*) AS entries FROM entries GROUP BY kind"
npx dialguard --stage prod audit query --saved allowed-after-opt-out --since 2026-10-01 --until 2026-12-31 --expect-none
\`\`\`

- \`--since\` and \`--until\` are days of the log, UTC: an entry counts on the day on which it was logged, as a rule within a minute of
  its making. So each entry belongs to one day, and the answer about days that are over stays the same. Only the objects of
  these days are fetched; without them the whole log is, up to 2 GB, compressed. More than that is for Athena.
- **Nobody is named in clear.** The log has tokens alone. A query that holds what could be a number or an address is refused;
  write \`?\` in its place and give \`--number\`, which is turned into its token before anything is asked. A token will do as well.
- \`--csv\` is for spreadsheets (no text in it is run as a formula), \`--json\` for programs. \`--expect-none\` exits with 1 if there are
  rows, for a schedule that watches queries which should find nothing. Any error is exit code 1 and a sentence.
- The objects lie in a temporary folder that only you can read and that is removed at the end. What is asked can read this
  folder and nothing else, no network, in 1 GB of memory; one SELECT is run and nothing that changes or writes anything. An answer
  has 200,000 rows at the most.

## On AWS

The stack \`queries\` has a Glue database \`dialguard_<stage>_<residency>\`, the work group \`dialguard-<stage>-<residency>\` with
every saved query, and the auditor's role. Days and hours are reckoned from the layout of the log, never listed or crawled. A query
that would read more than 100 GiB is ended: name days in \`dt\`, or the whole log is read. Results are encrypted, written by Athena alone,
and deleted after seven days.

A saved query asks for its parameters: each \`?\` in their order, as texts in quotes (\`'2026-11-01'\`). A moment is UTC, as
\`'2026-11-20 14:31:00'\`. The token of a number comes from \`npx dialguard --stage prod audit token +12125550123\`, by somebody who may
read the pepper: an auditor may not.

**The auditor** (\`AuditorRoleArn\`) is a role for IAM users under the path of the setting \`auditorPath\`, who must have signed in with MFA:
\`aws sts assume-role --role-arn ... --role-session-name audit --serial-number ... --token-code ...\`. It reads every version of the
log with its lock, the log's public key and the bucket's policy, and runs queries; it reads no table, secret or list, and its
boundary keeps it so. People of an identity provider get a permission set with the same policy instead, since a session of
IAM Identity Center does not say how it was authenticated.

## What an answer is worth

Queries read what lies in the log's folder. That nothing was changed, added or left out is shown by \`audit verify\`, not by a query:
run it first where it matters. Entries that still wait for the log, as a rule for less than a minute, are not seen. A query
whose text ends in "expected: none" is a second reading, made without the rules: what it finds is to be looked at with
\`npx dialguard explain --decision\`, and can be in order under rules that it does not know.
`;

const PARAMETERS: Readonly<Record<ParameterName, string>> = {
  since: 'first day',
  until: 'last day',
  token: 'token (`--number`)',
  moment: 'moment (`--at`)',
};

/** The text of the page: the same for the same views and queries. */
export function queriesPage(): string {
  return [
    HEAD,
    '## Saved queries',
    '',
    ...Object.entries(SAVED_QUERY_GROUPS).flatMap(([group, queries]) => [
      `### ${group}`,
      '',
      ...queries.flatMap(queryLines),
    ]),
    '## Views',
    '',
    'Each row begins with `dt` and `hh`, the day and the hour of the log, UTC. Times are UTC.',
    '',
    ...VIEWS.flatMap(viewLines),
  ].join('\n');
}

function queryLines({ name, title, says, parameters, sql }: SavedQuery): readonly string[] {
  const values = parameters.map((parameter) => PARAMETERS[parameter]).join(', ');
  return [`**${title}**: \`${name}\`. ${says} Parameters: ${values}.`, '', '```sql', sql, '```', ''];
}

function viewLines(view: View): readonly string[] {
  const types = new Map(columnsOf(view).map(({ name, type }) => [name, type]));
  return [
    `### ${view.name}`,
    '',
    `${view.says[0]?.toUpperCase()}${view.says.slice(1)}.`,
    '',
    '| column | type | what |',
    '|---|---|---|',
    ...view.columns.map(({ name, says }) => `| ${name} | ${types.get(name)} | ${says} |`),
    '',
  ];
}

if (import.meta.main) await writeFile(TARGET, queriesPage());
