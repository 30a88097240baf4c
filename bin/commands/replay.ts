import type { Command } from 'commander';
import * as z from 'zod';
import { findDecision } from '../../lib/adapters/audit-log/entries.ts';
import { replayLog } from '../../lib/adapters/audit-log/replay-log.ts';
import {
  type ReplayDifference,
  ReplayReport,
  type ReplaySummary,
} from '../../lib/domain/decision/replay-report.ts';
import type { DecisionResult } from '../../lib/domain/decision/result.ts';
import { auditBucket, counting, Since } from './audit-bucket.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

const Options = z.object({ decision: z.string().optional(), since: Since.optional() });

/** `dialguard replay`: decides recorded decisions again and shows whether they come out the same. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('decide again from recorded facts and policy; exit code 1 unless all comes out the same')
    .option('--decision <id>', 'one decision by its id')
    .option('--since <date>', 'all logged decisions from this day on, or of the last 30d, 12h ...')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard replay --since 7d\n  $ npx dialguard replay --decision <id>',
    )
    .action(async (_options: unknown, command: Command) => {
      const { decision, since } = parseOptions(Options, command.opts());
      const connection = await connect(command);
      const summary = await replay(connection, { decision, since });
      if (summary.differing + summary.withoutPolicy > 0) process.exitCode = 1;
      print(globalOptions(command).json, summary, () => describe(summary));
    });
}

type What = { readonly decision: string | undefined; readonly since: number | undefined };

async function replay(connection: Connection, { decision, since }: What): Promise<ReplaySummary> {
  const bucket = auditBucket(connection);
  if (decision === undefined && since !== undefined) {
    return await counting((onDecision) => replayLog(bucket, since, onDecision));
  }
  if (decision === undefined || since !== undefined) {
    throw new Error('Say what to replay: --decision <id>, or --since <date>.');
  }
  const found = await findDecision(bucket, decision);
  if (found === undefined) throw new Error(`Nothing is recorded of decision ${decision}.`);
  const report = new ReplayReport();
  report.add(found, await bucket.policies.find(found.entry.policy.hash));
  return report.summary();
}

function describe(summary: ReplaySummary): readonly string[] {
  const { decisions, identical, withoutFacts, withoutPolicy, differing, firstDifferences } = summary;
  return [
    `${decisions} decisions: ${identical} came out the same, ${differing} differ`,
    ...(withoutFacts === 0
      ? []
      : [`  ${withoutFacts} of them the system made before it looked at anybody: no facts to decide again`]),
    ...(withoutPolicy === 0
      ? []
      : [`  ${withoutPolicy} could not be decided again: their policy is not kept`]),
    ...firstDifferences.flatMap(describeDifference),
  ];
}

function describeDifference(difference: ReplayDifference): readonly string[] {
  const { decisionId, index, at, policy, recorded, replayed } = difference;
  return [
    `  ${decisionId}, ${index === null ? 'not logged yet' : `entry ${index}`}, ${at}, policy ${policy}`,
    `    recorded ${resultText(recorded)}`,
    `    replayed ${replayed === null ? 'nothing: it has no facts' : resultText(replayed)}`,
  ];
}

function resultText({ effect, reasons, nextAllowedAt }: DecisionResult): string {
  const grounds = reasons.map(({ code, ruleId }) => (ruleId === '' ? code : `${code} (${ruleId})`));
  return [effect, ...grounds, ...(nextAllowedAt === undefined ? [] : [`until ${nextAllowedAt}`])].join(', ');
}
