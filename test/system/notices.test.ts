import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MessagingPlatform } from '../support/genesys-cloud/outbound-messaging.ts';
import { CLIENT, type FakeServer, startFakeServer } from '../support/genesys-cloud/server.ts';
import { GOOD_TEXTS } from '../support/notice-texts.ts';
import { appendAuditLog, logLines } from './log-entries.ts';
import { optOut } from './preferences.ts';
import { runCommand } from './run-command.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';

const [REACHED, REFUSED] = ['+12125550176', '+12125550177'];
const ADDRESS = 'quentin.canary@example.com';
const LIST = `recipientId,phone,email,channelPreference\nr-1,${REACHED},,\nr-2,${REFUSED},${ADDRESS},sms\nr-3,,,\n`;
const TEXT = ['--name', 'breach-standard', '--language', 'en', '--channel'];

let platform: MessagingPlatform;
let fake: FakeServer;
let running: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-notices-'));
  writeFileSync(join(folder, 'affected.csv'), LIST);
  writeFileSync(join(folder, 'sms.txt'), GOOD_TEXTS.SMS.text);
  writeFileSync(
    join(folder, 'email.txt'),
    `Subject: ${GOOD_TEXTS.EMAIL.subject}\n\n${GOOD_TEXTS.EMAIL.text}`,
  );
  platform = new MessagingPlatform({
    ...{ now: Date.now, callsPerMinute: 300, unreachable: new Set<string>() },
    numbers: [
      { phoneNumber: '+13175550199', version: 1, provisionedThroughPureCloud: true, supportsSms: true },
    ],
  });
  fake = await startFakeServer(platform.routes);
  running = await startStack('US', { genesysUrl: fake.url });
  const { aws, endpoints } = running.connection;
  await new SecretsManagerClient(aws).send(
    new PutSecretValueCommand({
      SecretId: endpoints.secrets.genesysClient,
      SecretString: JSON.stringify(CLIENT),
    }),
  );
});
afterAll(async () => {
  await running.stop();
  await fake.close();
  rmSync(folder, { recursive: true });
});

async function incident(...args: readonly string[]): Promise<string> {
  const ran = await runCommand(['--endpoints', running.endpointsFile, 'incident', ...args], folder);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout;
}

async function approved(channel: 'email' | 'sms'): Promise<void> {
  await incident('template', 'put', `${channel}.txt`, ...TEXT, channel, '--by', 'writer-1');
  const shown = await incident('template', 'show', ...TEXT, channel, '--version', '1');
  const sha256 = /^sha256 (\w+)$/m.exec(shown)?.[1] ?? '';
  const what = [...TEXT, channel, '--version', '1', '--sha256', sha256];
  await incident('template', 'approve', ...what, '--by', 'legal-1');
}

const Shown = z.looseObject({ state: z.string(), notices: z.record(z.string(), z.number()).optional() });

async function shown(id: string): Promise<z.infer<typeof Shown>> {
  return Shown.parse((await running.connection.get(`/v1/incidents/${id}`)).body);
}

/** Lets the work of the schedule be done until everybody is told. */
async function notified(id: string): Promise<void> {
  const { aws, endpoints } = running.connection;
  const client = new LambdaClient(aws);
  const invoke = new InvokeCommand({ FunctionName: endpoints.functions.sendNotices, Payload: '{}' });
  await eventually('everybody is told', async () => {
    // The schedule may be at it.
    await client.send(invoke).catch(() => undefined);
    return (await shown(id)).state === 'NOTIFIED' ? true : undefined;
  });
}

describe('a breach, from the report to the people', () => {
  it('tells each of them once, by a channel that they have not refused, and on record', async () => {
    await optOut(running.connection, { phoneNumber: REFUSED, channel: 'SMS' });
    await approved('sms');
    await approved('email');
    const report = await incident(
      'report',
      '--by',
      'soc-1',
      '--reference',
      'SEC-17',
      '--jurisdictions',
      'US-CA',
    );
    const id = /^([0-9a-f-]{36}) {2}/.exec(report)?.[1] ?? '';
    await incident('assess', id, '--risk', 'high', '--data-elements', 'password', '--by', 'dpo-1');
    await incident('affected', id, 'affected.csv', '--by', 'dpo-1');
    await incident('prepare', id, '--template', 'breach-standard', '--by', 'dpo-1');
    await incident('release', id, '--by', 'legal-1');
    await notified(id);
    expect(await shown(id)).toMatchObject({ notices: { SENT: 2, FALLBACK_LETTER: 1, PENDING: 0 } });
    expect(platform.singles.map(({ address }) => address).toSorted()).toEqual([REACHED, ADDRESS]);
    expect(platform.singles.every(({ text }) => text.includes('https://example.com/incident'))).toBe(true);
    await appendAuditLog(running.connection);
    const entries = await logLines(running.connection);
    const kinds = entries.filter(({ kind }) => kind === 'notice');
    expect(kinds).toHaveLength(2);
    const explained = await runCommand(['--endpoints', running.endpointsFile, 'explain', REACHED], folder);
    expect(explained.stdout).toContain(`breach notice of incident ${id} on SMS`);
    expect(await leaksIn(await sinksOf(running), [REACHED, REFUSED, ADDRESS])).toEqual([]);
    expect([...fake.violations, ...running.faults]).toEqual([]);
  });
});
