import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import * as z from 'zod';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { renderExplanation } from '../../lib/domain/log/render-explanation.ts';
import { auditBucket, Since } from './audit-bucket.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { tokenFor } from './contact-point.ts';
import { print } from './output.ts';

const Options = z.object({
  decision: z.string().optional(),
  region: z.string().optional(),
  since: Since.optional(),
});

/** `dialguard explain`: why a contact was made, or not. */
export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('why a contact was made or not: one decision, or everything about a number')
    .argument('[contact]', 'phone number or e-mail address')
    .option('--decision <id>', 'one decision by its id')
    .option('--region <country>', 'country of a number that is written without one')
    .option('--since <date>', 'read the log from this day on, or of the last 30d, 12h ...')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard explain +12125550123\n  $ npx dialguard explain --decision 01a20144-d9a7-70af-a312-2e1154c20698',
    )
    .action(async (contact: string | undefined, _options: unknown, command: Command) => {
      const { decision, region, since } = parseOptions(Options, command.opts());
      if ((contact === undefined) === (decision === undefined)) {
        throw new Error('Say what to explain: a number or an address, or --decision <id>.');
      }
      const connection = await connect(command);
      const explainer = explainerFor(connection);
      const explanation =
        decision === undefined
          ? await explainer.explainContactPoint(await tokenFor(connection, contact ?? '', region), since)
          : await explainer.explainDecision(decision);
      if (explanation.kind === 'nothing') process.exitCode = 1;
      print(globalOptions(command).json, explanation, () => [renderExplanation(explanation)]);
    });
}

/** Reads the log of a deployment, and what still waits for it. */
export function explainerFor(connection: Connection): Explainer {
  const { aws, endpoints } = connection;
  return new Explainer({
    ...auditBucket(connection),
    contactPoints: new DynamoContactPoints(new DynamoDBClient(aws), endpoints.tables.contactPoints),
    now: Date.now,
  });
}
