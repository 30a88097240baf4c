import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { contactPointField, given, printAnswer, upper } from './output.ts';

const STATUSES = { grant: 'GRANTED', withdraw: 'WITHDRAWN', object: 'OBJECTED' } as const;

const Options = z.object({
  channel: z.string(),
  purpose: z.string(),
  seller: z.string(),
  source: z.string(),
  by: z.string(),
  region: z.string().optional(),
  effectiveAt: z.string().optional(),
  expiresAt: z.string().optional(),
  textVersion: z.string().optional(),
  capturedBy: z.string().optional(),
  evidenceFile: z.string().optional(),
  evidenceSha256: z.string().optional(),
});
type Options = z.infer<typeof Options>;

/** `dialguard consent grant|withdraw|object`: a grant needs its proof, the others need none. */
export function addConsent(program: Command): void {
  const consent = program
    .command('consent')
    .description('record that consent was given, withdrawn or refused');
  for (const [name, status] of Object.entries(STATUSES)) {
    const command = consent
      .command(name)
      .argument('<contact>', 'phone number or e-mail address')
      .requiredOption('--channel <channel>', 'voice, sms, email or all')
      .option('--purpose <purpose>', 'marketing, service, collection or all', 'marketing')
      .requiredOption('--seller <seller>', 'whom the consent names; * for every seller')
      .requiredOption('--source <source>', 'how it was said: website-form, agent, letter, ...')
      .requiredOption('--by <id>', 'who recorded it: an id, no name')
      .option('--region <country>', 'country of a number that is written without one')
      .option('--effective-at <time>', 'when it was said, ISO 8601 with offset')
      .action(async (contact: string, _options: unknown, own: Command) => record(own, contact, status));
    if (status === 'GRANTED') addProof(command);
  }
}

function addProof(command: Command): void {
  command
    .requiredOption('--text-version <id>', 'which text the person agreed to')
    .requiredOption(
      '--captured-by <way>',
      'web-form, paper, voice-recording, sms-reply, email-double-opt-in, agent or contract',
    )
    .option('--evidence-file <file>', 'the form or recording; only its SHA-256 is sent')
    .option('--evidence-sha256 <hex>', 'the SHA-256 itself')
    .option('--expires-at <time>', 'when the consent lapses, ISO 8601 with offset')
    .addHelpText(
      'after',
      `
Example:
  $ npx dialguard consent grant +442079460018 --channel voice --seller acme --source website-form --by web \\
      --text-version terms-2026-03 --captured-by web-form --evidence-file form.pdf`,
    );
}

async function record(command: Command, contact: string, status: string): Promise<void> {
  const options = parseOptions(Options, command.opts());
  const connection = await connect(command);
  const answer = await connection.post(
    '/v1/consents',
    given({
      ...contactPointField(contact),
      status,
      channel: upper(options.channel),
      purpose: upper(options.purpose),
      seller: options.seller,
      source: upper(options.source),
      by: options.by,
      defaultRegion: options.region,
      effectiveAt: options.effectiveAt,
      expiresAt: options.expiresAt,
      proof: status === 'GRANTED' ? proofOf(options) : undefined,
    }),
  );
  printAnswer(globalOptions(command).json, answer, () => [
    `Recorded: ${status}.`,
    JSON.stringify(answer.body, null, 2),
  ]);
}

function proofOf({ textVersion, capturedBy, evidenceFile, evidenceSha256 }: Options): object {
  const hash =
    evidenceFile === undefined
      ? evidenceSha256
      : createHash('sha256').update(readFileSync(evidenceFile)).digest('hex');
  if (hash === undefined)
    throw new Error('A grant needs its evidence: give --evidence-file or --evidence-sha256.');
  return { textVersion, capturedBy: upper(capturedBy ?? ''), evidenceSha256: hash };
}
