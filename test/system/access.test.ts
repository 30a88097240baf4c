import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
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
import { appendAuditLog } from './log-entries.ts';
import { optOut } from './preferences.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';

const ASKED = '+12125550199';
const OPTED_OUT = '+12125550100';
const SERVICE_CALL = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };

/** Every body that the HTTP API has answered a request of these tests with. */
const answered: unknown[] = [];
let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

describe('tokens and scopes', () => {
  const asked = { phoneNumber: ASKED, ...SERVICE_CALL };

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
    await optOut(running.connection, { phoneNumber: OPTED_OUT });
    const request = { phoneNumber: OPTED_OUT, ...SERVICE_CALL };
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
    await appendAuditLog(running.connection);
    const sinks = new Map([...(await sinksOf(running)), ['refusals and answers', JSON.stringify(answered)]]);
    expect([...sinks].filter(([, text]) => text === '' || text === '[]').map(([name]) => name)).toEqual([]);
    expect(leaksIn(sinks, [ASKED, OPTED_OUT])).toEqual([]);
    expect(running.faults).toEqual([]);
  });
});

function endpoints() {
  return running.stack.endpoints;
}

async function send(path: string, body: object, authorization: string | undefined) {
  const response = await fetch(`${endpoints().apiUrl}${path}`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
    body: JSON.stringify(body),
  });
  const answer = z.unknown().parse(await response.json());
  answered.push(answer);
  return { status: response.status, body: answer };
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
