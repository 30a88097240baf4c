import type { Command } from 'commander';
import * as z from 'zod';
import { globalOptions, parseOptions } from './connection.ts';

const Options = z.object({
  once: z.boolean().default(false),
  fresh: z.boolean().default(false),
  port: z.coerce.number('expected a port').int().min(0).max(65_534),
});
export type LocalOptions = z.infer<typeof Options>;

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
      // Only this command needs the stack's code; the others start in half the time without it.
      const { runLocal } = await import('./run-local.ts');
      await runLocal(residency, options);
      // A keep-alive connection of an SDK client must not hold the command open.
      process.exit();
    });
}
