import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { buildSync } from 'esbuild';
import * as z from 'zod';
import { policyConstants } from '../bin/policy-file.ts';
import { HEAD_KEY } from '../lib/adapters/dynamodb/log-head.ts';
import { bundleOptions } from '../lib/constructs/bundle.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import { createTables, TABLES } from '../test/support/dynalite.ts';
import { startEmulator } from './emulator.ts';
import { type BenchSize, compare, quantile, type Row, type Samples } from './samples.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROUNDS = 3;
const STARTS = 15;
/** An empty script, and one that makes the SDK's clients that the check would have: what a cold start cannot do without. */
const EMPTY = 'exports.handler = async () => {};';
const CLIENTS = `
  import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
  import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
  import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
  globalThis.commands = [BatchGetItemCommand, GetItemCommand, UpdateItemCommand, GetSecretValueCommand, PublishCommand];
  globalThis.clients = [new DynamoDBClient(), new SecretsManagerClient(), new SNSClient()];
  export const handler = async () => {};`;

/** check-consent as it is deployed: its start and its warm answers, each in processes of their own, in turns. */
export async function benchCheckBundle({ turns }: BenchSize): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bundle-'));
  const emulator = await startEmulator();
  const secrets = await startSecrets();
  try {
    await prepare(emulator.endpoint);
    const files = buildAll(folder);
    const env = environmentOf(emulator.endpoint, secrets.endpoint);
    return [...(await starts(files, env)), await warm(files, { env, turns, folder })];
  } finally {
    emulator.stop();
    secrets.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Files = Readonly<Record<'check' | 'bare' | 'bareOfSdk' | 'clients' | 'empty', string>>;

function buildAll(folder: string): Files {
  const outfile = (name: string) => join(folder, `${name}.js`);
  const slim = bundleOptions(ROOT, 'check-consent', policyConstants(DEFAULT_POLICY));
  buildSync({ ...slim, outfile: outfile('check') });
  buildSync({ ...slim, entryPoints: ['bench/bare-calls.ts'], outfile: outfile('bare') });
  const { entryPoints: _none, alias: _sdk, ...plain } = slim;
  buildSync({ ...plain, entryPoints: ['bench/bare-calls.ts'], outfile: outfile('bareOfSdk') });
  buildSync({ ...plain, stdin: { contents: CLIENTS, resolveDir: ROOT }, outfile: outfile('clients') });
  writeFileSync(outfile('empty'), EMPTY);
  return {
    check: outfile('check'),
    bare: outfile('bare'),
    bareOfSdk: outfile('bareOfSdk'),
    clients: outfile('clients'),
    empty: outfile('empty'),
  };
}

/** Process starts, in turns: files that are only loaded, and files that answer once. */
async function starts(files: Files, env: NodeJS.ProcessEnv): Promise<readonly Row[]> {
  const kinds = {
    empty: () => loading(files.empty),
    clients: () => loading(files.clients),
    check: () => loading(files.check),
    firstCalls: (start: number) => answering(files.bareOfSdk, { turn: start - STARTS }),
    firstCheck: (start: number) => answering(files.check, inputOf(start)),
  };
  const durations = await measured(kinds, env);
  const empty = quantile({ name: 'empty', durations: durations.empty }, 0.5);
  const beyond = (kind: keyof typeof kinds, said: string): Samples => ({
    name: `${said}, beyond an empty script`,
    durations: durations[kind].map((each) => each - empty),
  });
  return [
    compare(
      { name: 'start of the bundled check', durations: durations.check },
      { name: 'an empty script', durations: durations.empty },
    ),
    compare(
      beyond('check', 'start of the bundled check'),
      beyond('clients', "start of the SDK's clients alone"),
    ),
    compare(
      beyond('firstCheck', 'start to the first answer of the bundled check'),
      beyond('firstCalls', "start to the first answer of the SDK's client: bare BatchGetItem + UpdateItem"),
      '<= 0.5',
    ),
  ];
}

const KINDS = ['empty', 'clients', 'check', 'firstCalls', 'firstCheck'] as const;
type Kind = (typeof KINDS)[number];

async function measured(
  scripts: Readonly<Record<Kind, (start: number) => string>>,
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<Kind, number[]>>> {
  const durations: Record<Kind, number[]> = {
    ...{ empty: [], clients: [], check: [] },
    ...{ firstCalls: [], firstCheck: [] },
  };
  for (let start = 0; start < STARTS; start += 1) {
    for (const kind of KINDS) {
      const began = performance.now();
      await output(['--input-type=commonjs', '-e', scripts[kind](start)], env);
      durations[kind].push(performance.now() - began);
    }
  }
  return durations;
}

function loading(file: string): string {
  return `require(${JSON.stringify(file)})`;
}

/** Ends with the answer: connections stay open otherwise. */
function answering(file: string, event: object): string {
  return `${loading(file)}.handler(${JSON.stringify(event)}).then(() => process.exit())`;
}

async function warm(
  files: Files,
  { env, turns, folder }: { env: NodeJS.ProcessEnv; turns: number; folder: string },
): Promise<Row> {
  const check: number[] = [];
  const bare: number[] = [];
  const warmUp = Math.ceil(turns / 4);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [file, own, eventOf] of [
      [files.bare, bare, (turn: number): object => ({ turn: turn + round * turns * 2 })],
      [files.check, check, inputOf],
    ] as const) {
      const events = join(folder, 'events.json');
      writeFileSync(
        events,
        JSON.stringify(Array.from({ length: turns + warmUp }, (_, turn) => eventOf(turn))),
      );
      const said = await output([join(ROOT, 'bench/calls-process.ts'), file, events], env);
      own.push(
        ...z
          .array(z.number())
          .parse(JSON.parse(said.split('\n').at(-1) ?? ''))
          .slice(warmUp),
      );
    }
  }
  const baseline = { name: 'bare BatchGetItem + conditional UpdateItem, same client', durations: bare };
  return compare({ name: 'warm check as bundled', durations: check }, baseline, '<= 1.15, <= 1.25');
}

