import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { bootLocalStack, type LocalStack } from '../../lib/local/boot/boot.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { synthesize } from '../../lib/local/synthesize.ts';
import { connectionTo, globalOptions, parseOptions } from './connection.ts';
import { runMainJob } from './main-job.ts';

const Options = z.object({
  once: z.boolean().default(false),
  fresh: z.boolean().default(false),
  port: z.coerce.number('expected a port').int().min(0).max(65_534),
});

/** `dialguard local`: the whole stack on this machine, booted from the templates that would be deployed. */
export function addLocal(program: Command): void {
  program
    .command('local')
    .description('start the stack on this machine, run the main job once, and stay up')
    .option('--once', 'stop after the main job; exit code 0 only if every step held')
    .option('--fresh', 'start with nothing stored')
    .option('--port <port>', 'port of the HTTP API; the local AWS takes the next one', '8787')
    .addHelpText('after', '\nExamples:\n  $ npm start\n  $ npm start -- --once --fresh')
    .action(async (_options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const { residency } = globalOptions(command);
      const stack = await start(residency, options);
      try {
        const held = await runMainJob({ connection: connectionTo(stack.endpoints), say: sayLine });
        if (!held) process.exitCode = 1;
        if (!options.once) await stayUp(stack);
      } finally {
        await stack.close();
      }
      // A keep-alive connection of an SDK client must not hold the command open.
      process.exit();
    });
}

async function start(residency: 'EU' | 'US', options: z.infer<typeof Options>): Promise<LocalStack> {
  const folder = join('.local', residency.toLowerCase());
  if (options.fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const assembly = join('.local', `cdk.out-${residency.toLowerCase()}`);
  sayLine('Synthesizing the stacks ...');
  await synthesize(residency, assembly);
  sayLine('Booting them on 127.0.0.1 ...');
  const stack = await bootLocalStack({
    assembly,
    folder: join(folder, 'state'),
    port: options.port,
    onError: (error) =>
      process.stderr.write(`local AWS: ${error instanceof Error ? error.stack : 'fault'}\n`),
  });
  writeEndpoints(join('.local', 'endpoints.json'), stack.endpoints);
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
