import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unzipSync } from 'fflate';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenFor } from '../../bin/commands/contact-point.ts';
import { readDataKey } from '../../lib/adapters/dynamodb/data-key.ts';
import { kekFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { checkProofFile } from '../../lib/domain/verify/proof-file.ts';
import { acwEntry, outboundCall } from '../../lib/local/sample/wrap-up-event.ts';
import { check } from './ask.ts';
import { filesUnder, tablesIn } from './disk.ts';
import { emptyFolder } from './empty-folder.ts';
import { appendAuditLog, logLines } from './log-entries.ts';
import { consent, optOut } from './preferences.ts';
import { runCommand } from './run-command.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';
import { leaksIn } from './sinks.ts';
import { stateOf } from './stored-state.ts';

const PERSON = '+12125550161';
const HELD = '+12125550162';
const OTHER = '+12125550163';
const WORDS = 'stop being so shy, dear Marguerite, and ring me';
const SERVICE_CALL = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };
const PROOF = { textVersion: 'terms-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) };

let running: RunningStack;
let dataKey: string;
beforeAll(async () => {
  running = await startStack('US');
  for (const phoneNumber of [PERSON, HELD, OTHER]) await makeKnown(phoneNumber);
  await appendAuditLog(running.connection);
  dataKey = await dataKeyOf(PERSON);
});
afterAll(async () => {
  await running.stop();
});

/** Somebody who consented, was called, asked twice not to be and wrote a message that is in doubt. */
async function makeKnown(phoneNumber: string): Promise<void> {
  const { connection, stack } = running;
  await consent(connection, { phoneNumber, status: 'GRANTED', proof: PROOF });
  expect(
    (await check(connection, { ...SERVICE_CALL, phoneNumber, campaignId: 'spring', requestId: uuid() }))
      .decision,
  ).toBe('ALLOW');
  const body = { channel: 'SMS', from: phoneNumber, text: WORDS, messageId: uuid() };
  expect((await connection.post('/v1/messages/inbound', body)).status).toBe(201);
  const { eventBusName, optOutWrapUpCodes } = stack.endpoints;
  const call = outboundCall({
    dnis: phoneNumber,
    wrapupCode: optOutWrapUpCodes?.[0] ?? '',
    eventTime: Date.now(),
  });
  await new EventBridgeClient(connection.aws).send(
    new PutEventsCommand({ Entries: [acwEntry(eventBusName, call)] }),
  );
  await optOut(connection, { phoneNumber, channel: 'EMAIL' });
  await eventually('the event has taken effect', async () => {
    const { suppressions } = await stateOf(connection, phoneNumber);
    return Object.keys(suppressions).some((key) => key.includes('GENESYS')) ? true : undefined;
  });
}

async function dataKeyOf(phoneNumber: string): Promise<string> {
  const { aws, endpoints } = running.connection;
  const token = await tokenFor(running.connection, phoneNumber, undefined);
  const table = endpoints.tables.contactPoints;
  const key = await readDataKey(new DynamoDBClient(aws), { table, token });
  return Buffer.from(key ?? []).toString('base64');
}

const command = (...args: readonly string[]) => runCommand(['--endpoints', running.endpointsFile, ...args]);
const erase = (phoneNumber: string) =>
  command(
    'audit',
    'erase',
    phoneNumber,
    '--by',
    'privacy-2',
    '--reason',
    'subject-request',
    '--case',
    'dsr-17',
  );
const explain = async (phoneNumber: string) => (await command('explain', phoneNumber)).stdout;

/** The files of an archive that `audit evidence` writes. */
async function evidence(name: string, ...about: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const out = join(running.folder, '..', `${name}.zip`);
  const ran = await command('audit', 'evidence', ...about, '--out', out);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const files = Object.entries(unzipSync(readFileSync(out)));
  return new Map(files.map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

const linesOf = (text = '') => text.split('\n').filter((line) => line !== '');

/** Checks each proof as an auditor does who has the pack and nothing else. */
function expectProofs(files: ReadonlyMap<string, string>): void {
  const lines = linesOf(files.get('entries.ndjson'));
  for (const line of lines) {
    const proof = files.get(`proofs/${JSON.parse(line).index}.json`) ?? '';
    expect(checkProofFile(proof)).toMatchObject({ holds: true, entry: line });
  }
}

let before: ReadonlyMap<string, string>;

describe('dialguard audit evidence', () => {
  it('of a person: exactly what the log has of that person, proved, and nobody else', async () => {
    before = await evidence('person', '--number', PERSON);
    const token = await tokenFor(running.connection, PERSON, undefined);
    const logged = (await logLines(running.connection)).filter(({ subjects }) => subjects.includes(token));
    expect(linesOf(before.get('entries.ndjson')).map((line) => JSON.parse(line).index)).toEqual(
      logged.map(({ index }) => index),
    );
    expect(logged.length).toBeGreaterThan(4);
    expectProofs(before);
    for (const [name, text] of before) {
      const tokens = new Set(text.match(/p1\.[\w-]{43}/g));
      tokens.delete(token);
      expect([name, ...tokens]).toEqual([name]);
    }
    expect(leaksIn(before, [PERSON, HELD, OTHER])).toEqual([]);
    expect(before.get('report.html')).toContain('GENESYS_AGENT_DISPOSITION');
  });

  it('of a campaign: its decisions, and no archive over another', async () => {
    const files = await evidence('spring', '--campaign', 'spring', '--until', '2100-01-01');
    expect(JSON.parse(files.get('figures.json') ?? '').decisions).toEqual({ ALLOW: 3, BLOCK: 0 });
    expectProofs(files);
    const out = join(running.folder, '..', 'spring.zip');
    const again = await command('audit', 'evidence', '--campaign', 'spring', '--out', out);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('EEXIST') });
    expect(existsSync(out)).toBe(true);
  });
});

describe('dialguard audit erase', () => {
  it('destroys the data key, says what it kept, and the next check blocks', async () => {
    expect((await tablesIn(running.folder)).includes(dataKey)).toBe(true);
    const ran = await erase(PERSON);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('destroyed  the data key');
    expect(ran.stdout).toContain('1 messages that waited for a reviewer');
    expect(await dataKeyOf(PERSON)).toBe('');
    expect(await check(running.connection, { ...SERVICE_CALL, phoneNumber: PERSON })).toMatchObject({
      decision: 'BLOCK',
      reason: 'SUPPRESSED',
    });
    expect((await erase(PERSON)).stdout).toContain('Nothing was left to erase');
  });

  it('is refused while a litigation hold stands', async () => {
    await command('hold', 'place', HELD, '--case', 'case-7', '--by', 'legal-1');
    const ran = await erase(HELD);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringContaining('LITIGATION_HOLD') });
    expect(await dataKeyOf(HELD)).not.toBe('');
  });

  it('is in the log, once, and explain shows the person as erased', async () => {
    await appendAuditLog(running.connection);
    const lines = await logLines(running.connection);
    const token = await tokenFor(running.connection, PERSON, undefined);
    expect(lines.filter(({ kind }) => kind === 'erasure')).toMatchObject([
      { subjects: [token], reason: 'SUBJECT_REQUEST', by: 'privacy-2', caseId: 'dsr-17' },
    ]);
    const text = await explain(PERSON);
    expect(text).toMatch(/ERASED at \S+: the clear value cannot be read any more/);
    expect(text).toContain('ERASED (SUBJECT_REQUEST, case dsr-17) by privacy-2: data key, ');
  });
});

