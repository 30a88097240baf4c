#!/usr/bin/env node
import { Command } from 'commander';
import { sentenceOf } from './commands/sentence-of.ts';

type AddCommand = (program: Command) => void;

/** In the order of the help. A run loads the one that it is about, which takes a quarter of the time of all. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  local: async () => (await import('./commands/local.ts')).addLocal,
  check: async () => (await import('./commands/check.ts')).addCheck,
  'opt-out': async () => (await import('./commands/opt-out.ts')).addOptOut,
  consent: async () => (await import('./commands/consent.ts')).addConsent,
  hold: async () => (await import('./commands/hold.ts')).addHold,
  scrub: async () => (await import('./commands/scrub.ts')).addScrub,
  registry: async () => (await import('./commands/registry.ts')).addRegistry,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
  audit: async () => (await import('./commands/audit.ts')).addAudit,
  replay: async () => (await import('./commands/replay.ts')).addReplay,
  reviews: async () => (await import('./commands/reviews.ts')).addReviews,
  policy: async () => (await import('./commands/policy.ts')).addPolicy,
  privacy: async () => (await import('./commands/privacy.ts')).addPrivacy,
  incident: async () => (await import('./commands/incident.ts')).addIncident,
  coverage: async () => (await import('./commands/coverage.ts')).addCoverage,
  genesys: async () => (await import('./commands/genesys.ts')).addGenesys,
  diallers: async () => (await import('./commands/diallers.ts')).addDiallers,
};
/** Options before the command whose next word is theirs. */
const VALUED: ReadonlySet<string> = new Set(['--stage', '--residency', '--endpoints']);

/** Every command where none is named, as for help, and for a word that is none. */
function neededBy(args: readonly string[]): readonly (() => Promise<AddCommand>)[] {
  const named = args.find((arg, at) => !arg.startsWith('-') && !VALUED.has(args[at - 1] ?? ''));
  const one = Object.entries(COMMANDS).find(([name]) => name === named);
  return one === undefined ? Object.values(COMMANDS) : [one[1]];
}

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

for (const add of await Promise.all(neededBy(process.argv.slice(2)).map((load) => load()))) add(program);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`dialguard: ${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
