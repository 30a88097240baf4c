import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import * as z from 'zod';
import { DynamoCoverageGaps } from '../../lib/adapters/dynamodb/coverage-gaps.ts';
import { readCoverageProgress } from '../../lib/adapters/dynamodb/coverage-ledger.ts';
import type { KnownGap } from '../../lib/domain/coverage/ports.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { print, printAnswer } from './output.ts';

const GapsOptions = z.object({
  since: z.iso
    .date()
    .transform((day) => Date.parse(day))
    .optional(),
  all: z.literal(true).optional(),
});
const ResolveOptions = z.object({ by: z.string(), reason: z.string() });

/** `dialguard coverage status|gaps|resolve`: whether every outbound contact had a decision. */
export function addCoverage(program: Command): void {
  const coverage = program
    .command('coverage')
    .description('outbound contacts that the platform made, held against the decisions on record');
  addStatus(coverage);
  addGaps(coverage);
  addResolve(coverage);
}

function addStatus(coverage: Command): void {
  coverage
    .command('status')
    .description('how far the checks have come, and how many contacts wait for a word')
    .addHelpText('after', '\nExample:\n  $ npx dialguard coverage status')
    .action(async (_options: unknown, command: Command) => {
      const { endpoints, gaps, dynamodb } = storesOf(await connect(command));
      const progress = await readCoverageProgress(dynamodb, endpoints.tables.cases);
      const status = {
        checkedUntil: progress === undefined ? null : iso(progress.closedUntil),
        lastClosedAt: progress?.closedAt === undefined ? null : iso(progress.closedAt),
        underWay:
          progress?.job === undefined ? null : { from: iso(progress.job.from), to: iso(progress.job.to) },
        openGaps: await gaps.countOpen(),
      };
      print(globalOptions(command).json, status, () => [
        status.checkedUntil === null
          ? 'Nothing was checked yet: the setting genesysRegion connects an organization.'
          : `Every outbound contact before ${status.checkedUntil} was held against the decisions.`,
        ...(status.underWay === null
          ? []
          : [`Genesys Cloud gathers the records of ${status.underWay.from} to ${status.underWay.to}.`]),
        status.openGaps === 0
          ? 'No contact waits for a word.'
          : `Contacts without a decision that wait for a word: ${status.openGaps} (npx dialguard coverage gaps).`,
      ]);
    });
}

function addGaps(coverage: Command): void {
  coverage
    .command('gaps')
    .description('outbound contacts that no decision covers, the oldest first')
    .option('--since <day>', 'those made on this day, UTC, or later, such as 2026-11-20')
    .option('--all', 'those that somebody has judged, too')
    .addHelpText('after', '\nExample:\n  $ npx dialguard coverage gaps --since 2026-11-20')
    .action(async (_options: unknown, command: Command) => {
      const { since = 0, all = false } = parseOptions(GapsOptions, command.opts());
      const { gaps } = storesOf(await connect(command));
      const listed = [...(await gaps.list('OPEN')), ...(all ? await gaps.list('JUDGED') : [])];
      const shown = listed.filter(({ at }) => at >= since).toSorted((a, b) => a.at - b.at);
      print(globalOptions(command).json, shown.map(shownGap), () =>
        shown.length === 0 ? ['Every outbound contact had a decision, or was judged.'] : shown.map(lineOf),
      );
    });
}

function addResolve(coverage: Command): void {
  coverage
    .command('resolve')
    .description('say what a contact without a decision was; the first word counts, and the log keeps it')
    .argument('<id>', 'the contact, as `coverage gaps` names it')
    .requiredOption('--by <id>', 'who judged it: an id, no name')
    .requiredOption('--reason <id>', 'what it was, such as breach, test-call, called-by-request; no text')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard coverage resolve 2f7bf00a-0fc2-4d6a-9b56-92238191433e.c03d300e-fa79-4353-9695-b97a71322785 --by officer-1 --reason test-call',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const body = parseOptions(ResolveOptions, command.opts());
      const answer = await (await connect(command)).post(`/v1/coverage-gaps/${encodeURIComponent(id)}`, body);
      printAnswer(globalOptions(command).json, answer, () => [`Recorded as ${body.reason}, by ${body.by}.`]);
    });
}

function storesOf({ aws, endpoints }: Connection) {
  const dynamodb = new DynamoDBClient(aws);
  return { dynamodb, endpoints, gaps: new DynamoCoverageGaps(dynamodb, endpoints.tables.cases) };
}

function shownGap({ at, foundAt, judgement, ...gap }: KnownGap) {
  return {
    ...gap,
    at: iso(at),
    foundAt: iso(foundAt),
    judgement: judgement === undefined ? null : { ...judgement, at: iso(judgement.at) },
  };
}

function lineOf({ id, channel, at, outcome, campaignId, judgement }: KnownGap): string {
  const campaign = campaignId === undefined ? 'no campaign' : `campaign ${campaignId}`;
  const judged = judgement === undefined ? '' : `, judged ${judgement.reason} by ${judgement.by}`;
  return `${id}  ${channel} at ${iso(at)}, ${campaign}: ${outcome}${judged}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
