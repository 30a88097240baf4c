import { resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { whatIfSince } from '../../lib/adapters/audit-log/replay-log.ts';
import type { Changes, WhatIf } from '../../lib/domain/decision/what-if.ts';
import { readPolicyFile } from '../policy-file.ts';
import { auditBucket, counting, Since } from './audit-bucket.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

const Options = z.object({ since: Since });

/** `dialguard policy what-if`: what a policy would have decided, before anybody deploys it. */
export function addWhatIf(policy: Command): void {
  policy
    .command('what-if')
    .description('decide logged decisions again under a new policy: what it would newly block and allow')
    .argument('<file>', 'a JSON policy document')
    .requiredOption('--since <date>', 'decisions from this day on, or of the last 30d, 12h ...')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard --stage prod policy what-if my-policy.json --since 30d',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { since } = parseOptions(Options, command.opts());
      const policy = readPolicyFile(resolve(file));
      const { objects } = auditBucket(await connect(command));
      const found = await counting((onDecision) => whatIfSince(objects, { policy, since }, onDecision));
      print(globalOptions(command).json, found, () => describe(found));
    });
}

function describe(found: WhatIf): readonly string[] {
  const { policy, decisions, withoutFacts, blockedOtherwise, registryNotRecorded } = found;
  return [
    `Under ${policy}, ${decisions} decisions decided again by the facts recorded with them:`,
    ...table('newly blocked', found.newlyBlocked),
    ...table('newly allowed', found.newlyAllowed),
    `${blockedOtherwise} still blocked, on other grounds or until another time`,
    `${withoutFacts} made by the system without facts, which no policy changes`,
    ...(registryNotRecorded === 0
      ? []
      : [
          `${registryNotRecorded} asked about a registry that was not asked then: without an answer it blocks`,
        ]),
  ];
}

function table(
  title: string,
  { decisions, byRule, byCampaign, firstDecisionIds }: Changes,
): readonly string[] {
  const rows = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([key, count]) => `    ${String(count).padStart(8)}  ${key || '(none)'}`);
  if (decisions === 0) return [`0 ${title}`];
  return [
    `${decisions} ${title}`,
    '  by rule',
    ...rows(byRule),
    '  by campaign',
    ...rows(byCampaign),
    `  such as ${firstDecisionIds.join(', ')}`,
  ];
}
