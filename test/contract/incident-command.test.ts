import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { GOOD_TEXTS } from '../support/notice-texts.ts';
import { hmacHex, jiraBody } from '../support/ticket-webhooks.ts';
import { type Ran, runCommand } from '../system/run-command.ts';
import { type RunningStack, startStack } from '../system/running-stack.ts';

const ID = /^([0-9a-f-]{36}) {2}/;
const ALL_DOCUMENTS = ['facts', 'effects', 'remedial-action'].flatMap((about) => [
  '--document',
  `${about}=DOC-1@facts.txt`,
]);

let running: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-incident-'));
  writeFileSync(join(folder, 'facts.txt'), 'what nobody but the operator reads');
  writeFileSync(join(folder, 'sms.txt'), GOOD_TEXTS.SMS.text);
  writeFileSync(
    join(folder, 'email.txt'),
    `Subject: ${GOOD_TEXTS.EMAIL.subject}\n\n${GOOD_TEXTS.EMAIL.text}`,
  );
  writeFileSync(join(folder, 'bad.txt'), 'Your password is lost. Call 317 555 0142');
  writeFileSync(join(folder, 'affected.csv'), 'recipientId,phone,email\nr-1,+12125550123,\n');
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function incident(...args: readonly string[]): Promise<Ran> {
  return await runCommand(['--endpoints', running.endpointsFile, 'incident', ...args], folder);
}

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await incident(...args);
  expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout });
  return stdout;
}

async function reported(...args: readonly string[]): Promise<string> {
  return ID.exec(await done('report', '--by', 'soc-1', ...args))?.[1] ?? '';
}

const TEXT = ['--name', 'breach-standard', '--language', 'en', '--channel'];

