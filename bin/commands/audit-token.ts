import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { tokenFor } from './contact-point.ts';
import { print } from './output.ts';

const Options = z.object({ region: z.string().optional() });

/** `dialguard audit token`: by which token the log names a number or an address. */
export function addAuditToken(audit: Command): void {
  audit
    .command('token')
    .description('the token that the log names a number or an address by, for queries on Athena')
    .argument('<contact>', 'phone number or e-mail address')
    .option('--region <country>', 'country of a number that is written without one')
    .addHelpText('after', '\nExample:\n  $ npx dialguard --stage prod audit token +12125550123')
    .action(async (contact: string, _options: unknown, command: Command) => {
      const { region } = parseOptions(Options, command.opts());
      const token = await tokenFor(await connect(command), contact, region);
      print(globalOptions(command).json, { token }, () => [token]);
    });
}
