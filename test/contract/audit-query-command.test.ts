import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAudit } from '../../bin/commands/audit.ts';
import { downloadEntries } from '../../lib/adapters/s3/download-entries.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { SAVED_QUERIES } from '../../lib/domain/audit-queries/saved-queries.ts';
import { token } from '../support/entries.ts';
import { LOG } from '../support/query-log.ts';
import { createLockedBucket } from '../support/scrub-world.ts';
import { type Ran, runCommand } from '../system/run-command.ts';
import { endpointsOn } from './command-fixture.ts';
import { credentials, type Fixture, startLocalS3 } from './local-s3.ts';

let s3: Fixture;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-audit-query-'));
  s3 = await startLocalS3();
  await createLockedBucket(s3.client(), 'audit');
  const objects = new S3LogObjects(s3.client(), 'audit');
  for (const [key, text] of LOG.objects) await objects.settle(key, text);
  const endpoints = { ...endpointsOn(Number(new URL(s3.endpoint()).port)), ...credentials };
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
});
afterAll(async () => {
  await s3.close();
  rmSync(folder, { recursive: true });
});

async function query(...args: readonly string[]): Promise<Ran> {
  return await runCommand(['--endpoints', 'endpoints.json', ...args], folder);
}

describe('dialguard audit query', () => {
  it('asks the log, and leaves none of it on this machine', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('dialguard-query-'));
    const { code, stdout, stderr } = await query(
      'audit',
      'query',
      'SELECT kind, count(*) AS entries FROM entries GROUP BY kind ORDER BY kind',
    );
    const counted = [...Map.groupBy(LOG.placed, ({ entry }) => entry.kind)]
      .map(([kind, placed]) => `${kind} ${placed.length}`)
      .sort();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // How wide a column is hangs on the longest word in it.
    const [head, rule = '', ...lines] = stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
    expect(rule).toMatch(/^-+ -+$/);
    expect([head, ...lines]).toEqual(['kind entries', ...counted, '', `${counted.length} rows`, '']);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith('dialguard-query-'));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('fetches the days that it is told, and no others', async () => {
    const days = async (since: string, until: string) => {
      const target = mkdtempSync(join(folder, 'days-'));
      const download = { bucket: 'audit', days: { since, until }, folder: target, maxBytes: 1e9 };
      const objects = await downloadEntries(s3.client(), download);
      const fetched = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.gz'),
      );
      expect(fetched).toHaveLength(objects);
      return [...new Set(fetched.map((name) => /dt=2026-11-(\d\d)/.exec(name)?.[1]))].sort();
    };
    expect(await days('1970-01-01', '9999-12-31')).toEqual(['18', '19', '20']);
    expect(await days('2026-11-19', '2026-11-19')).toEqual(['19']);
    expect(await days('2026-11-20', '9999-12-31')).toEqual(['20']);
    expect(await days('1970-01-01', '2026-11-17')).toEqual([]);
  });

  it('fetches nothing where there is too much', async () => {
    const target = mkdtempSync(join(folder, 'much-'));
    const days = { since: '2026-11-18', until: '2026-11-20' };
    const fetching = downloadEntries(s3.client(), { bucket: 'audit', days, folder: target, maxBytes: 1000 });
    await expect(fetching).rejects.toThrow(/more than 1 MB; nothing was fetched/);
    expect(readdirSync(target)).toEqual([]);
  });

  it('runs a saved query about a token, around a moment, in the words of JSON', async () => {
    const { code, stdout } = await query(
      ...['--json', 'audit', 'query', '--saved', 'decisions-around-a-moment', '--since', '2026-11-20'],
      ...['--number', token(18), '--at', '2026-11-20T09:31-05:00'],
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { made_at: '2026-11-20T14:26:00.000Z', effect: 'ALLOW', reason: null },
      { made_at: '2026-11-20T14:31:10.000Z', effect: 'BLOCK', place: 1, reason: 'OUTSIDE_CALLING_HOURS' },
      { made_at: '2026-11-20T14:31:10.000Z', effect: 'BLOCK', place: 2, reason: 'SUPPRESSED' },
    ]);
  });

  it('prints CSV that no spreadsheet takes for a formula', async () => {
    const sql =
      "SELECT '=1+1' AS a, -2 AS b, 'say \"no\"' AS c, NULL AS d, TIMESTAMP '2026-11-20 15:00:00' AS e";
    const { stdout } = await query('audit', 'query', sql, '--csv');
    expect(stdout).toBe('"a","b","c","d","e"\r\n"\'=1+1",-2,"say ""no""","","2026-11-20T15:00:00.000Z"\r\n');
  });

  it('exits with 1 where there should be nothing and is', async () => {
    expect(await query('audit', 'query', '--saved', 'allowed-after-opt-out', '--expect-none')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('1 row\n'),
    });
  });

  it('lists what is saved', async () => {
    const { code, stdout } = await query('audit', 'query', '--list');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, -1)).toHaveLength(SAVED_QUERIES.length);
    expect(stdout).toMatch(/^history-of-a-number +Everything about a number \(--number\)$/m);
  });

  it.each([
    { args: [], said: /Say what to ask/ },
    { args: ['SELECT 1', '--saved', 'scrubs'], said: /Say what to ask/ },
    { args: ['--saved', 'nothing'], said: /No query is saved as nothing/ },
    { args: ['--saved', 'history-of-a-number'], said: /name it with --number/ },
    { args: ['--saved', 'scrubs', '--number', token(1)], said: /no \? for the --number/ },
    { args: ['SELECT 1', '--number', token(1)], said: /no \? for the --number/ },
    { args: ["SELECT * FROM subjects WHERE token = '+12125550123'"], said: /write \? in its place/ },
    { args: ['SELECT 1', '--at', '2026-11-20T14:31'], said: /--at: expected a time with its zone/ },
    { args: ['SELECT 1', '--until', 'today'], said: /--until: expected a day/ },
    { args: ['DROP VIEW entries'], said: /expected a SELECT/ },
    { args: ['SELECT x FROM entries'], said: /"x" not found/ },
  ])('$args is refused with a sentence', async ({ args, said }) => {
    const program = new Command().option('--endpoints <file>').option('--residency <residency>');
    addAudit(program);
    const asking = program.parseAsync(
      ['--endpoints', join(folder, 'endpoints.json'), '--residency', 'US', 'audit', 'query', ...args],
      { from: 'user' },
    );
    const refusal = await asking.then(() => '', String);
    expect(refusal).toMatch(said);
    expect(refusal).not.toContain('12125550123');
  });
});