describe('dialguard incident', () => {
  it('takes an incident from its report to the release of its notices', async () => {
    const id = await reported('--reference', 'SEC-17', '--jurisdictions', 'DE', 'us-ca');
    expect(await done('list')).toContain(`${id}  SEC-17, REPORTED, due `);
    const assessed = await done(
      'assess',
      id,
      '--risk',
      'high',
      '--data-elements',
      'password',
      '--by',
      'dpo-1',
    );
    expect(assessed).toContain('gdpr-authority -> AUTHORITY: due');
    expect(assessed).toContain('us-ca-persons -> PERSONS: due');
    expect(await done('affected', id, 'affected.csv', '--by', 'dpo-1')).toContain('list: 1 people');
    expect(await done('template', 'lint', 'sms.txt', ...TEXT, 'sms', '--by', 'writer-1')).toContain(
      'Nothing speaks',
    );
    await done('template', 'put', 'sms.txt', ...TEXT, 'sms', '--by', 'writer-1');
    expect(
      (await incident('prepare', id, '--template', 'breach-standard', '--by', 'dpo-1')).stdout,
    ).toContain('TEMPLATE_NOT_APPROVED');
    const shown = await done('template', 'show', ...TEXT, 'sms', '--version', '1');
    expect(shown).toContain(GOOD_TEXTS.SMS.text);
    const sha256 = /^sha256 (\w+)$/m.exec(shown)?.[1] ?? '';
    const approve = ['template', 'approve', ...TEXT, 'sms', '--version', '1', '--sha256', sha256];
    expect((await incident(...approve, '--by', 'writer-1')).stdout).toContain('SAME_PERSON');
    expect(await done(...approve, '--by', 'legal-1')).toContain('approved by legal-1');
    expect(await done('template', 'list')).toContain('breach-standard  en  SMS  version 1');
    await done('prepare', id, '--template', 'breach-standard', '--by', 'dpo-1');
    expect((await incident('release', id, '--by', 'dpo-1')).stdout).toContain('SAME_PERSON');
    expect(await done('release', id, '--by', 'legal-1')).toContain('NOTIFYING');
    const told = ['--clock', 'gdpr-authority', '--authority', 'bfdi', '--by', 'dpo-1'];
    expect(await done('authority-notified', id, ...told)).toContain('MET       gdpr-authority');
    expect(await done('authority-notified', id, ...told, '--further')).toContain('FURTHER');
  });

  it('keeps the register of what was told to nobody, too', async () => {
    const id = await reported('--reference', 'SEC-18');
    await done(
      'assess',
      id,
      '--risk',
      'unlikely',
      '--jurisdictions',
      'DE',
      ...ALL_DOCUMENTS,
      '--by',
      'dpo-1',
    );
    expect(await done('close', id, '--by', 'dpo-1')).toContain('CLOSED');
    expect(await done('list')).not.toContain(id);
    expect(await done('list', '--all')).toContain(id);
    const register = await done('register');
    expect(register.split('\r\n')[0]).toContain('"remedialAction"');
    expect(register).toMatch(new RegExp(`^"${id}","SEC-18".*DOC-1 sha256:[0-9a-f]{64}`, 'm'));
    const json = await runCommand(
      ['--endpoints', running.endpointsFile, '--json', 'incident', 'register'],
      folder,
    );
    expect(JSON.parse(json.stdout).incidents).toContainEqual(
      expect.objectContaining({ id, risk: 'UNLIKELY' }),
    );
    expect(await done('watch', id)).toMatch(/^\S+ {2}CLOSED\n$/);
  });

  it('exempts and waives', async () => {
    const id = await reported('--reference', 'SEC-19', '--jurisdictions', 'FR');
    await done('assess', id, '--risk', 'high', '--by', 'dpo-1');
    const exempt = [
      'exempt',
      id,
      '--ground',
      'unintelligible-data',
      '--document-id',
      'DOC-8',
      '--by',
      'dpo-1',
    ];
    expect(await done(...exempt)).toContain('EXEMPT    gdpr-persons');
    expect(await done('end-exemption', id, '--by', 'dpo-1')).toContain('OPEN      gdpr-persons');
    const waive = ['waive', id, '--clock', 'gdpr-persons', '--document-id', 'DOC-9', '--by', 'dpo-1'];
    expect(await done(...waive)).toContain('WAIVED    gdpr-persons');
  });

  it('says line by line what speaks against a text', async () => {
    const { code, stdout } = await incident('template', 'put', 'bad.txt', ...TEXT, 'sms', '--by', 'writer-1');
    expect(code).toBe(1);
    expect(stdout).toMatch(/text, line 1: NUMBER_IN_TEXT, seven digits/);
    expect(stdout).toContain('DATA_ELEMENT_IN_SMS');
    expect(stdout).not.toContain('0142');
    expect(await done('template', 'put', 'email.txt', ...TEXT, 'email', '--by', 'writer-1')).toContain(
      'NOT APPROVED',
    );
  });

  it('hears of a ticket by its webhook, over HTTP and without a token', async () => {
    const { aws, endpoints } = running.connection;
    const get = new GetSecretValueCommand({ SecretId: endpoints.secrets.incidentWebhooks });
    const { SecretString = '' } = await new SecretsManagerClient(aws).send(get);
    const { jira } = z.object({ jira: z.string() }).parse(JSON.parse(SecretString));
    const issue = { ...jiraBody().issue, id: '777', key: 'SEC-777' };
    const body = JSON.stringify(jiraBody({ timestamp: Date.now(), issue }));
    const post = (secret: string) =>
      fetch(`${endpoints.apiUrl}/v1/webhooks/jira`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature': `sha256=${hmacHex(body, secret)}` },
        body,
      });
    expect((await post('guessed')).status).toBe(401);
    expect((await post(jira)).status).toBe(201);
    expect((await post(jira)).status).toBe(200);
    expect(await done('list')).toMatch(/SEC-777, REPORTED/);
  });

  it.each<[readonly string[], RegExp]>([
    [['report', '--reference', '+12125550123', '--by', 'soc-1'], /opaque id/],
    [['show', '01a20144-d9a7-70af-a312-2e1154c20698'], /UNKNOWN_INCIDENT/],
    [['assess', 'x', '--document', 'facts', '--by', 'dpo-1'], /expected <about>=<id>@<file/],
    [['affected', '01a20144-d9a7-70af-a312-2e1154c20698', '--by', 'dpo-1'], /UNKNOWN_INCIDENT/],
  ])('says what is wrong with %j', async (args, says) => {
    const ran = await incident(...args);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(says);
  });
});
