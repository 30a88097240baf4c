import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AwsClientConfig } from '../../bin/commands/connection.ts';
import { tokenFor } from '../../bin/commands/contact-point.ts';
import type { Answer } from '../../lib/domain/decision/answer.ts';
import { leaks } from '../support/canary.ts';
import { check as ask, untilDecided } from './ask.ts';
import { appendAuditLog } from './log-entries.ts';
import { runCommand } from './run-command.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';
import { stateOf, storedItems } from './stored-state.ts';

const SELLER = 'acme';
const DAY_MS = 86_400_000;
const LONDON = '+442079460106';
const ADDRESS = 'casey.fixture@example.com';
const SERVICE_CALL = { channel: 'VOICE', purpose: 'SERVICE', seller: SELLER };
const PROOF = { textVersion: 'terms-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) };

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

const used: string[] = [LONDON, ADDRESS];
/** A number that no other test uses: 212 555 0100 and following. */
function someone(): string {
  const number = `+121255501${String(used.length).padStart(2, '0')}`;
  used.push(number);
  return number;
}

describe('tokens and scopes', () => {
  const asked = { phoneNumber: '+12125550199', ...SERVICE_CALL };

  it('refuses a request without a token, and with one that is none', async () => {
    const forged = await forgedToken();
    for (const authorization of [
      undefined,
      'Bearer',
      'Bearer not.a.token',
      `Bearer ${forged}`,
      'Basic eDp5',
    ]) {
      const { status, body } = await send('/v1/checks', asked, authorization);
      expect({ authorization, status }).toEqual({ authorization, status: 401 });
      expect(body).toEqual({ message: 'Unauthorized' });
    }
  });

  it('refuses what a token has no scope for', async () => {
    const authorization = await bearer('dialguard/check');
    expect((await send('/v1/checks', asked, authorization)).status).toBe(200);
    for (const path of ['/v1/opt-outs', '/v1/consents', '/v1/holds', '/v1/hold-releases']) {
      const { status } = await send(path, { phoneNumber: asked.phoneNumber }, authorization);
      expect({ path, status }).toEqual({ path, status: 403 });
    }
  });

  it('gives a client no scope that it does not have, and no token for a wrong secret', async () => {
    expect((await tokenAnswer('dialguard/check dialguard/everything')).status).toBe(400);
    for (const secret of ['wrong', 'wrong%', '']) {
      expect((await tokenAnswer('dialguard/check', secret)).status).toBe(400);
    }
  });

  it('discloses reasons only with dialguard/explain, in the same shape', async () => {
    const phoneNumber = someone();
    await optOut({ phoneNumber });
    const request = { phoneNumber, ...SERVICE_CALL };
    const open = await send('/v1/checks', request, await bearer('dialguard/check dialguard/explain'));
    const closed = await send('/v1/checks', request, await bearer('dialguard/check'));
    expect(open.body).toMatchObject({ decision: 'BLOCK', reason: 'SUPPRESSED', reasons: [{}] });
    expect(closed.body).toMatchObject({ decision: 'BLOCK', reason: 'NOT_DISCLOSED', reasons: [] });
    expect(Object.keys(Object(closed.body)).toSorted()).toEqual(Object.keys(Object(open.body)).toSorted());
    expect(JSON.stringify(closed.body)).not.toContain('SUPPRESSED');
  });

  it('answers 404 for a route that there is not', async () => {
    const authorization = await bearer();
    expect((await send('/v1/check', asked, authorization)).status).toBe(404);
    expect((await send('/v1/checks/1', asked, authorization)).status).toBe(404);
    const got = await fetch(`${running.stack.endpoints.apiUrl}/v1/checks`, { headers: { authorization } });
    expect(got.status).toBe(404);
  });
});

describe('signatures', () => {
  const services: Record<string, (aws: AwsClientConfig) => Promise<unknown>> = {
    dynamodb: (aws) =>
      new DynamoDBClient(aws).send(new ScanCommand({ TableName: endpoints().tables.contactPoints })),
    s3: (aws) => new S3Client(aws).send(new ListObjectsV2Command({ Bucket: endpoints().buckets.outbox })),
    sqs: (aws) =>
      new SQSClient(aws).send(new ReceiveMessageCommand({ QueueUrl: endpoints().queues.optOutDlq })),
    sns: (aws) =>
      new SNSClient(aws).send(new PublishCommand({ TopicArn: endpoints().topics.legalAlerts, Message: 'x' })),
    secretsmanager: (aws) =>
      new SecretsManagerClient(aws).send(new GetSecretValueCommand({ SecretId: endpoints().secrets.pepper })),
    lambda: (aws) =>
      new LambdaClient(aws).send(
        new InvokeCommand({ FunctionName: endpoints().functions.checkConsent, Payload: '{}' }),
      ),
    events: (aws) =>
      new EventBridgeClient(aws).send(
        new PutEventsCommand({ Entries: [{ Source: 'x', DetailType: 'x', Detail: '{}' }] }),
      ),
  };

  it.each(Object.entries(services))('%s refuses a wrong secret and an unknown key', async (_name, call) => {
    const { aws } = running.connection;
    const { accessKeyId = '', secretAccessKey = '' } = endpoints();
    await expect(call(aws)).resolves.toBeDefined();
    const strangers = [
      { accessKeyId, secretAccessKey: `${secretAccessKey}x` },
      { accessKeyId: 'AKIDSTRANGER', secretAccessKey },
    ];
    for (const credentials of strangers) {
      await expect(call({ ...aws, credentials })).rejects.toMatchObject({
        $metadata: { httpStatusCode: expect.toSatisfy((status) => status === 403 || status === 400) },
        name: expect.stringMatching(
          /Signature|InvalidAccessKeyId|UnrecognizedClient|InvalidClientTokenId|IncompleteSignature/,
        ),
      });
    }
  });
});

describe('HTTP and the data action', () => {
  it('give the same decision; the data action in strings, every field present', async () => {
    const [free, blocked] = [someone(), someone()];
    await optOut({ phoneNumber: blocked });
    const inputs = [
      { phoneNumber: free, ...SERVICE_CALL },
      { phoneNumber: blocked, ...SERVICE_CALL },
      { phoneNumber: free, phoneNumber2: blocked, ...SERVICE_CALL },
      { phoneNumber: LONDON, ...SERVICE_CALL },
      { phoneNumber: free, channel: 'VOICE' },
      { ...SERVICE_CALL, phoneNumber: '', seller: '' },
      {},
    ];
    for (const input of inputs) {
      const overHttp = await check(input);
      const flat = await untilDecided(() => invoke(input));
      expect(Object.keys(flat).toSorted()).toEqual(Object.keys(overHttp).toSorted());
      const { decisionId, checkedAt = '', reasons = '', nextAllowedAt, ...same } = flat;
      expect(overHttp).toMatchObject(same);
      expect(JSON.parse(reasons)).toEqual(overHttp.reasons);
      expect(nextAllowedAt).toBe(overHttp.nextAllowedAt ?? '');
      expect(decisionId).not.toBe(overHttp.decisionId);
      expect(Date.parse(checkedAt)).toBeGreaterThan(0);
    }
  });

  it('block a number without its country, and name no default', async () => {
    const national = someone().slice(2);
    expect(await check({ phoneNumber: national, ...SERVICE_CALL })).toMatchObject({
      decision: 'BLOCK',
      reason: 'UNREADABLE_INPUT',
    });
    const named = { phoneNumber: national, defaultRegion: 'US', ...SERVICE_CALL };
    expect(await check(named)).toMatchObject({ decision: 'ALLOW' });
  });

  it('block all numbers of a contact if one of them is blocked', async () => {
    const numbers = [someone(), someone(), someone()];
    expect(await check({ phoneNumbers: numbers, ...SERVICE_CALL })).toMatchObject({ decision: 'ALLOW' });
    await optOut({ phoneNumber: numbers[1] });
    expect(await check({ phoneNumbers: numbers, ...SERVICE_CALL })).toMatchObject({ decision: 'BLOCK' });
  });
});

describe('opt-outs and consents', () => {
  it('an opt-out ends one channel, or all of them', async () => {
    const phoneNumber = someone();
    await optOut({ phoneNumber, channel: 'SMS' });
    expect(await effect({ phoneNumber, ...SERVICE_CALL, channel: 'SMS' })).toBe('BLOCK SUPPRESSED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
    await optOut({ phoneNumber, channel: 'ALL' });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
  });

  it('an opt-out from one seller binds that seller, and whoever names none', async () => {
    const phoneNumber = someone();
    await optOut({ phoneNumber, seller: SELLER });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL, seller: 'other' })).toBe('ALLOW PERMITTED');
    expect(await effect({ phoneNumber, ...SERVICE_CALL, seller: undefined })).toBe('BLOCK SUPPRESSED');
  });

  it.each([
    ['older than the withdrawal', 20, 'BLOCK CONSENT_WITHDRAWN'],
    ['of the same moment', 10, 'BLOCK CONSENT_WITHDRAWN'],
    ['newer than the withdrawal', 5, 'ALLOW PERMITTED'],
  ])('a proved grant %s', async (_when, daysAgo, expected) => {
    const phoneNumber = someone();
    const now = Date.now();
    const at = (days: number) => new Date(now - days * DAY_MS).toISOString();
    await consent({ phoneNumber, status: 'WITHDRAWN', effectiveAt: at(10) });
    await consent({ phoneNumber, status: 'GRANTED', effectiveAt: at(daysAgo), proof: PROOF });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe(expected);
  });

  it('takes no grant without proof', async () => {
    const phoneNumber = someone();
    await optOut({ phoneNumber });
    const { status, body } = await running.connection.post('/v1/consents', {
      ...consentOf({ phoneNumber, status: 'GRANTED' }),
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('proof');
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK SUPPRESSED');
  });

  it('a retried check gets the same decision and counts one attempt, until the person opts out', async () => {
    const phoneNumber = someone();
    const request = { phoneNumber, ...SERVICE_CALL, requestId: 'dial-1' };
    const first = await check(request);
    expect(await check(request)).toEqual(first);
    expect(await counted(phoneNumber)).toEqual([first.decisionId]);
    const another = await check({ ...request, requestId: 'dial-2' });
    expect(another.decisionId).not.toBe(first.decisionId);
    expect((await counted(phoneNumber)).at(-1)).toBe(another.decisionId);
    await optOut({ phoneNumber });
    expect(await effect(request)).toBe('BLOCK SUPPRESSED');
  });

  it('stores nothing about a person of another region', async () => {
    const before = new Set((await storedItems(running.connection)).map(({ token }) => token));
    const answer = await check({ phoneNumber: LONDON, ...SERVICE_CALL, contactId: 'crm-1' });
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'WRONG_REGION' });
    expect(answer.reasons[0]?.ruleId).toBe('residency:EU');
    const optedOut = await running.connection.post('/v1/opt-outs', optOutOf({ phoneNumber: LONDON }));
    expect(optedOut).toEqual({ status: 421, body: { accepted: false, code: 'WRONG_REGION', region: 'EU' } });
    const added = (await storedItems(running.connection)).filter(({ token }) => !before.has(token));
    // The decision's own record, which names nobody.
    expect(added.map(({ token }) => token)).toEqual([`e.${answer.decisionId}`]);
    const text = JSON.stringify(added);
    expect(text).not.toContain(await tokenFor(running.connection, LONDON, undefined));
    expect(text).not.toContain('crm-1');
    expect(leaks(text, [LONDON])).toEqual([]);
  });
});

