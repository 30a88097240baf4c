import type { Command } from 'commander';
import * as z from 'zod';
import { Answer } from '../../lib/domain/decision/answer.ts';
import { REASONS } from '../../lib/domain/decision/reasons.ts';
import { Channel, Purpose } from '../../lib/domain/vocabulary.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { given, PRODUCT_HELP, print, upper } from './output.ts';

const Options = z.object({
  channel: z.string().transform(upper).pipe(Channel),
  purpose: z.string().transform(upper).pipe(Purpose),
  seller: z.string().optional(),
  product: z.string().transform(upper).optional(),
  audience: z.string().optional(),
  technology: z.string().optional(),
  softOptIn: z.boolean().optional(),
  region: z.string().optional(),
  calledPartyRegion: z.string().optional(),
  postalCode: z.string().optional(),
  campaign: z.string().optional(),
  requestId: z.string().optional(),
});

const BLOCKED_EXIT_CODE = 3;

/** `dialguard check`: asks as a dialler does, and says why. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .description('ask whether a contact may be made now; exit code 0 is ALLOW, 3 is BLOCK')
    .argument('<contact...>', 'phone numbers of one contact, or one e-mail address')
    .requiredOption('--channel <channel>', 'voice, sms or email')
    .requiredOption('--purpose <purpose>', 'marketing, service, collection or breach-notice')
    .option('--seller <seller>', 'on whose behalf')
    .option('--product <product>', PRODUCT_HELP)
    .option('--audience <audience>', 'consumer or business; without it the rules for both apply')
    .option(
      '--technology <technology>',
      'live, automated or prerecorded; without it the rules for each apply',
    )
    .option('--soft-opt-in', 'the message offers own similar products alone, and a free way to object')
    .option('--region <country>', 'country of numbers that are written without one, such as US')
    .option('--called-party-region <state>', 'state of the called party, such as FL')
    .option('--postal-code <code>', 'postal code of the called party, read for numbers of +1')
    .option('--campaign <id>', 'campaign id for the record')
    .option('--request-id <id>', 'a retry with the same id gets the same answer')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard check "(212) 555-0123" --region US --channel voice --purpose service',
    )
    .action(async (contacts: string[], _options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const connection = await connect(command);
      const emails = contacts.filter((contact) => contact.includes('@'));
      const { status, body } = await connection.post(
        '/v1/checks',
        given({
          ...(emails.length > 0 ? { email: emails.join(',') } : { phoneNumbers: contacts }),
          channel: options.channel,
          purpose: options.purpose,
          seller: options.seller,
          product: options.product,
          audience: options.audience?.toUpperCase(),
          technology: options.technology?.toUpperCase(),
          softOptIn: options.softOptIn,
          defaultRegion: options.region,
          calledPartyRegion: options.calledPartyRegion,
          postalCode: options.postalCode,
          campaignId: options.campaign,
          requestId: options.requestId,
        }),
      );
      if (status !== 200) throw new Error(`The check was refused (HTTP ${status}): ${JSON.stringify(body)}`);
      const answer = Answer.parse(body);
      if (answer.decision === 'BLOCK') process.exitCode = BLOCKED_EXIT_CODE;
      print(globalOptions(command).json, answer, () => describe(answer));
    });
}

function describe(answer: Answer): readonly string[] {
  return [
    `${answer.decision}  ${answer.reason}`,
    ...answer.reasons.map(({ code, ruleId, citation }) => {
      const sentence = Object.entries(REASONS).find(([known]) => known === code)?.[1] ?? '';
      return `  - ${code}: ${sentence}${ruleId === '' ? '' : `\n    rule ${ruleId}`}${citation === '' ? '' : ` (${citation})`}`;
    }),
    ...(answer.nextAllowedAt === null ? [] : [`  next permitted at ${answer.nextAllowedAt}`]),
    `  decision ${answer.decisionId}, policy ${answer.policyVersion}, checked at ${answer.checkedAt}`,
  ];
}