describe('the log after an erasure', () => {
  let after: ReadonlyMap<string, string>;

  it('proves what it proved before, and the erasure', async () => {
    expectProofs(before);
    const token = await tokenFor(running.connection, PERSON, undefined);
    after = await evidence('erased', '--number', token);
    const [was, is] = [before, after].map((files) => linesOf(files.get('entries.ndjson')));
    expect(is?.slice(0, was?.length)).toEqual(was);
    expect(is?.filter((line) => line.includes('"kind":"erasure"'))).toHaveLength(1);
    expectProofs(after);
  });

  it('gives proofs that the command itself accepts', async () => {
    const [path = '', proof = ''] = [...after].find(([name]) => name.startsWith('proofs/')) ?? [];
    const file = join(running.folder, '..', path.replace('/', '-'));
    writeFileSync(file, proof);
    expect(await command('audit', 'verify-proof', file)).toMatchObject({ code: 0 });
  });

  it('verifies', async () => {
    expect(await command('audit', 'verify')).toMatchObject({ code: 0 });
  });

  it('verifies as a downloaded copy, and proves single entries', async () => {
    const copy = join(running.folder, '..', 'log-copy');
    expect(await command('audit', 'download', '--out', copy)).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCommand(['--json', 'audit', 'verify', '--from', copy]);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], lock: { mode: 'GOVERNANCE', days: 1 } });
    const proved = await command('audit', 'prove', '--index', '0');
    expect(checkProofFile(proved.stdout)).toMatchObject({ holds: true, index: 0 });
  });
});

describe('the machine, once the stack was stopped', () => {
  beforeAll(async () => {
    // What a dialler was told in files is gone after seven days, here at once: docs/diallers.md.
    await emptyFolder(running, running.connection.endpoints.buckets.privacy, 'diallers/');
    running = await running.restart();
  });

  it('holds neither number nor message of the person anywhere, and no key that opens what is left', async () => {
    const files = filesUnder(running.folder);
    const tables = await tablesIn(running.folder);
    expect(files.size).toBeGreaterThan(20);
    expect(leaksIn(new Map([...files, ['tables', tables]]), [PERSON])).toEqual([]);
    for (const text of [...files.values(), tables]) {
      expect(text.includes('Marguerite')).toBe(false);
      expect(text.includes(dataKey)).toBe(false);
    }
    // The same search finds a key that is there, and the key-encryption key itself.
    expect(tables.includes(await dataKeyOf(OTHER))).toBe(true);
    const { aws, endpoints } = running.connection;
    const { kek } = await kekFrom(new SecretsManagerClient(aws), endpoints.secrets.kek)();
    expect([...files.values()].some((text) => text.includes(kek))).toBe(true);
  });

  it('still blocks the person', async () => {
    expect(await check(running.connection, { ...SERVICE_CALL, phoneNumber: PERSON })).toMatchObject({
      decision: 'BLOCK',
      reason: 'SUPPRESSED',
    });
    expect(running.faults).toEqual([]);
  });
});
