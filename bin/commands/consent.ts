import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { contactPointField, given, printAnswer, upper } from './output.ts';

const STATUSES = {
  grant: 'GRANTED',
  withdraw: 'WITHDRAWN',
  object: 'OBJECTED',
  'soft-opt-in': 'SOFT_OPT_IN',
} as const;

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
  signature: z.string().optional(),
  namesNumber: z.boolean().default(false),
  disclosesAutodialling: z.boolean().default(false),
  disclosesNoCondition: z.boolean().default(false),
  obtainedIn: z.string().optional(),
  optOutOffered: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** `dialguard consent grant|withdraw|object|soft-opt-in`: what permits contact needs its proof, the others need none. */
export function addConsent(program: Command): void {
  const consent = program
    .command('consent')
    .description(
      'record that consent was given, withdrawn or refused, or that an own customer did not refuse',
    );
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
    if (status === 'GRANTED') addWriting(addProof(command));
    if (status === 'SOFT_OPT_IN') addSoftOptIn(addProof(command));
  }
}

function addProof(command: Command): Command {
  return command
    .requiredOption('--text-version <id>', 'which text the person agreed to')
    .requiredOption(
      '--captured-by <way>',
      'web-form, paper, voice-recording, sms-reply, email-double-opt-in, agent or contract',
    )
    .option('--evidence-file <file>', 'the form or recording; only its SHA-256 is sent')
    .option('--evidence-sha256 <hex>', 'the SHA-256 itself')
    .option('--expires-at <time>', 'when it lapses, ISO 8601 with offset');
}

function addWriting(command: Command): void {
  command
    .option('--signature <kind>', 'it is a signed writing that names the seller: ink or electronic')
    .option('--names-number', 'the writing names the number that may be called')
    .option('--discloses-autodialling', 'it says that calls may be autodialled, or of an artificial voice')
    .option('--discloses-no-condition', 'it says that it is no condition of a purchase')
    .addHelpText(
      'after',
      `
Example:
  $ npx dialguard consent grant +442079460018 --channel voice --seller acme --source website-form --by web \\
      --text-version terms-2026-03 --captured-by web-form --evidence-file form.pdf`,
    );
}

function addSoftOptIn(command: Command): void {
  command
    .requiredOption('--obtained-in <occasion>', 'sale, negotiations or charity: when the address was given')
    .option('--opt-out-offered', 'the person could refuse, free of charge, when the address was given')
    .addHelpText(
      'after',
      `
Example:
  $ npx dialguard consent soft-opt-in ann@example.com --channel email --seller acme --source website-form --by web \\
      --obtained-in sale --opt-out-offered --text-version checkout-7 --captured-by web-form --evidence-file order.pdf`,
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
      proof: status === 'GRANTED' || status === 'SOFT_OPT_IN' ? proofOf(options, status) : undefined,
    }),
  );
  printAnswer(globalOptions(command).json, answer, () => [
    `Recorded: ${status}.`,
    JSON.stringify(answer.body, null, 2),
  ]);
}

function proofOf(options: Options, status: 'GRANTED' | 'SOFT_OPT_IN'): object {
  const { textVersion, capturedBy, evidenceFile, evidenceSha256 } = options;
  const hash =
    evidenceFile === undefined
      ? evidenceSha256
      : createHash('sha256').update(readFileSync(evidenceFile)).digest('hex');
  if (hash === undefined)
    throw new Error('It needs its evidence: give --evidence-file or --evidence-sha256.');
  const proof = { textVersion, capturedBy: upper(capturedBy ?? ''), evidenceSha256: hash };
  return { ...proof, ...(status === 'GRANTED' ? writingOf(options) : softOptInOf(options)) };
}

function writingOf({ signature, seller, ...options }: Options): object {
  if (signature === undefined) return {};
  const { namesNumber, disclosesAutodialling, disclosesNoCondition } = options;
  const said = { namesNumber, disclosesAutodialling, disclosesNoCondition };
  return { written: { signature: upper(signature), seller, ...said } };
}

function softOptInOf({ obtainedIn = '', optOutOffered }: Options): object {
  return { softOptIn: { obtainedIn: upper(obtainedIn), optOutOffered } };
}
