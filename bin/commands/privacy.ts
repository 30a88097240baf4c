import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { print, printAnswer, upper } from './output.ts';
import { Listed, Shown, type Summary } from './privacy-answers.ts';
import { addPrivacyDecisions } from './privacy-decisions.ts';
import { listLines, requestLines } from './privacy-lines.ts';
import { fetchResults } from './privacy-results.ts';

const KINDS = {
  phone: 'phone number with its country, such as +12125550123',
  email: 'e-mail address',
  name: 'full name; alone it finds nobody for certain',
  address: 'postal address',
  externalId: 'id by which an external contact is known to Genesys Cloud, attachments too',
  whatsapp: 'WhatsApp number',
  twitter: 'handle',
  instagram: 'handle',
  facebook: 'handle',
  appleMessages: 'handle',
} as const;
type Kind = keyof typeof KINDS;

const values = z.array(z.string()).default([]);
const NewRequest = z.object({
  ...({ phone: values, email: values, name: values, address: values, externalId: values } as const),
  ...({ whatsapp: values, twitter: values, instagram: values, facebook: values } as const),
  appleMessages: values,
  replace: z
    .array(
      z
        .string()
        .regex(
          /^[a-z-]+:.+=>.+$/,
          "expected <kind>:<existing>=><updated>, such as 'phone:+12125550123=>+12125550124'",
        ),
    )
    .default([]),
  by: z.string(),
  id: z.uuid().optional(),
});
type NewRequest = z.infer<typeof NewRequest>;

/** `dialguard privacy ...`: what people ask about their own data, from its arrival to its answer. */
export function addPrivacy(program: Command): void {
  const privacy = program
    .command('privacy')
    .description('requests of data subjects: access, rectification, erasure, restriction, objection');
  addRequest(privacy);
  addReading(privacy);
  addPrivacyDecisions(privacy);
}

function addRequest(privacy: Command): void {
  const request = privacy
    .command('request')
    .description('take a request in; its clock starts')
    .argument('<type>', 'access, rectification, erasure, restriction or objection')
    .requiredOption('--by <id>', 'who takes it in: an id, no name')
    .option('--replace <kind:old=>new...>', 'with rectification: what stands in the place of what')
    .option('--id <uuid>', 'your own id; sent again with it, the request is not taken in twice')
    .addHelpText(
      'after',
      `
Examples:
  $ npx dialguard privacy request erasure --name "Ann Example" --phone +12125550123 --email ann@example.com --by officer-1
  $ npx dialguard privacy request rectification --replace "phone:+12125550123=>+12125550124" --phone +12125550123 --by officer-1`,
    )
    .action(async (type: string, _options: unknown, command: Command) => {
      const options = parseOptions(NewRequest, command.opts());
      const answer = await (await connect(command)).post('/v1/subject-requests', {
        type: upper(type),
        identifiers: identifiersOf(options),
        replacements: options.replace.map(replacementOf),
        by: options.by,
        ...(options.id === undefined ? {} : { id: options.id }),
      });
      printAnswer(globalOptions(command).json, answer, () =>
        listLines([Shown.parse(answer.body)], Date.now()),
      );
    });
  for (const [kind, says] of Object.entries(KINDS)) {
    request.option(`--${kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value...>`, says);
  }
}

function identifiersOf(options: NewRequest): readonly object[] {
  const kinds: readonly Kind[] = [
    ...(['phone', 'email', 'name', 'address', 'externalId'] as const),
    ...(['whatsapp', 'twitter', 'instagram', 'facebook', 'appleMessages'] as const),
  ];
  return kinds.flatMap((kind) => options[kind].map((value) => ({ kind: kindName(kind), value })));
}

function kindName(kind: string): string {
  return upper(kind.replace(/[A-Z]/g, (letter) => `-${letter}`));
}

function replacementOf(text: string): object {
  const [, kind = '', existing = '', updated = ''] = /^([a-z-]+):(.+?)=>(.+)$/.exec(text) ?? [];
  return { kind: upper(kind), existing, updated };
}

function addReading(privacy: Command): void {
  privacy
    .command('list')
    .description('what is open, the most urgent first, and what each waits for')
    .option('--all', 'what is done or refused too')
    .addHelpText('after', '\nExample:\n  $ npx dialguard privacy list')
    .action(async (_options: unknown, command: Command) => {
      const answer = await (await connect(command)).get('/v1/subject-requests');
      const all = command.opts()['all'] === true;
      const listed = Listed.safeParse(answer.body).data?.requests ?? [];
      const shown = listed.filter((request) => all || isOpen(request)).toSorted(byUrgency);
      const body = answer.status === 200 ? { requests: shown } : answer.body;
      printAnswer(globalOptions(command).json, { ...answer, body }, () => listLines(shown, Date.now()));
    });
  privacy
    .command('show')
    .description(
      'one request: who asks, who was found and how sure that is, what is left, what was kept and why',
    )
    .argument('<id>', 'the request')
    .addHelpText('after', '\nExample:\n  $ npx dialguard privacy show 01a20144-d9a7-70af-a312-2e1154c20698')
    .action(async (id: string, _options: unknown, command: Command) => {
      const answer = await (await connect(command)).get(`/v1/subject-requests/${encodeURIComponent(id)}`);
      printAnswer(globalOptions(command).json, answer, () =>
        requestLines(Shown.parse(answer.body), Date.now()),
      );
    });
  privacy
    .command('results')
    .description(
      'fetch what was found for an access request, in clear: whoever does must be allowed to read the keys',
    )
    .argument('<id>', 'the request')
    .requiredOption('--out <folder>', 'where to; it is made, for you alone to read')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard privacy results 01a20144-d9a7-70af-a312-2e1154c20698 --out ./answer',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const { out } = parseOptions(z.object({ out: z.string().min(1) }), command.opts());
      const files = await fetchResults(await connect(command), id, out);
      if (files.length === 0) process.exitCode = 1;
      print(globalOptions(command).json, { folder: out, files }, () =>
        files.length === 0
          ? ['Nothing was found for this request, or not yet.']
          : [
              ...files.map((file) => `${out}/${file}`),
              '',
              'This is personal data in clear: send it to nobody but the person, and delete it afterwards.',
            ],
      );
    });
}

function isOpen({ state }: Summary): boolean {
  return state !== 'COMPLETED' && state !== 'REFUSED';
}

function byUrgency(one: Summary, other: Summary): number {
  return Number(isOpen(other)) - Number(isOpen(one)) || one.dueOn.localeCompare(other.dueOn);
}
