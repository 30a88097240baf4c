import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { type ApiAnswer, connect, globalOptions, parseOptions } from './connection.ts';
import { Findings, ShownTemplate } from './incident-answers.ts';
import { templateLines } from './incident-lines.ts';
import { given, print, printAnswer, upper } from './output.ts';

const Text = z.object({
  name: z.string(),
  language: z.string(),
  channel: z.string().transform(upper),
  by: z.string(),
});
const Ref = Text.extend({ version: z.coerce.number().int().positive() });
const Answer = z.object({ template: ShownTemplate });
const Listed = z.object({ templates: z.array(ShownTemplate) });
const Words = ShownTemplate.extend({ subject: z.string().optional(), text: z.string() });

/** `dialguard incident template ...`: the words of notices, from their author to Legal's yes. */
export function addIncidentTemplates(incident: Command): void {
  const template = incident
    .command('template')
    .description('the words of notices: written, checked, approved');
  writing(template.command('lint'), true).description('say what speaks against a text, and keep nothing');
  writing(template.command('put'), false).description('keep a text as a new version, not approved yet');
  addApprove(template);
  template
    .command('list')
    .description('every version, and which of them may be used')
    .addHelpText('after', '\nExample:\n  $ npx dialguard incident template list')
    .action(async (_options: unknown, command: Command) => {
      const answer = await (await connect(command)).get('/v1/notice-templates');
      printAnswer(globalOptions(command).json, answer, () =>
        templateLines(Listed.parse(answer.body).templates),
      );
    });
  named(template.command('show'))
    .description('the words of one version')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard incident template show --name breach-standard --language de --channel sms --version 1',
    )
    .action(async (_options: unknown, command: Command) => {
      const ref = parseOptions(Ref.omit({ by: true }), command.opts());
      const answer = await (await connect(command)).get(pathOf(ref));
      printAnswer(globalOptions(command).json, answer, () => wordLines(Words.parse(answer.body)));
    });
}

function writing(command: Command, dryRun: boolean): Command {
  const name = command.name();
  return command
    .argument('<file>', 'the text, in UTF-8; of an e-mail, its first line is `Subject: ...`')
    .requiredOption('--name <name>', 'what its languages and channels have in common, in kebab-case')
    .requiredOption('--language <tag>', 'de, pt-BR')
    .requiredOption('--channel <channel>', 'sms, email or voice')
    .requiredOption('--by <id>', 'who wrote it: an id, no name')
    .addHelpText(
      'after',
      `\nExample:\n  $ npx dialguard incident template ${name} breach.de.sms.txt --name breach-standard --language de --channel sms --by writer-1`,
    )
    .action(async (file: string, _options: unknown, own: Command) => {
      const { by, ...options } = parseOptions(Text, own.opts());
      const body = { ...options, author: by, ...wordsOf(readFileSync(file, 'utf8')), dryRun };
      const answer = await (await connect(own)).post('/v1/notice-templates', given(body));
      printTold(own, answer, () =>
        dryRun ? ['Nothing speaks against it.'] : templateLines([Answer.parse(answer.body).template]),
      );
    });
}

function addApprove(template: Command): void {
  named(template.command('approve'))
    .description('say yes to the words of one version, by another person than the one who wrote them')
    .requiredOption('--by <id>', 'who says so: an id, no name')
    .requiredOption('--sha256 <hash>', 'of the words that you have read, as `template show` prints it')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard incident template approve --name breach-standard --language de --channel sms --version 1 --sha256 9f86d0... --by legal-1',
    )
    .action(async (_options: unknown, command: Command) => {
      const body = parseOptions(Ref.extend({ sha256: z.string() }), command.opts());
      const answer = await (await connect(command)).post('/v1/notice-template-approvals', body);
      printTold(command, answer, () => templateLines([Answer.parse(answer.body).template]));
    });
}

function named(command: Command): Command {
  return command
    .requiredOption('--name <name>', 'as `template list` names it')
    .requiredOption('--language <tag>', 'de, pt-BR')
    .requiredOption('--channel <channel>', 'sms, email or voice')
    .requiredOption('--version <number>', 'which one');
}

/** What the lint found is said line by line; everything else as the API said it. */
function printTold(command: Command, answer: ApiAnswer, lines: () => readonly string[]): void {
  const { json } = globalOptions(command);
  const found = Findings.safeParse(answer.body).data?.findings ?? [];
  if (json || found.length === 0) {
    printAnswer(json, answer, lines);
    return;
  }
  process.exitCode = 1;
  print(json, answer.body, () => [
    'Refused:',
    ...found.map(({ code, in: where, line, meaning }) => `  ${where}, line ${line}: ${code}, ${meaning}`),
  ]);
}

/** A subject is the first line that says so, and a blank line after it belongs to neither. */
function wordsOf(file: string): { readonly subject?: string; readonly text: string } {
  const plain = file.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const [, subject, text] = /^Subject: *(.+)\n\n?([\s\S]*)$/.exec(plain) ?? [];
  return subject === undefined || text === undefined ? { text: plain } : { subject, text };
}

function pathOf({ name, language, channel, version }: Omit<z.infer<typeof Ref>, 'by'>): string {
  return `/v1/notice-templates/${[name, language, channel, version].map(encodeURIComponent).join('/')}`;
}

function wordLines({ subject, text, ...template }: z.infer<typeof Words>): readonly string[] {
  return [
    ...templateLines([template]),
    `sha256 ${template.sha256}`,
    '',
    ...(subject === undefined ? [] : [`Subject: ${subject}`, '']),
    text,
  ];
}
