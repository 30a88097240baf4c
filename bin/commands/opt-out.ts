import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { contactPointField, given, printAnswer, upper } from './output.ts';

const Options = z.object({
  channel: z.string(),
  source: z.string(),
  by: z.string(),
  seller: z.string().optional(),
  purpose: z.string().optional(),
  reason: z.string().optional(),
  region: z.string().optional(),
  effectiveAt: z.string().optional(),
  expiresAt: z.string().optional(),
  evidenceSha256: z.string().optional(),
  eventId: z.string().optional(),
});

/** `dialguard opt-out`: records that a person wants no contact. */
export function addOptOut(program: Command): void {
  program
    .command('opt-out')
    .description('record that a person wants no contact; the next check blocks')
    .argument('<contact>', 'phone number or e-mail address')
    .option('--channel <channel>', 'voice, sms, email or all', 'all')
    .requiredOption(
      '--source <source>',
      'how it was said: agent, website-form, sms-keyword, ivr, letter, bulk-upload, ...',
    )
    .requiredOption('--by <id>', 'who recorded it: an id, no name')
    .option('--seller <seller>', 'one seller instead of all')
    .option(
      '--purpose <purpose>',
      'what the contact was about that the person answers; all ends none the less',
    )
    .option('--reason <reason>', 'customer-request (default), objection or internal-policy')
    .option('--region <country>', 'country of a number that is written without one, such as US')
    .option('--effective-at <time>', 'when it was said, ISO 8601 with offset')
    .option('--expires-at <time>', 'internal-policy only: when it ends')
    .option('--evidence-sha256 <hex>', 'hash of the recording, form or message')
    .option('--event-id <id>', 'the same id again is the same statement')
    .addHelpText('after', '\nExample:\n  $ npx dialguard opt-out +12125550123 --source agent --by agent-7')
    .action(async (contact: string, _options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const connection = await connect(command);
      const answer = await connection.post(
        '/v1/opt-outs',
        given({
          ...contactPointField(contact),
          channel: upper(options.channel),
          source: upper(options.source),
          by: options.by,
          seller: options.seller,
          purpose: options.purpose === undefined ? undefined : upper(options.purpose),
          reason: options.reason === undefined ? undefined : upper(options.reason),
          defaultRegion: options.region,
          effectiveAt: options.effectiveAt,
          expiresAt: options.expiresAt,
          evidence: options.evidenceSha256 === undefined ? undefined : { sha256: options.evidenceSha256 },
          eventId: options.eventId,
        }),
      );
      printAnswer(globalOptions(command).json, answer, () => [
        'Recorded: the next check blocks.',
        JSON.stringify(answer.body, null, 2),
      ]);
    });
}
