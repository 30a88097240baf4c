import { S3Client } from '@aws-sdk/client-s3';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import * as z from 'zod';
import { createZipFile } from '../../lib/adapters/file-system/zip-file.ts';
import { openEvidenceLog } from '../../lib/adapters/s3/evidence-log.ts';
import { isToken } from '../../lib/domain/contact-point/token.ts';
import { makePack } from '../../lib/domain/evidence/pack.ts';
import type { PackContents } from '../../lib/domain/evidence/report.ts';
import type { EvidenceScope } from '../../lib/domain/evidence/scope.ts';
import { Since } from './audit-bucket.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { tokenFor } from './contact-point.ts';
import { print } from './output.ts';

const Options = z.object({
  number: z.string().optional(),
  campaign: z.string().min(1).optional(),
  since: Since.optional(),
  until: Since.optional(),
  out: z.string(),
  region: z.string().optional(),
});
type Options = z.infer<typeof Options>;

/** `dialguard audit evidence`: what the log has of one person or campaign, with proofs, for somebody who must not trust us. */
export function addAuditEvidence(audit: Command): void {
  audit
    .command('evidence')
    .description('an archive about one person or one campaign: entries with proofs, rules, figures, a report')
    .option('--number <contact>', 'phone number or e-mail address, or a token of the log')
    .option('--campaign <id>', 'a campaign, as checks and lists name it')
    .option('--since <date>', 'from this day on, or of the last 30d, 12h ...')
    .option('--until <date>', 'until before this day')
    .requiredOption('--out <file>', 'the archive to write; it must not exist')
    .option('--region <country>', 'country of a number that is written without one')
    .addHelpText(
      'after',
      '\nIt names people by token alone, and of other people than the one asked about it says nothing.\n' +
        '\nExamples:\n  $ npx dialguard audit evidence --number +12125550123 --out evidence.zip\n' +
        '  $ npx dialguard audit evidence --campaign spring --since 2026-11-01 --until 2026-12-01 --out spring.zip',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const connection = await connect(command);
      const scope = await scopeOf(connection, options);
      const pack = await writePack(connection, scope, options.out);
      const { figures, withheld, logSize } = pack;
      print(globalOptions(command).json, { out: options.out, logSize, withheld, figures }, () =>
        linesOf(pack, options.out),
      );
    });
}

async function scopeOf(connection: Connection, options: Options): Promise<EvidenceScope> {
  const { number, campaign, since = 0, until, region } = options;
  const span = { since, ...(until === undefined ? {} : { until }) };
  if (until !== undefined && until <= since) throw new Error('--until must be later than --since.');
  if (campaign !== undefined && number === undefined) {
    return { about: { kind: 'campaign', campaignId: campaign }, ...span };
  }
  if (number === undefined || campaign !== undefined) {
    throw new Error('Say what the pack is about: --number <contact>, or --campaign <id>.');
  }
  const token = isToken(number) ? number : await tokenFor(connection, number, region);
  return { about: { kind: 'person', token }, ...span };
}

async function writePack(
  { aws, endpoints }: Connection,
  scope: EvidenceScope,
  out: string,
): Promise<PackContents> {
  const bar = new SingleBar(
    { format: ' {bar} {value} of {total} objects of the log' },
    Presets.shades_classic,
  );
  bar.start(1, 0);
  try {
    const log = await openEvidenceLog(new S3Client(aws), endpoints.buckets.audit, (read, of) => {
      bar.setTotal(of);
      bar.update(read);
    });
    const zip = await createZipFile(out);
    try {
      const pack = await makePack(log, scope, (name, text) => zip.add(name, text));
      await zip.close();
      return pack;
    } catch (error) {
      await zip.abort();
      throw error;
    }
  } finally {
    bar.stop();
  }
}

function linesOf({ figures, withheld, logSize }: PackContents, out: string): readonly string[] {
  const { ALLOW, BLOCK } = figures.decisions;
  const entries = Object.values(figures.entries).reduce((sum, count) => sum + count, 0);
  return [
    `${out}: ${entries} entries of a log of ${logSize}, each with its proof`,
    `  ${ALLOW} contacts allowed, ${BLOCK} blocked, ${figures.optOuts.optOuts} opt-outs`,
    ...(withheld === 0
      ? []
      : [`  ${withheld} more say things of other contact points too, and are there in part`]),
    '  report.html is for people; README.md says how to check every file',
  ];
}
