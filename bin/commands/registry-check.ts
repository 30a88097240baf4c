import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import * as z from 'zod';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';
import { registriesInUse } from './registries-in-use.ts';

const Options = z.object({ region: z.string().length(2).optional() });
const DAY_MS = 86_400_000;

/** `dialguard registry check`: which registries list a number. */
export function addRegistryCheck(registry: Command): void {
  registry
    .command('check')
    .description('say which registries list a number; the number itself is neither sent nor recorded')
    .argument('<number>', 'such as "+1 212 555 0123"')
    .option('--region <country>', 'of a number in national form, such as US')
    .addHelpText('after', '\nExample:\n  $ npx dialguard registry check +12125550123')
    .action(async (number: string, _options: unknown, command: Command) => {
      const { region } = parseOptions(Options, command.opts());
      const e164 = e164Of(number, region);
      const connection = await connect(command);
      const versions = await registriesInUse(connection);
      // DynamoDB is asked for the block of 10,000 numbers; which of them is meant stays here.
      const facts = new DynamoDecisionFacts(new DynamoDBClient(connection.aws), connection.endpoints.tables);
      const questions = versions.map((version) => ({ registry: version.registry, e164 }));
      const { registries } = await facts.readForDecision([], questions);
      const answers = registries.filter((fact) => fact !== undefined);
      print(globalOptions(command).json, answers, () =>
        answers.length === 0
          ? ['No registry is in use.']
          : answers.map(
              ({ registry: name, listed, versionAt }) =>
                `${name}: ${listed ? 'LISTED' : 'not listed'} (version of ${day(versionAt)}, ` +
                `${Math.floor((Date.now() - versionAt) / DAY_MS)} days old)`,
            ),
      );
    });
}

function e164Of(text: string, region: string | undefined): string {
  const read = parsePhoneNumber(text, region);
  if ('e164' in read) return read.e164;
  throw new Error('Expected a telephone number; give --region for one in national form.');
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
