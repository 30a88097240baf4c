import type { Command } from 'commander';
import { type Finding, findings } from '../../lib/domain/genesys-setup/findings.ts';
import { wantedOf } from '../../lib/domain/genesys-setup/wanted.ts';
import { globalOptions } from './connection.ts';
import { openOrganization, withPlan } from './genesys-organization.ts';
import { print } from './output.ts';
import { printable } from './printable.ts';
import { sentenceOf } from './sentence-of.ts';

/** `dialguard genesys doctor`: what in the organisation would let a contact past the check. */
export function addGenesysDoctor(genesys: Command): void {
  withPlan(genesys.command('doctor'))
    .description('find what would let a contact past the check, or stop all; reads and changes nothing')
    .addHelpText(
      'after',
      `
Example:
  $ npx dialguard --stage prod --residency US genesys doctor --plan genesys.json

Exit code 0: nothing was found. 1: something was. 2: the organisation could not be seen whole, so that nothing can be said.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { json } = globalOptions(command);
      let seen: Awaited<ReturnType<typeof look>>;
      try {
        seen = await look(command);
      } catch (error) {
        const said = sentenceOf(error).split('\n').map(printable);
        process.stderr.write(`dialguard: ${said.join('\n')}\n`);
        process.exitCode = 2;
        return;
      }
      const { found, exempt } = seen;
      if (found.length > 0) process.exitCode = 1;
      print(json, { findings: found, exempt }, () => [
        ...(found.length === 0 ? ['Nothing was found.'] : found.flatMap(lines)),
        ...exempt.map(({ campaign, reason }) => `Left alone: ${printable(campaign)} (${printable(reason)})`),
      ]);
    });
}

async function look(command: Command) {
  const { organization, plan, deployment, settings } = await openOrganization(command);
  const found = await organization.read(plan.prefix);
  const wanted = wantedOf(found, plan, deployment);
  const { optOutWrapUpCodes, diallers } = settings;
  const diallerLists = Object.values(diallers).flatMap((dialler) =>
    dialler.kind === 'genesys-cloud' ? dialler.lists : [],
  );
  const given = { found, plan, wanted, optOutWrapUpCodes, diallerLists };
  return { found: findings(given), exempt: plan.exempt };
}

function lines({ code, severity, where, means, mend }: Finding): readonly string[] {
  return [`${severity}  ${code}  ${printable(where)}`, `  ${means}.`, `  To mend it: ${mend}.`];
}