describe('litigation holds', () => {
  it('block every channel and purpose, tell Legal of each attempt, and end by two people', async () => {
    const phoneNumber = someone();
    const onPhone = ['VOICE', 'SMS'].flatMap((channel) =>
      ['SERVICE', 'MARKETING', 'BREACH_NOTICE'].map((purpose) => ({ phoneNumber, channel, purpose })),
    );
    const attempts = [...onPhone, { email: ADDRESS, channel: 'EMAIL', purpose: 'SERVICE' }];
    for (const contact of [{ phoneNumber }, { email: ADDRESS }]) {
      expect((await hold('/v1/holds', contact, 'legal-1')).status).toBe(201);
    }
    const alerts = () => running.stack.sns.published(endpoints().topics.legalAlerts);
    const before = alerts().length;
    const decisionIds: string[] = [];
    for (const attempt of attempts) {
      const answer = await check({ ...attempt, seller: SELLER });
      expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'LITIGATION_HOLD' });
      decisionIds.push(answer.decisionId);
    }
    // An alert that could not be sent with its answer is sent with the log.
    await appendAuditLog(running.connection);
    const alerted = alerts()
      .slice(before)
      .map(({ message }) => z.object({ decisionId: z.string() }).parse(JSON.parse(message)).decisionId);
    expect(new Set(alerted)).toEqual(new Set(decisionIds));

    const release = (by: string) => hold('/v1/hold-releases', { phoneNumber }, by);
    expect(await release('legal-1')).toMatchObject({
      status: 201,
      body: { status: 'AWAITING_SECOND_RELEASE' },
    });
    expect(await release('Legal-1')).toMatchObject({
      status: 200,
      body: { status: 'AWAITING_SECOND_RELEASE' },
    });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('BLOCK LITIGATION_HOLD');
    expect(await release('legal-2')).toMatchObject({ status: 201, body: { status: 'RELEASED' } });
    expect(await effect({ phoneNumber, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
  });
});

describe('the registry', () => {
  it('blocks marketing while it is not there, then who is listed', async () => {
    const [listed, unlisted] = [someone(), someone()];
    const marketing = { channel: 'VOICE', purpose: 'MARKETING', seller: SELLER };
    expect(await effect({ phoneNumber: listed, ...marketing })).toBe('BLOCK REGISTRY_UNAVAILABLE');

    const file = join(running.folder, 'full.txt');
    writeFileSync(file, `212,${listed.slice(5)}\r\n305,5550199\r\n`);
    const today = new Date().toISOString().slice(0, 10);
    const args = ['registry', 'import', file, '--version-date', today, '--area-codes', '212,305'];
    const ran = await runCommand(['--endpoints', running.endpointsFile, ...args]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('2 numbers');

    expect(await effect({ phoneNumber: listed, ...marketing })).toBe('BLOCK REGISTRY_LISTED');
    expect(await effect({ phoneNumber: listed, ...SERVICE_CALL })).toBe('ALLOW PERMITTED');
    const codes = async (phoneNumber: string) =>
      (await check({ phoneNumber, ...marketing })).reasons
        .map(({ code }) => code)
        // What the clock says is no part of this.
        .filter((code) => code !== 'OUTSIDE_CALLING_HOURS');
    expect(await codes(unlisted)).toEqual([]);
    expect(await codes('+14155550123')).toEqual(['REGISTRY_NOT_COVERED']);
  });
});

describe('the network', () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'));

  it.skipIf(outside.length === 0)('is served on 127.0.0.1 and nowhere else', async () => {
    const { apiUrl, awsEndpoint = '' } = endpoints();
    for (const url of [apiUrl, awsEndpoint]) {
      const { hostname, port } = new URL(url);
      expect(hostname).toBe('127.0.0.1');
      expect(await dial('127.0.0.1', Number(port))).toBe('connected');
      for (const { address } of outside) expect(await dial(address, Number(port))).toBe('ECONNREFUSED');
    }
  });
});

describe('personal data (I4)', () => {
  it('stands in no log, key, item, audit object, message or answer', async () => {
    const hostile = { phoneNumber: someone(), ...SERVICE_CALL };
    for (const field of ['campaignId', 'contactId', 'requestId', 'calledPartyRegion', 'seller', 'by']) {
      for (const value of [hostile.phoneNumber, ADDRESS]) {
        await running.connection.post('/v1/checks', { ...hostile, [field]: value });
        await running.connection.post('/v1/opt-outs', { ...optOutOf(hostile), [field]: value });
        await running.connection.post('/v1/consents', { ...consentOf(hostile), [field]: value });
        await running.connection.post('/v1/holds', { ...hostile, caseId: value, by: value });
        await invoke({ ...hostile, [field]: value });
      }
    }
    await appendAuditLog(running.connection);
    const sinks = await sinksOf(running);
    expect([...sinks].filter(([, text]) => text === '' || text === '[]').map(([name]) => name)).toEqual([]);
    expect(leaksIn(sinks, used)).toEqual([]);
    expect(running.faults).toEqual([]);
  }, 60_000);
});

function endpoints() {
  return running.stack.endpoints;
}

async function check(request: object): Promise<Answer> {
  return await ask(running.connection, request);
}

/** The decisions whose attempts are kept for counting, oldest first. */
async function counted(phoneNumber: string): Promise<readonly string[]> {
  const { attempts } = await stateOf(running.connection, phoneNumber);
  return attempts.map(({ decisionId }) => decisionId);
}

async function effect(request: object): Promise<string> {
  const { decision, reason } = await check(request);
  return `${decision} ${reason}`;
}

const Flat = z.object({ reason: z.string() }).catchall(z.string());

async function invoke(input: object): Promise<z.infer<typeof Flat>> {
  const { Payload, FunctionError } = await new LambdaClient(running.connection.aws).send(
    new InvokeCommand({ FunctionName: endpoints().functions.checkConsent, Payload: JSON.stringify(input) }),
  );
  expect(FunctionError).toBeUndefined();
  return Flat.parse(JSON.parse(Payload?.transformToString() ?? ''));
}

function optOutOf(given: object): object {
  return { channel: 'ALL', source: 'AGENT', by: 'agent-7', ...given };
}

async function optOut(given: object): Promise<void> {
  const { status } = await running.connection.post('/v1/opt-outs', optOutOf(given));
  expect(status).toBe(201);
}

function consentOf(given: object): object {
  const named = { channel: 'VOICE', purpose: 'SERVICE', seller: SELLER };
  return { ...named, source: 'WEBSITE_FORM', by: 'web', ...given };
}

async function consent(given: object): Promise<void> {
  const { status } = await running.connection.post('/v1/consents', consentOf(given));
  expect(status).toBe(201);
}

async function hold(path: string, contact: object, by: string) {
  return await running.connection.post(path, { ...contact, caseId: 'case-17', by });
}

async function send(path: string, body: object, authorization: string | undefined) {
  const response = await fetch(`${endpoints().apiUrl}${path}`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: z.unknown().parse(await response.json()) };
}

async function tokenAnswer(scope?: string, secret = endpoints().oauth.clientSecret): Promise<Response> {
  const { tokenUrl, clientId } = endpoints().oauth;
  return await fetch(tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    }),
  });
}

async function bearer(scope?: string): Promise<string> {
  const response = await tokenAnswer(scope);
  expect(response.status).toBe(200);
  return `Bearer ${z.object({ access_token: z.string() }).parse(await response.json()).access_token}`;
}

/** All that a real token says, under a key of a stranger. */
async function forgedToken(): Promise<string> {
  const real = (await bearer()).split('.')[1] ?? '';
  const claims = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(Buffer.from(real, 'base64url').toString('utf8')));
  const { privateKey } = await generateKeyPair('RS256');
  return await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
}

async function dial(host: string, port: number): Promise<string> {
  return await new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (said: string) => {
      socket.destroy();
      resolve(said);
    };
    socket.once('connect', () => end('connected'));
    socket.once('timeout', () => end('timeout'));
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.name));
  });
}
