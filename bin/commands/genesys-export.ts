import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { cxAsCode } from '../../lib/domain/genesys-setup/cx-as-code.ts';
import { planSetup } from '../../lib/domain/genesys-setup/set-up.ts';
import { parseOptions } from './connection.ts';
import { openOrganization, withPlan } from './genesys-organization.ts';
import { printable } from './printable.ts';

const Options = z.object({ cxAsCode: z.string().min(1) });

/** `dialguard genesys export`: what setup makes, for those who make it with Terraform. */
export function addGenesysExport(genesys: Command): void {
  withPlan(genesys.command('export'))
    .description('what setup makes, as a Terraform configuration (CX as Code); reads and changes nothing')
    .requiredOption(
      '--cx-as-code <file>',
      'where to write it, such as dialguard.tf.json; - for standard output',
    )
    .addHelpText(
      'after',
      `
Example:
  $ npx dialguard --stage prod --residency US genesys export --plan genesys.json --cx-as-code dialguard.tf.json`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { cxAsCode: file } = parseOptions(Options, command.opts());
      const { organization, plan, deployment } = await openOrganization(command);
      const { found, wanted } = await planSetup(organization, plan, deployment);
      const { configuration, caveats } = cxAsCode(found, plan, wanted);
      const text = `${JSON.stringify(configuration, null, 2)}\n`;
      if (file === '-') process.stdout.write(text);
      else writeFileSync(file, text);
      for (const caveat of caveats) process.stderr.write(`Mind: ${printable(caveat)}\n`);
    });
}
