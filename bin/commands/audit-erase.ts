import type { Command } from 'commander';
import * as z from 'zod';
import { isToken } from '../../lib/domain/contact-point/token.ts';
import { ErasureReason } from '../../lib/domain/vocabulary.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { contactPointField, given, printAnswer, upper } from './output.ts';

const Options = z.object({
  by: z.string(),
  reason: z.string(),
  case: z.string().optional(),
  region: z.string().optional(),
});

const Erased = z.object({
  changed: z.boolean(),
  erasedAt: z.iso.datetime(),
  destroyed: z.object({ dataKey: z.boolean() }).catchall(z.number()).optional(),
  kept: z.object({ endedHolds: z.number() }).optional(),
  messagesDestroyed: z.number(),
});

/** For how long point-in-time recovery keeps what a table was (`docs/security.md`, Erasure). */
const BACKUP_DAYS = 35;
const DAY_MS = 86_400_000;

/** `dialguard audit erase`: destroys what is held of a person, but for one suppression. */
export function addAuditErase(audit: Command): void {
  const reasons = ErasureReason.options.map((reason) => reason.toLowerCase().replaceAll('_', '-'));
  audit
    .command('erase')
    .description('destroy what is held of a person but for one suppression; a litigation hold refuses it')
    .argument('<contact>', 'phone number or e-mail address, or a token of the log')
    .requiredOption('--by <id>', 'who erases: an id, no name')
    .requiredOption('--reason <reason>', `why: ${reasons.join(', ')}`)
    .option('--case <id>', 'the request that this answers')
    .option('--region <country>', 'country of a number that is written without one')
    .addHelpText(
      'after',
      '\nIt cannot be undone. The log keeps its entries, which name people by token alone.\n' +
        '\nExample:\n  $ npx dialguard audit erase +12125550123 --by privacy-2 --reason subject-request --case dsr-2026-17',
    )
    .action(async (contact: string, _options: unknown, command: Command) => {
      const { by, reason, case: caseId, region } = parseOptions(Options, command.opts());
      const named = isToken(contact) ? { token: contact } : contactPointField(contact);
      const connection = await connect(command);
      const answer = await connection.post(
        '/v1/erasures',
        given({ ...named, by, reason: upper(reason), caseId, defaultRegion: region }),
      );
      printAnswer(globalOptions(command).json, answer, () => linesOf(Erased.parse(answer.body)));
    });
}

function linesOf({ changed, erasedAt, destroyed, kept, messagesDestroyed }: z.infer<typeof Erased>) {
  const { dataKey, ...counts } = destroyed ?? { dataKey: false };
  const statements = Object.entries(counts).flatMap(([what, count]) =>
    count === 0 ? [] : [`${count} ${what}`],
  );
  const until = new Date(Date.parse(erasedAt) + BACKUP_DAYS * DAY_MS).toISOString().slice(0, 10);
  return [
    changed ? `Erased at ${erasedAt}.` : `Nothing was left to erase: this was done at ${erasedAt}.`,
    ...(changed
      ? [
          `  destroyed  ${[dataKey ? 'the data key, and with it the clear value' : 'no data key was there', ...statements].join(', ')}`,
          '  kept       one suppression by token: checks go on answering BLOCK',
        ]
      : []),
    ...(messagesDestroyed === 0
      ? []
      : [`  destroyed  ${messagesDestroyed} messages that waited for a reviewer`]),
    ...(kept === undefined || kept.endedHolds === 0
      ? []
      : [`  kept       ${kept.endedHolds} litigation holds that have ended`]),
    `  lingers    backups of the table, until ${until}; contact lists, parked events and the event archive as docs/security.md says`,
  ];
}
