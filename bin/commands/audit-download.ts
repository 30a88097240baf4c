import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import * as z from 'zod';
import { downloadLog } from '../../lib/adapters/file-system/download-log.ts';
import { openSource } from './audit-source.ts';
import { globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

const Options = z.object({ out: z.string(), from: z.string().optional() });

/** `dialguard audit download`: the log as it is, to be checked where there is no network. */
export function addAuditDownload(audit: Command): void {
  audit
    .command('download')
    .description('copy the log with every version and lock into a folder, for audit verify --from')
    .requiredOption('--out <folder>', 'an empty folder, or one that is not there yet')
    .option('--from <place>', "s3://bucket[/prefix]; the deployment's log unless told")
    .addHelpText('after', '\nExample:\n  $ npx dialguard audit download --out ./log-copy')
    .action(async (_options: unknown, command: Command) => {
      const { out, from } = parseOptions(Options, command.opts());
      const { source, name } = await openSource(command, from);
      const bar = new SingleBar(
        { format: ' {value} versions | {duration_formatted}' },
        Presets.shades_classic,
      );
      bar.start(0, 0);
      try {
        const versions = await downloadLog(source, {
          name,
          folder: out,
          onVersion: (count) => bar.update(count),
        });
        bar.stop();
        print(globalOptions(command).json, { log: name, folder: out, versions }, () => [
          `${versions} versions of ${name} are in ${out}. Check them: dialguard audit verify --from ${out}`,
        ]);
      } finally {
        bar.stop();
      }
    });
}
