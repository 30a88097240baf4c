import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Answer } from '../../lib/domain/decision/answer.ts';
import { leaks } from '../support/canary.ts';
import { untilDecided } from '../system/ask.ts';
import { appendAuditLog } from '../system/log-entries.ts';
import { collect, type Ran, runCommand } from '../system/run-command.ts';
import { type RunningStack, startStack } from '../system/running-stack.ts';
import { leaksIn, sinksOf } from '../system/sinks.ts';
import { SERVICE } from './command-fixture.ts';

const ADDRESS = 'casey.fixture@example.com';
const REFUSED = '+12125550123';
const DECISION_ID = /decision ([0-9a-f-]{36})/;

let running: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-command-'));
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

const used: string[] = [];
/** A number that no other test uses: 212 555 0100 and following. */
function someone(): string {
  const number = `+121255501${String(used.length).padStart(2, '0')}`;
  used.push(number);
  return number;
}

async function dialguard(...args: readonly string[]): Promise<Ran> {
  return await runCommand(['--endpoints', running.endpointsFile, ...args], folder);
}

describe('check', () => {
  it('exits 0 for ALLOW and 3 for BLOCK, and says why', async () => {
    const number = someone();
    const allowed = await decided('check', number, ...SERVICE);
    expect(allowed).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^ALLOW {2}PERMITTED\n/),
    });
    expect((await dialguard('opt-out', number, '--source', 'agent', '--by', 'agent-7')).code).toBe(0);
    const blocked = await decided('check', number, ...SERVICE);
    expect(blocked).toMatchObject({ code: 3, stderr: '' });
    expect(blocked.stdout).toMatch(/^BLOCK {2}SUPPRESSED\n/);
    expect(blocked.stdout).toContain('rule company-do-not-contact (47 CFR 64.1200(d)(3)');
    expect((await decided('check', 'not a number', ...SERVICE)).code).toBe(3);
  });

  it('reads a number as people write it, and several at once', async () => {
    const [free, blocked] = [someone(), someone()];
    await dialguard('opt-out', blocked, '--source', 'agent', '--by', 'agent-7');
    const national = `(212) ${free.slice(5, 8)}-${free.slice(8)}`;
    expect((await decided('check', national, '--region', 'US', ...SERVICE)).code).toBe(0);
    expect((await decided('check', national, ...SERVICE)).code).toBe(3);
    expect((await decided('check', free, blocked, ...SERVICE)).code).toBe(3);
    const address = ['check', ADDRESS, '--channel', 'email', '--purpose', 'service'];
    expect((await decided(...address, '--region', 'US')).code).toBe(0);
  });

  it('prints JSON for programs, for ALLOW as for BLOCK', async () => {
    const number = someone();
    const { stdout, code } = await decided('--json', 'check', number, ...SERVICE, '--request-id', 'r-1');
    expect(code).toBe(0);
    const answer = Answer.parse(JSON.parse(stdout));
    expect(answer).toMatchObject({ decision: 'ALLOW', reason: 'PERMITTED', reasons: [] });
    const again = await decided('--json', 'check', number, ...SERVICE, '--request-id', 'r-1');
    expect(Answer.parse(JSON.parse(again.stdout))).toEqual(answer);
  });
});

