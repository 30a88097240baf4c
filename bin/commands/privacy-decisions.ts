import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { printAnswer, upper } from './output.ts';
import { Shown } from './privacy-answers.ts';
import { listLines } from './privacy-lines.ts';

const Options = z.object({
  by: z.string(),
  method: z.string().transform(upper).optional(),
  reason: z.string().optional(),
  subjects: z.array(z.string()).optional(),
  none: z.literal(true).optional(),
});
type Options = z.infer<typeof Options>;

/** What officers decide: each becomes one POST, and one entry in the log. */
export function addPrivacyDecisions(privacy: Command): void {
  deciding(privacy.command('identity'), ({ by, method }) => ({ by, method }))
    .description('say that it was checked who asks, and how')
    .requiredOption('--method <way>', 'account-login, call-back, code-sent, document or in-person');
  deciding(privacy.command('approve'), approval)
    .description('let it be done, by a second person: for these subjects, or for our own store alone')
    .option('--subjects <keys...>', 'as `privacy show` names them: those who certainly are the person')
    .option('--none', 'none of those found, or none were');
  deciding(privacy.command('refuse'), ({ by, reason = '' }) => ({ by, reason: upper(reason) }))
    .description('refuse it; tell the person why, and that they may complain')
    .requiredOption(
      '--reason <reason>',
      'identity-not-shown, not-identified, manifestly-unfounded, excessive, legal-obligation, legal-claims, current-employee or withdrawn',
    );
  deciding(privacy.command('extend'), ({ by, reason }) => ({ by, reason }))
    .description('two further months, once the person was told why within the first')
    .requiredOption('--reason <id>', 'complexity or number: an id, no text');
  deciding(privacy.command('retry'), ({ by }) => ({ by })).description(
    'try again what is left of a partial one',
  );
}

function deciding(command: Command, bodyOf: (options: Options) => object): Command {
  const action = command.name();
  const example = `npx dialguard privacy ${action} 01a20144-d9a7-70af-a312-2e1154c20698`;
  return command
    .argument('<id>', 'the request')
    .requiredOption('--by <id>', 'who decides: an id, no name')
    .addHelpText('after', `\nExample:\n  $ ${example} ${EXAMPLES[action] ?? ''}--by officer-2`)
    .action(async (id: string, _options: unknown, own: Command) => {
      const body = bodyOf(parseOptions(Options, own.opts()));
      const connection = await connect(own);
      const answer = await connection.post(`/v1/subject-requests/${encodeURIComponent(id)}/${action}`, body);
      printAnswer(globalOptions(own).json, answer, () => listLines([Shown.parse(answer.body)], Date.now()));
    });
}

const EXAMPLES: Readonly<Record<string, string>> = {
  identity: '--method call-back ',
  approve: '--subjects subject-1 subject-3 ',
  refuse: '--reason identity-not-shown ',
  extend: '--reason complexity ',
};

/** Leaving subjects out must be said, since it leaves their data where it is. */
function approval({ by, subjects, none }: Options): object {
  if ((subjects === undefined) === (none === undefined))
    throw new Error('Say whom it is done for: --subjects <keys...>, or --none for our own store alone.');
  return { by, subjects: subjects ?? [] };
}
