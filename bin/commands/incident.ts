import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { registerCsv } from '../../lib/domain/incident/register.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { ListedIncidents, ShownIncident } from './incident-answers.ts';
import { addIncidentDecisions } from './incident-decisions.ts';
import { byUrgency, incidentListLines, noticeLines } from './incident-lines.ts';
import { pathOf, printIncident } from './incident-output.ts';
import { addIncidentTemplates } from './incident-templates.ts';
import { given, print, printAnswer, upper } from './output.ts';

const words = z.array(z.string().transform(upper)).optional();
const NewIncident = z.object({
  reference: z.string(),
  by: z.string(),
  id: z.uuid().optional(),
  knownAt: z.string().optional(),
  role: z.string().transform(upper).optional(),
  jurisdictions: words,
  dataElements: z.array(z.string().transform(upper)).optional(),
});

/** `dialguard incident ...`: personal data breaches, from their report to the register. */
export function addIncident(program: Command): void {
  const incident = program
    .command('incident')
    .description('personal data breaches: clocks, notices to people and authorities, the register');
  addReport(incident);
  addReading(incident);
  addRegister(incident);
  addWatch(incident);
  addIncidentDecisions(incident);
  addIncidentTemplates(incident);
}

function addReport(incident: Command): void {
  incident
    .command('report')
    .description('take an incident in; its clocks start')
    .requiredOption('--reference <id>', 'your own id of it, such as the key of a ticket: no text')
    .requiredOption('--by <id>', 'who reports it: an id, no name')
    .option('--known-at <time>', 'when you became aware of it, ISO 8601 with an offset; now unless told')
    .option('--role <role>', 'controller or processor')
    .option('--jurisdictions <places...>', 'where the people are: DE, FR, US-CA; this region unless told')
    .option('--data-elements <kinds...>', 'which kinds of data: email-address, password, payment-card ...')
    .option('--id <uuid>', 'your own id; sent again with it, the incident is not taken in twice')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard incident report --reference SEC-17 --known-at 2026-11-20T15:00:00Z --jurisdictions DE US-CA --by soc-1',
    )
    .action(async (_options: unknown, command: Command) => {
      const { jurisdictions, ...options } = parseOptions(NewIncident, command.opts());
      const places = jurisdictions?.map((place) => place.replaceAll('_', '-'));
      const body = given({ ...options, jurisdictions: places });
      printIncident(command, await (await connect(command)).post('/v1/incidents', body));
    });
}

function addReading(incident: Command): void {
  incident
    .command('list')
    .description('what is open, the most urgent first, and what each waits for')
    .option('--all', 'what is closed too')
    .addHelpText('after', '\nExample:\n  $ npx dialguard incident list')
    .action(async (_options: unknown, command: Command) => {
      const answer = await (await connect(command)).get('/v1/incidents');
      const all = command.opts()['all'] === true;
      const listed = ListedIncidents.safeParse(answer.body).data?.incidents ?? [];
      const shown = listed.filter(({ state }) => all || state !== 'CLOSED').toSorted(byUrgency);
      const body = answer.status === 200 ? { incidents: shown } : answer.body;
      printAnswer(globalOptions(command).json, { ...answer, body }, () =>
        incidentListLines(shown, Date.now()),
      );
    });
  incident
    .command('show')
    .description('one incident: clocks, who was told, documents, how far its notices are')
    .argument('<id>', 'the incident')
    .addHelpText('after', '\nExample:\n  $ npx dialguard incident show 01a20144-d9a7-70af-a312-2e1154c20698')
    .action(async (id: string, _options: unknown, command: Command) => {
      printIncident(command, await (await connect(command)).get(pathOf(id)));
    });
}

function addRegister(incident: Command): void {
  incident
    .command('register')
    .description('every incident, told or not: the register of GDPR Art 33(5), as CSV unless --json is given')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard incident register > register.csv\n  $ npx dialguard --json incident register',
    )
    .action(async (_options: unknown, command: Command) => {
      const answer = await (await connect(command)).get('/v1/incidents');
      const { json } = globalOptions(command);
      if (json || answer.status !== 200) return printAnswer(json, answer, () => []);
      process.stdout.write(registerCsv(ListedIncidents.parse(answer.body).incidents));
    });
}

const Watch = z.object({
  interval: z.coerce.number().min(0.1, 'expected seconds').max(3600).default(2),
});

function addWatch(incident: Command): void {
  incident
    .command('watch')
    .description('follow its notices until every one is sent or has ended otherwise')
    .argument('<id>', 'the incident')
    .option('--interval <seconds>', 'how often to look', '2')
    .addHelpText('after', '\nExample:\n  $ npx dialguard incident watch 01a20144-d9a7-70af-a312-2e1154c20698')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { interval } = parseOptions(Watch, command.opts());
      await watch(await connect(command), id, {
        intervalMs: interval * 1000,
        json: globalOptions(command).json,
      });
    });
}

/** Prints what changed, and nothing while nothing does. */
async function watch(
  connection: Connection,
  id: string,
  { intervalMs, json }: { readonly intervalMs: number; readonly json: boolean },
): Promise<void> {
  let last = '';
  for (;;) {
    const answer = await connection.get(pathOf(id));
    const shown = ShownIncident.safeParse(answer.body);
    if (!shown.success) return printAnswer(json, answer, () => ['The answer is of another version.']);
    const { state, notices } = shown.data;
    const now = JSON.stringify({ state, notices });
    if (now !== last) {
      print(json, { at: new Date().toISOString(), state, ...(notices && { notices }) }, () => [
        `${new Date().toISOString()}  ${state}`,
        ...noticeLines(shown.data).map((line) => `  ${line}`),
      ]);
    }
    last = now;
    if (state !== 'NOTIFYING') return;
    await wait(intervalMs);
  }
}