describe('explain', () => {
  it('tells a decision and a number: facts, rules and times', async () => {
    const number = someone();
    const told = ['--source', 'letter', '--by', 'desk-1', '--effective-at', '2026-11-01T09:30:00Z'];
    expect((await dialguard('opt-out', number, ...told)).code).toBe(0);
    const { stdout } = await decided('check', number, ...SERVICE, '--seller', 'acme');
    const id = DECISION_ID.exec(stdout)?.[1] ?? '';

    const decision = await dialguard('explain', '--decision', id);
    expect(decision).toMatchObject({ code: 0, stderr: '' });
    expect(decision.stdout).toContain(`Decision ${id}: BLOCK`);
    expect(decision.stdout).toMatch(/decided {3}\d{4}-\d\d-\d\dT/);
    expect(decision.stdout).toContain('VOICE SERVICE, seller acme');
    expect(decision.stdout).toMatch(/company-do-not-contact \(47 CFR[^\n]*blocks: SUPPRESSED/);
    expect(decision.stdout).toMatch(/litigation-hold \([^\n]*nothing against it/);
    expect(decision.stdout).toMatch(/us-national-registry \([^\n]*does not apply/);
    expect(decision.stdout).toContain('2026-11-01T09:30:00.000Z');

    const person = await dialguard('explain', number);
    expect(person).toMatchObject({ code: 0, stderr: '' });
    expect(person.stdout).toMatch(/opt-out CUSTOMER_REQUEST on ALL, every seller, from LETTER/);
    expect(person.stdout).toContain('effective 2026-11-01T09:30:00.000Z');
    expect(person.stdout).toContain(`decision ${id}: BLOCK`);
    expect(leaks(decision.stdout + person.stdout, [number])).toEqual([]);

    const json = await dialguard('--json', 'explain', '--decision', id);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'decision', decisionId: id, effect: 'BLOCK' });
  });

  it('says that it knows nothing, and exits 1', async () => {
    const unknown = await dialguard('explain', '--decision', '01a20144-d9a7-70af-a312-2e1154c20698');
    expect(unknown).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing is recorded') });
  });
});

describe('consent', () => {
  it('is granted with the hash of its evidence, and withdrawn without any', async () => {
    const number = someone();
    const evidence = join(folder, 'form.pdf');
    writeFileSync(evidence, 'a signed form');
    const of = [number, '--channel', 'voice', '--purpose', 'service', '--seller', 'acme'];
    const proof = [
      '--text-version',
      'terms-2026-03',
      '--captured-by',
      'web-form',
      '--evidence-file',
      evidence,
    ];
    const how = ['--source', 'website-form', '--by', 'web'];
    const granted = await dialguard('consent', 'grant', ...of, ...how, ...proof);
    expect(granted).toMatchObject({ code: 0, stdout: expect.stringContaining('Recorded: GRANTED') });
    const { stdout } = await dialguard('--json', 'explain', number);
    expect(stdout).toContain(createHash('sha256').update('a signed form').digest('hex'));
    const withdrawn = await dialguard('consent', 'withdraw', ...of, '--source', 'letter', '--by', 'desk-1');
    expect(withdrawn.code).toBe(0);
    const blocked = await decided('check', number, ...SERVICE, '--seller', 'acme');
    expect(blocked).toMatchObject({ code: 3, stdout: expect.stringContaining('BLOCK  CONSENT_WITHDRAWN') });
  });
});

describe('hold', () => {
  it('is placed by one and released by two', async () => {
    const number = someone();
    const held = [number, '--case', 'case-2026-17'];
    const status = async (action: string, by: string) => {
      const { stdout, code } = await dialguard('--json', 'hold', action, ...held, '--by', by);
      expect(code).toBe(0);
      return z.object({ status: z.string() }).parse(JSON.parse(stdout)).status;
    };
    expect(await status('place', 'legal-1')).toBe('HELD');
    expect((await decided('check', number, ...SERVICE)).stdout).toContain('BLOCK  LITIGATION_HOLD');
    expect(await status('release', 'legal-1')).toBe('AWAITING_SECOND_RELEASE');
    expect((await decided('check', number, ...SERVICE)).code).toBe(3);
    expect(await status('release', 'legal-2')).toBe('RELEASED');
    expect((await decided('check', number, ...SERVICE)).code).toBe(0);
  });
});

describe.concurrent('what the deployment refuses', () => {
  it.each<[readonly string[], RegExp]>([
    [['opt-out', REFUSED, '--by', 'agent-7', '--source', 'pigeon'], /HTTP 400[\s\S]*source/],
    [['opt-out', '2125550123', '--by', 'agent-7', '--source', 'agent'], /HTTP 422[\s\S]*NO_REGION/],
    [['opt-out', REFUSED, '--by', REFUSED, '--source', 'agent'], /HTTP 400[\s\S]*opaque id/],
    [['hold', 'release', REFUSED, '--by', 'legal-1', '--case', 'none'], /HTTP 404[\s\S]*UNKNOWN_HOLD/],
  ])('%j', async (args, said) => {
    const { code, stdout, stderr } = await dialguard(...args);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(said);
    expect(stdout + stderr).not.toMatch(/^\s+at .*\.(ts|js):\d+/m);
  });

  it('a grant without its evidence, and nothing is recorded', async () => {
    const number = someone();
    const grant = [
      'consent',
      'grant',
      number,
      '--channel',
      'voice',
      '--purpose',
      'service',
      '--seller',
      'acme',
    ];
    const how = ['--source', 'website-form', '--by', 'web', '--captured-by', 'web-form'];
    const without = await dialguard(...grant, ...how, '--text-version', 'terms-2026-03');
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('--evidence-file') });
    const unversioned = await dialguard(...grant, ...how, '--evidence-sha256', 'ab'.repeat(32));
    expect(unversioned).toMatchObject({ code: 1, stderr: expect.stringContaining('--text-version') });
    expect((await dialguard('explain', number)).stdout).toContain('Nothing is stored of it');
  });
});

