import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dialled } from '../support/coverage.ts';
import { createAnalytics } from '../support/genesys-cloud/analytics.ts';
import { CLIENT, type FakeServer, startFakeServer } from '../support/genesys-cloud/server.ts';
import { appendAuditLog, logLines } from './log-entries.ts';
import { runCommand } from './run-command.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';

const PHONE = '+12125550171';
const HOUR_MS = 3_600_000;
const CONVERSATION = 'talk-1';
const GAP = `${CONVERSATION}.${CONVERSATION}-customer`;
// An hour that is over, whenever the test is run.
const from = Math.floor(Date.now() / HOUR_MS - 2) * HOUR_MS;

let fake: FakeServer;
let running: RunningStack;
beforeAll(async () => {
  const conversations = [dialled({ id: CONVERSATION, to: PHONE, at: from + 60_000, campaignId: 'spring' })];
  fake = await startFakeServer(
    createAnalytics({ conversations: () => conversations, availableUntil: Date.now }).routes,
  );
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
});

const coverage = (...args: readonly string[]) =>
  runCommand(['--endpoints', running.endpointsFile, 'coverage', ...args]);

/** As if the checks had begun with an hour that is over. */
async function checkHours(): Promise<void> {
  const { aws, endpoints } = running.connection;
  const progress = { pk: 'coverage', sk: 'progress', closedUntil: from, toLog: {} };
  await new DynamoDBClient(aws).send(
    new PutItemCommand({ TableName: endpoints.tables.cases, Item: marshall(progress) }),
  );
  await appendAuditLog(running.connection);
  const FunctionName = endpoints.functions.reconcileCoverage;
  const { FunctionError } = await new LambdaClient(aws).send(new InvokeCommand({ FunctionName }));
  expect(FunctionError).toBeUndefined();
}

it('E14: a call that nobody decided is found on the running stack, judged, and in the log', async () => {
  await checkHours();
  const status = await coverage('status');
  expect(status.stdout).toMatch(/^Every outbound contact before \S+ was held against the decisions\.\n/);
  expect(status.stdout).toContain('that wait for a word: 1 ');
  expect((await coverage('gaps')).stdout).toBe(
    `${GAP}  VOICE at ${new Date(from + 60_000).toISOString()}, campaign spring: NO_DECISION\n`,
  );
  const judged = ['--by', 'officer-1', '--reason', 'test-call'];
  expect(await coverage('resolve', 'no-such-contact', ...judged)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('UNKNOWN_GAP'),
  });
  expect(await coverage('resolve', GAP, ...judged)).toMatchObject({ code: 0, stderr: '' });
  expect((await coverage('gaps')).stdout).toBe('Every outbound contact had a decision, or was judged.\n');
  expect((await coverage('gaps', '--all', '--since', '2026-01-01')).stdout).toContain(
    'judged test-call by officer-1',
  );
  await appendAuditLog(running.connection);
  const kinds = (await logLines(running.connection)).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(['coverage', 'coverage-judgement']));
  expect(leaksIn(await sinksOf(running), [PHONE])).toEqual([]);
  expect(fake.violations).toEqual([]);
});
