import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import * as z from 'zod';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { changesBetween, type GroupChange } from '../../lib/domain/registry/compare.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

const Options = z.object({ registry: z.string(), from: z.string().optional(), to: z.string().optional() });

/** `dialguard registry diff`: what changed between two versions. */
export function addRegistryDiff(registry: Command): void {
  registry
    .command('diff')
    .description('count the numbers that entered and left between two versions, by area code')
    .option('--registry <id>', 'which registry', 'us-national')
    .option('--from <version>', 'date or hash of the older version; else the last but one that is kept')
    .option('--to <version>', 'of the newer one; else the last that is kept')
    .addHelpText('after', '\nExample:\n  $ npx dialguard registry diff --from 2026-11-13 --to 2026-11-20')
    .action(async (_options: unknown, command: Command) => {
      const { registry: name, from, to } = parseOptions(Options, command.opts());
      const { aws, endpoints } = await connect(command);
      const snapshots = new S3RegistrySnapshots(new S3Client(aws), endpoints.buckets.registry);
      const kept = await snapshots.kept(name);
      const older = chosen(kept, from ?? kept.at(-2), '--from');
      const newer = chosen(kept, to ?? kept.at(-1), '--to');
      const [before, after] = await Promise.all([snapshots.segments(older), snapshots.segments(newer)]);
      const groups: GroupChange[] = [];
      for await (const change of changesBetween(before, after)) groups.push(change);
      const sum = (of: 'before' | 'after' | 'entered' | 'left') =>
        groups.reduce((total, change) => total + change[of], 0);
      const total = {
        before: sum('before'),
        after: sum('after'),
        entered: sum('entered'),
        left: sum('left'),
      };
      print(globalOptions(command).json, { from: older, to: newer, ...total, groups }, () => [
        `${older} -> ${newer}`,
        `  ${total.before} -> ${total.after} numbers: ${total.entered} entered, ${total.left} left`,
        ...groups
          .filter(({ entered, left }) => entered + left > 0)
          .map(({ group, entered, left }) => `  +${group}: ${entered} entered, ${left} left`),
      ]);
    });
}

function chosen(kept: readonly string[], version: string | undefined, option: string): string {
  const fitting = version === undefined ? [] : kept.filter((key) => key.includes(version));
  const [key] = fitting;
  if (key !== undefined && fitting.length === 1) return key;
  const those = kept.length === 0 ? 'none is kept' : `kept are\n${kept.map((one) => `  ${one}`).join('\n')}`;
  throw new Error(`${option}: expected a version that is kept; ${those}`);
}