describe('scrub', () => {
  const HEADER = 'Name,Cell\r\n';
  let list: string;
  let kept: string;
  beforeAll(async () => {
    const [free, blocked] = [someone(), someone()];
    await dialguard('opt-out', blocked, '--source', 'agent', '--by', 'agent-7');
    kept = `"Fixture, Ann",${free}\r\n`;
    list = join(folder, 'leads.csv');
    writeFileSync(list, `${HEADER}${kept}Bo,${blocked}\r\n`);
  });
  const options = ['--phone-column', 'Cell', '--purpose', 'service'];

  it('gives the results beside the file, and draws nothing where there is no terminal', async () => {
    const { code, stdout, stderr } = await dialguard('scrub', list, ...options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^2 rows: 1 approved, 1 rejected, 0 quarantined, 0 of another region\n/);
    expect(stdout).not.toContain('█');
    const results = `${list}.scrubbed`;
    expect(readFileSync(join(results, 'approved.csv'), 'utf8')).toBe(HEADER + kept);
    for (const name of [
      'rejected.csv',
      'quarantined.csv',
      'other-region.csv',
      'report.json',
      'manifest.json',
    ]) {
      expect(existsSync(join(results, name))).toBe(true);
    }
    const again = await dialguard('scrub', list, ...options);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('give another --out') });
  });

  it('prints JSON and nothing else with --json', async () => {
    const out = join(folder, 'json');
    const { code, stdout, stderr } = await dialguard('--json', 'scrub', list, ...options, '--out', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'SCRUBBED', counts: { approved: 1, rejected: 1 } });
  });

  it('refuses a list whole, says line and cause, and exits 1', async () => {
    const ragged = join(folder, 'ragged.csv');
    writeFileSync(ragged, `${HEADER}${kept}Bo\r\n`);
    const { code, stdout } = await dialguard('scrub', ragged, ...options);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Refused whole, line 3: RAGGED_ROW/);
    expect(existsSync(join(`${ragged}.scrubbed`, 'approved.csv'))).toBe(false);
  });

  // util-linux's `script` lends a terminal.
  it.skipIf(process.platform !== 'linux' || !existsSync('/usr/bin/script'))(
    'draws its progress on a terminal, but not with --json',
    async () => {
      const inTerminal = async (...args: readonly string[]) => {
        const typed = [process.execPath, join(import.meta.dirname, '../../bin/dialguard.ts')];
        const all = [...typed, '--endpoints', running.endpointsFile, ...args].map((arg) => `'${arg}'`);
        return await collect(['/usr/bin/script', '-qec', all.join(' '), '/dev/null'], folder);
      };
      const drawn = await inTerminal('scrub', list, ...options, '--out', join(folder, 'drawn'));
      expect(drawn.code).toBe(0);
      expect(drawn.stdout).toMatch(/█.* 100% \| 2 rows \| 1 approved, 1 rejected/);
      const json = await inTerminal('--json', 'scrub', list, ...options, '--out', join(folder, 'undrawn'));
      expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'SCRUBBED' });
    },
  );

  it('scrubs what was approved again with --since-manifest, and exits 3 where somebody must come out', async () => {
    const manifest = join(`${list}.scrubbed`, 'manifest.json');
    expect((await dialguard('scrub', '--since-manifest', manifest)).code).toBe(0);
    const number = kept.slice(kept.indexOf('+')).trim();
    await dialguard('opt-out', number, '--source', 'agent', '--by', 'agent-7');
    const out = join(folder, 'again');
    const { code, stdout } = await dialguard('scrub', '--since-manifest', manifest, '--out', out);
    expect({ code, removals: readFileSync(join(out, 'removals.csv'), 'utf8') }).toEqual({
      code: 3,
      removals: HEADER + kept,
    });
    expect(stdout).toContain('1 rows must come out');
  });
});

describe('personal data (I4)', () => {
  it('stands in no log, key, item, audit object or message', async () => {
    await appendAuditLog(running.connection);
    const sinks = await sinksOf(running);
    expect(sinks.get('audit objects')).not.toBe('');
    expect(leaksIn(sinks, [...used, ADDRESS, REFUSED])).toEqual([]);
    expect(running.faults).toEqual([]);
  });
});

/** Runs a check; again where the answer is that there was none in time, which a busy machine may give. */
async function decided(...args: readonly string[]): Promise<Ran> {
  return await untilDecided(async () => {
    const ran = await dialguard(...args);
    return { ...ran, reason: /\b(?:AUDIT_)?UNAVAILABLE\b/.exec(ran.stdout)?.[0] ?? '' };
  });
}
