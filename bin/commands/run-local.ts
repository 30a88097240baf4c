import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootLocalStack, type LocalStack } from '../../lib/local/boot/boot.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { lockFile } from '../../lib/local/file-lock.ts';
import { synthesize } from '../../lib/local/synthesize.ts';
import { connectionTo } from './connection.ts';
import type { LocalOptions } from './local.ts';
import { runMainJob } from './main-job.ts';

/**
 * Starts the stack in `.local`, runs the main job, and stays up unless told `once`. Sets exit code 1 if a step did not
 * hold.
 *
 * @throws Error if another stack runs there, a port is taken, or the stacks do not boot.
 */
export async function runLocal(residency: 'EU' | 'US', options: LocalOptions): Promise<void> {
  const folder = join('.local', residency.toLowerCase());
  mkdirSync(folder, { recursive: true });
  // Held before --fresh removes anything: another stack may be running on it.
  const release = lockFile(join(folder, 'stack'));
  try {
    await runIn(folder, residency, options);
  } finally {
    release();
  }
}

async function runIn(folder: string, residency: 'EU' | 'US', options: LocalOptions): Promise<void> {
  if (options.fresh) rmSync(join(folder, 'state'), { recursive: true, force: true });
  const stack = await start(folder, residency, options);
  try {
    const held = await runMainJob({ connection: connectionTo(stack.endpoints), say: sayLine });
    if (!held) process.exitCode = 1;
    if (!options.once) await stayUp(stack);
  } finally {
    await stack.close();
  }
}

async function start(folder: string, residency: 'EU' | 'US', { port }: LocalOptions): Promise<LocalStack> {
  const endpointsFile = join('.local', 'endpoints.json');
  // Whoever waits for the file must not find the one of an earlier run.
  rmSync(endpointsFile, { force: true });
  const assembly = join('.local', `cdk.out-${residency.toLowerCase()}`);
  sayLine('Synthesizing the stacks ...');
  await synthesize({ residency, output: assembly });
  sayLine('Booting them on 127.0.0.1 ...');
  const stack = await bootLocalStack({
    assembly,
    folder: join(folder, 'state'),
    port,
    onError: (error) =>
      process.stderr.write(`local AWS: ${error instanceof Error ? error.stack : 'fault'}\n`),
  });
  writeEndpoints(endpointsFile, stack.endpoints);
  return stack;
}

async function stayUp({ endpoints }: LocalStack): Promise<void> {
  const { apiUrl, awsEndpoint = '', oauth, eventBusName, buckets } = endpoints;
  const lines = [
    '',
    `  HTTP API     ${apiUrl}`,
    `  Token URL    ${oauth.tokenUrl}`,
    `  Local AWS    ${awsEndpoint}`,
    `  Event bus    ${eventBusName}`,
    `  Inbox        s3://${buckets.inbox}/contact-lists/<profile>/<file>.csv`,
    '  Names, credentials and the OAuth client: .local/endpoints.json',
    '',
    'Up. Try `npx dialguard --help` in another terminal; Ctrl-C stops the stack and keeps its data.',
  ];
  for (const line of lines) sayLine(line);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function sayLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
