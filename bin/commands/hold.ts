import type { Command } from 'commander';
import * as z from 'zod';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { contactPointField, given, printAnswer } from './output.ts';

const Options = z.object({ case: z.string(), by: z.string(), region: z.string().optional() });

const ACTIONS = {
  place: {
    path: '/v1/holds',
    says: 'no contact may be made, whatever else is known, until two people release it',
  },
  release: { path: '/v1/hold-releases', says: 'record one release; two different people end the hold' },
} as const;

/** `dialguard hold place|release`: litigation holds. */
export function addHold(program: Command): void {
  const hold = program
    .command('hold')
    .description('place a litigation hold, or release it by two different people');
  for (const [name, { path, says }] of Object.entries(ACTIONS)) {
    hold
      .command(name)
      .description(says)
      .argument('<contact>', 'phone number or e-mail address')
      .requiredOption('--case <id>', 'the case')
      .requiredOption('--by <id>', 'who does it: an id, no name')
      .option('--region <country>', 'country of a number that is written without one')
      .addHelpText(
        'after',
        `\nExample:\n  $ npx dialguard hold ${name} +12125550123 --case case-2026-17 --by legal-2`,
      )
      .action(async (contact: string, _options: unknown, command: Command) => {
        const { case: caseId, by, region } = parseOptions(Options, command.opts());
        const connection = await connect(command);
        const answer = await connection.post(
          path,
          given({ ...contactPointField(contact), caseId, by, defaultRegion: region }),
        );
        printAnswer(globalOptions(command).json, answer, () => [JSON.stringify(answer.body, null, 2)]);
      });
  }
}