/** Each turn asks about another number, so that no item grows beyond what the log's minute lets it. */
function inputOf(turn: number): object {
  const areaCodes = [212, 305, 312, 415, 602, 503, 206, 303, 404, 512];
  const place = `${areaCodes[turn % areaCodes.length]}55501`;
  const line = String(Math.floor(turn / areaCodes.length) % 100).padStart(2, '0');
  return { phoneNumber: `+1${place}${line}`, channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' };
}

async function prepare(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: CREDENTIALS });
  await createTables(client);
  const loggedUntil = { N: String(Date.now() + 86_400_000) };
  await client.send(new PutItemCommand({ TableName: TABLES.cases, Item: { ...HEAD_KEY, loggedUntil } }));
  client.destroy();
}

const CREDENTIALS = { accessKeyId: 'bench', secretAccessKey: 'bench' };

function environmentOf(dynamodb: string, secrets: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...{ CONTACT_POINTS_TABLE: TABLES.contactPoints, REGISTRY_BLOCKS_TABLE: TABLES.registryBlocks },
    ...{ CASES_TABLE: TABLES.cases, LEGAL_ALERTS_TOPIC_ARN: 'topic', PEPPER_SECRET_ARN: 'pepper' },
    ...{ RESIDENCY: 'US', CHECK_BUDGET_MS: '5000', AWS_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' },
    ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets },
  };
}

/** The pepper, which the first check of a process asks for. */
async function startSecrets(): Promise<{ readonly endpoint: string; stop(): void }> {
  const SecretString = JSON.stringify({ version: 'p1', pepper: 'a pepper for benchmarks, no secret' });
  const server = createServer(async (request, response) => {
    await json(request);
    response.end(JSON.stringify({ SecretString }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.custom<AddressInfo>().parse(server.address());
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

/** What a Node process prints. */
async function output(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) printed += chunk;
  return printed;
}
