import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadLog } from '../../lib/adapters/file-system/download-log.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { MemoryLog } from '../support/audit/memory-log.ts';
import { cutTail, removeLock } from '../support/audit/tamper.ts';
import { newLogKey, planOf, writeLog } from '../support/audit/test-log.ts';
import { Random } from '../support/random.ts';
import { type Ran, runCommand } from '../system/run-command.ts';
import { deadPort, endpointsOn } from './command-fixture.ts';

const plan = planOf([4, 290, 0, 7]);
const written = writeLog(plan);
const { vkey } = plan.key;
const DECISION = '019ab000-0000-7000-8000-000000000100';
let folder: string;
const audit = (...args: string[]): Promise<Ran> => runCommand(['audit', ...args], folder);

async function copyOf(log: MemoryLog, name: string): Promise<void> {
  await downloadLog(log, { name: 'memory', folder: join(folder, name), onVersion: () => undefined });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-command-'));
  await copyOf(new MemoryLog(written), 'whole');
  const unlocked = new MemoryLog(written);
  removeLock({ log: unlocked, plan, written }, new Random(1));
  await copyOf(unlocked, 'unlocked');
  const cut = new MemoryLog(written);
  cutTail({ log: cut, plan, written }, new Random(2));
  await copyOf(cut, 'cut');
  writeFileSync(join(folder, 'kept.txt'), written.at(-1)?.bytes ?? '');
  writeFileSync(join(folder, 'vkey.txt'), `${vkey}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.concurrent('audit verify', () => {
  it('says that a whole log is whole', async () => {
    const ran = await audit(
      'verify',
      '--from',
      'whole',
      '--key',
      'vkey.txt',
      '--trusted-checkpoint',
      'kept.txt',
    );
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('is whole.');
    expect(ran.stdout).toMatch(/entries\s+301, 301 signed/);
  });

  it('says the same for programs', async () => {
    const { code, stdout } = await runCommand(['--json', 'audit', 'verify', '--from', 'whole'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ entries: 301, vkey, findings: [], counts: {} });
  });

  it('begins where it is told to', async () => {
    const ran = await audit('verify', '--from', 'whole', '--since', '2026-11-23');
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/0 from entry 301 on, 301 signed/) });
  });

  it.each([
    {
      name: 'a lock that is missing',
      args: ['--from', 'unlocked'],
      said: /LOCK_MISSING: .*\n {2}where {2}\S+/,
    },
    {
      name: 'a cut tail',
      args: ['--from', 'cut', '--trusted-checkpoint', 'kept.txt'],
      said: /TAIL_CUT.*\n.*kept\.txt/,
    },
  ])('ends with 1 on $name', async ({ args, said }) => {
    const ran = await audit('verify', ...args);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/is NOT whole: \d+ findings/);
    expect(ran.stdout).toMatch(said);
  });

  it('ends with 2 where it cannot tell', async () => {
    const endpoints = join(folder, 'stale.json');
    const dead = await deadPort();
    writeEndpoints(endpoints, endpointsOn(dead.port));
    const none = await audit('verify', '--from', 'nowhere');
    const down = await runCommand(['--endpoints', endpoints, 'audit', 'verify'], folder);
    dead.release();
    expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('audit download') });
    expect(down).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('could not be verified'),
    });
  });
});

describe.concurrent('audit prove', () => {
  it('writes a file that verify-proof accepts alone, and not when it is changed', async () => {
    expect(
      await audit('prove', '--from', 'whole', '--decision', DECISION, '--out', 'proof.json'),
    ).toMatchObject({ code: 0 });
    const holds = await audit('verify-proof', 'proof.json', '--key', 'vkey.txt');
    expect(holds).toMatchObject({ code: 0, stdout: expect.stringContaining('this is entry 100 of the log') });
    expect(holds.stdout).toContain('the key that you gave');
    const proof = readFileSync(join(folder, 'proof.json'), 'utf8');
    writeFileSync(join(folder, 'changed.json'), proof.replace('BLOCK', 'ALLOW'));
    expect(await audit('verify-proof', 'changed.json')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('NOT hold'),
    });
    const other = await audit('verify-proof', 'proof.json', '--key', newLogKey().vkey);
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining('another key') });
  });

  it('prints the file where none is named, of an entry by its index too', async () => {
    const { code, stdout } = await audit('prove', '--from', 'whole', '--index', '300');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ vkey, entry: expect.stringContaining('"index":300,') });
  });

  it('proves that the log only grew', async () => {
    const ran = await audit('prove-consistency', '4', 'kept.txt', '--from', 'whole', '--out', 'grew.json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const shown = await runCommand(['--json', 'audit', 'verify-proof', 'grew.json'], folder);
    expect(JSON.parse(shown.stdout)).toMatchObject({ holds: true, older: { size: 4 }, newer: { size: 301 } });
  });

  it.each([
    [['prove', '--from', 'whole', '--index', 'x'], /--index: expected an entry's index/],
    [['prove', '--from', 'whole', '--decision', 'none'], /no such entry/],
  ])('says what is wrong with %j', async (args, said) => {
    const { code, stderr } = await audit(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
  });
});
