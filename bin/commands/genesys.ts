import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { type Planned, planSetup, setUp } from '../../lib/domain/genesys-setup/set-up.ts';
import { globalOptions, parseOptions } from './connection.ts';
import { addGenesysDoctor } from './genesys-doctor.ts';
import { addGenesysExport } from './genesys-export.ts';
import { openOrganization, withPlan } from './genesys-organization.ts';
import { print } from './output.ts';
import { printable } from './printable.ts';

/** `dialguard genesys ...`: what Genesys Cloud needs so that no contact passes the check. */
export function addGenesys(program: Command): void {
  const genesys = program
    .command('genesys')
    .description('Genesys Cloud: set the check up, find what would let a contact past it');
  addSetup(genesys);
  addGenesysDoctor(genesys);
  addGenesysExport(genesys);
}

const SETTLE_MS = 3000;

const Options = z
  .object({ dryRun: z.boolean().default(false), apply: z.boolean().default(false) })
  .refine(({ dryRun, apply }) => dryRun !== apply, {
    path: ['apply'],
    message: 'say either --dry-run or --apply',
  });

function addSetup(genesys: Command): void {
  withPlan(genesys.command('setup'))
    .description('make the data actions, rule sets, lists and event source of a plan, and attach them')
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--apply', 'change it; what is as planned is left alone')
    .addHelpText(
      'after',
      `
Examples:
  $ npx dialguard --stage prod --residency US genesys setup --plan genesys.json --dry-run
  $ npx dialguard --stage prod --residency US genesys setup --plan genesys.json --apply

docs/genesys.md says what a plan has in it. The OAuth client is read from DIALGUARD_GENESYS_CLIENT_ID and
DIALGUARD_GENESYS_CLIENT_SECRET.`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { apply } = parseOptions(Options, command.opts());
      const { json } = globalOptions(command);
      const { organization, plan, deployment } = await openOrganization(command);
      if (!apply) {
        const planned = await planSetup(organization, plan, deployment);
        const changes = planned.changes.map(({ says }) => says);
        print(json, { changes, ...forSettings(planned) }, () => [
          changes.length === 0 ? 'Nothing is to be changed.' : 'To be changed:',
          ...changes.map((says) => `  ${printable(says)}`),
          ...settingsLines(planned),
        ]);
        return;
      }
      const made: string[] = [];
      const planned = await setUp(
        organization,
        { plan, deployment, settle: () => wait(SETTLE_MS) },
        ({ says }) => {
          made.push(says);
          if (!json) process.stdout.write(`${printable(says)}\n`);
        },
      );
      print(json, { made, ...forSettings(planned) }, () => [
        made.length === 0 ? 'Nothing was to be changed.' : `Done: ${made.length} changes.`,
        ...settingsLines(planned),
      ]);
    });
}

/** What cdk.json is to say of this organisation. */
function forSettings({ found, wanted }: Planned) {
  const names = new Set(
    wanted.campaigns.flatMap(({ dncLists }) => dncLists.map(({ id, name }) => id ?? name)),
  );
  return {
    optOutWrapUpCodes: wanted.wrapUpCodes.flatMap(({ id }) => (id === undefined ? [] : [id])),
    dncLists: found.dncLists
      .filter((list) => names.has(list.id) || names.has(list.name))
      .map(({ id, name }) => ({ id, name })),
  };
}

function settingsLines(planned: Planned): readonly string[] {
  const { optOutWrapUpCodes, dncLists } = forSettings(planned);
  return [
    'For cdk.json:',
    `  "optOutWrapUpCodes": ${JSON.stringify(optOutWrapUpCodes)}`,
    ...dncLists.map(({ id, name }) => `  the list ${printable(name)} is ${id}`),
  ];
}
