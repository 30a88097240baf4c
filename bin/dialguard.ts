#!/usr/bin/env node
import { Command } from 'commander';
import { addAudit } from './commands/audit.ts';
import { addCheck } from './commands/check.ts';
import { addConsent } from './commands/consent.ts';
import { addCoverage } from './commands/coverage.ts';
import { addDiallers } from './commands/diallers.ts';
import { addExplain } from './commands/explain.ts';
import { addGenesys } from './commands/genesys.ts';
import { addHold } from './commands/hold.ts';
import { addIncident } from './commands/incident.ts';
import { addLocal } from './commands/local.ts';
import { addOptOut } from './commands/opt-out.ts';
import { addPolicy } from './commands/policy.ts';
import { addPrivacy } from './commands/privacy.ts';
import { addRegistry } from './commands/registry.ts';
import { addReplay } from './commands/replay.ts';
import { addReviews } from './commands/reviews.ts';
import { addScrub } from './commands/scrub.ts';
import { sentenceOf } from './commands/sentence-of.ts';

const program = new Command('dialguard')
  .description(
    'Decides whether a contact may be made, and shows why. Works on the local stack unless --stage is given.',
  )
  .option('--stage <stage>', 'work on AWS: dev, staging or prod, with the AWS credentials of your shell')
  .option('--residency <residency>', 'EU or US; with --stage', 'US')
  .option('--endpoints <file>', 'where the local stack says what it is', '.local/endpoints.json')
  .option('--json', 'print JSON for programs')
  .addHelpText(
    'after',
    `
Examples:
  $ npx dialguard local                                       start the stack on this machine
  $ npx dialguard check "+1 212 555 0123" --channel voice --purpose marketing --technology live
  $ npx dialguard opt-out +12125550123 --source agent --by agent-7
  $ npx dialguard scrub leads.csv --phone-column Cell --region US --channel voice --purpose marketing --technology live
  $ npx dialguard explain +12125550123
  $ npx dialguard --stage prod --residency EU explain --decision <id>

On AWS the client secret is read from DIALGUARD_CLIENT_SECRET.`,
  )
  .showHelpAfterError('(dialguard --help shows what there is)');

for (const add of [
  addLocal,
  addCheck,
  addOptOut,
  addConsent,
  addHold,
  addScrub,
  addRegistry,
  addExplain,
  addAudit,
  addReplay,
  addReviews,
  addPolicy,
  addPrivacy,
  addIncident,
  addCoverage,
  addGenesys,
  addDiallers,
])
  add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`dialguard: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
