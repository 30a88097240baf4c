import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { runCommand } from '../system/run-command.ts';
import { deadPort, endpointsOn, listen, SERVICE } from './command-fixture.ts';

let folder: string;
/** The endpoints file of a stack that is down. */
let stale: string;
let dead: Awaited<ReturnType<typeof deadPort>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-command-'));
  stale = join(folder, 'stale.json');
  dead = await deadPort();
  writeEndpoints(stale, endpointsOn(dead.port));
});
afterAll(() => {
  dead.release();
  rmSync(folder, { recursive: true, force: true });
});

describe.concurrent('help', () => {
  const COMMANDS = [
    'local',
    'check',
    'opt-out',
    'consent',
    'hold',
    'scrub',
    'registry',
    'explain',
    'genesys',
  ];

  it('names every command, with examples', async () => {
    const { code, stdout, stderr } = await runCommand(['--help'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    expect(stdout.match(/^ {2}\$ npx dialguard /gm)?.length).toBeGreaterThan(4);
  });

  it.each([
    'local',
    'check',
    'opt-out',
    'consent grant',
    'hold place',
    'hold release',
    'scrub',
    'registry import',
    'explain',
    'audit verify',
    'genesys setup',
    'genesys doctor',
    'genesys export',
  ])('of %s has an example', async (command) => {
    const { code, stdout } = await runCommand([...command.split(' '), '--help'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}\$ np/);
  });
});

describe.concurrent('what is typed wrong', () => {
  it.each<[readonly string[], RegExp]>([
    [['chekc', '+12125550123'], /unknown command 'chekc'.*\n.*Did you mean check/],
    [['check', '+12125550123', '--purpose', 'service'], /required option '--channel <channel>'/],
    [['check', '--channel', 'voice', '--purpose', 'service'], /missing required argument 'contact'/],
    [['check', '+12125550123', ...SERVICE, '--chanel', 'sms'], /unknown option '--chanel'/],
    [['check', '+12125550123', '--channel', 'fax', '--purpose', 'service'], /--channel: .*"VOICE"/],
    [['check', '+12125550123', '--channel', 'sms', '--purpose', 'fun'], /--purpose: .*"MARKETING"/],
    [['--stage', 'production', 'check', '+12125550123', ...SERVICE], /--stage: .*"prod"/],
    [['--residency', 'UK', 'check', '+12125550123', ...SERVICE], /--residency: .*"EU"/],
    [['explain'], /Say what to explain/],
    [['explain', '+12125550123', '--decision', 'x'], /Say what to explain/],
    [['explain', '12125', '--region', 'US'], /cannot be read/],
    [['explain', '2125550123'], /write it with \+, or give --region/],
    [['explain', '+12125550123', '--since', 'yesterday'], /--since: expected .*2026-11-01/],
    [['opt-out', '+12125550123', '--by', 'agent-7'], /required option '--source <source>'/],
    [['hold', 'place', '+12125550123', '--by', 'legal-1'], /required option '--case <id>'/],
    [['scrub', 'leads.csv'], /at least one column/],
    [['scrub', 'there-is-none.csv', '--phone-column', 'Cell'], /there-is-none\.csv/],
    [['scrub', 'x.csv', '--phone-column', 'Cell', '--channel', 'fax'], /channel: .*"VOICE"/],
    [['scrub'], /either a CSV file .* or --since-manifest/],
    [['scrub', 'x.csv', '--since-manifest', 'm.json'], /either a CSV file .* or --since-manifest/],
    [['scrub', '--since-manifest', 'm.json', '--seller', 'acme'], /has the settings of that scrub/],
    [['scrub', '--since-manifest', 'none.json'], /none\.json/],
    [['registry', 'import', 'x.txt', '--version-date', 'soon'], /--version-date: expected the date/],
    [
      ['registry', 'import', 'x.txt', '--version-date', '2026-11-20', '--area-codes', 'NY'],
      /--area-codes: .*expected/,
    ],
    [['registry', 'import', 'there-is-none.txt', '--version-date', '2026-11-20'], /there-is-none\.txt/],
    [['local', '--port', 'eighty'], /--port: expected a port/],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await runCommand(['--endpoints', stale, ...args], folder);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(said);
    expect(stdout + stderr).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  });
});

describe('a stack that is not there', () => {
  const check = ['check', '+12125550123', ...SERVICE];

  it('is asked for by name', async () => {
    const ran = await runCommand(check, folder);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm start') });
  });

  it('is said to be down where its file is left', async () => {
    for (const args of [check, ['explain', '+12125550123']]) {
      const ran = await runCommand(['--endpoints', stale, ...args], folder);
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Is it up?') });
    }
  });

  it('is not made up from a file that is something else', async () => {
    const file = join(folder, 'else.json');
    for (const text of ['{}', 'not JSON']) {
      writeFileSync(file, text);
      const ran = await runCommand(['--endpoints', file, ...check], folder);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/else\.json.*npm start/) });
    }
  });
});

describe('local', () => {
  it('ends with an error where its port is taken', async () => {
    const server = createServer();
    const port = await listen(server);
    const ran = await runCommand(['local', '--once', '--port', String(port)], folder);
    server.close();
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringMatching(/EADDRINUSE.*--port/) });
  });

  it('removes nothing of a stack that is running', async () => {
    const home = join(folder, 'elsewhere');
    const kept = join(home, '.local/us/state/kept');
    mkdirSync(join(home, '.local/us/state'), { recursive: true });
    writeFileSync(kept, '');
    writeFileSync(join(home, '.local/us/stack.lock'), String(process.pid));
    const ran = await runCommand(['local', '--once', '--fresh'], home);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('in use by process') });
    expect(existsSync(kept)).toBe(true);
  });
});
