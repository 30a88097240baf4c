import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { v7 } from 'uuid';
import * as z from 'zod';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { readApprovedList } from '../../lib/adapters/file-system/approved-list.ts';
import { readInPieces } from '../../lib/adapters/file-system/read-in-pieces.ts';
import { scrubFolder } from '../../lib/adapters/file-system/scrub-folder.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { s3Evidence } from '../../lib/adapters/s3/scrub-files.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { FILE_DEFECTS } from '../../lib/domain/scrub/defect.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import type { EarlierScrub } from '../../lib/domain/scrub/manifest.ts';
import { ScrubProfile } from '../../lib/domain/scrub/profile.ts';
import { REMOVALS_FILE } from '../../lib/domain/scrub/row-writer.ts';
import { type RunScrubDeps, runScrub, type ScrubOutcome } from '../../lib/domain/scrub/run-scrub.ts';
import { MAX_LIST_BYTES } from '../../lib/domain/scrub/scrub-file.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { given, PRODUCT_HELP, print, upper } from './output.ts';

const Options = z.object({
  phoneColumn: z.array(z.string()).default([]),
  emailColumn: z.array(z.string()).default([]),
  ignoreColumn: z.array(z.string()).default([]),
  stateColumn: z.string().optional(),
  postalCodeColumn: z.string().optional(),
  region: z.string().optional(),
  channel: z.string().default('voice'),
  purpose: z.string().default('marketing'),
  seller: z.string().optional(),
  product: z.string().transform(upper).optional(),
  audience: z.string().optional(),
  technology: z.string().optional(),
  softOptIn: z.boolean().optional(),
  campaign: z.string().optional(),
  delimiter: z.string().optional(),
  sinceManifest: z.string().optional(),
  out: z.string().optional(),
});
type Options = z.infer<typeof Options>;

/** As of `check` where the answer is BLOCK: the command worked, and somebody must not be contacted. */
const COMES_OUT_EXIT_CODE = 3;

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];

/** `dialguard scrub`: the same scrub as the inbox's, on a file of this machine. */
export function addScrub(program: Command): void {
  program
    .command('scrub')
    .description('scrub a contact list: approved rows byte for byte, the others with the reason')
    .argument('[file]', 'CSV file')
    .option('--phone-column <name>', 'a column that holds phone numbers; may be given several times', collect)
    .option(
      '--email-column <name>',
      'a column that holds e-mail addresses; may be given several times',
      collect,
    )
    .option('--ignore-column <name>', 'a column that looks like phone numbers and is none', collect)
    .option('--state-column <name>', 'the column with the state of the called party')
    .option('--postal-code-column <name>', 'the column with the postal code, read for numbers of +1')
    .option('--region <country>', 'country of numbers that are written without one')
    .option('--channel <channel>', 'voice, sms or email; voice unless told')
    .option('--purpose <purpose>', 'marketing, service, collection or breach-notice; marketing unless told')
    .option('--seller <seller>', 'on whose behalf')
    .option('--product <product>', PRODUCT_HELP)
    .option('--audience <audience>', 'consumer or business; without it the rules for both apply')
    .option(
      '--technology <technology>',
      'live, automated or prerecorded; without it the rules for each apply',
    )
    .option('--soft-opt-in', 'the messages offer own similar products alone, and a free way to object')
    .option('--campaign <id>', 'campaign id for the record')
    .option('--delimiter <character>', 'a comma unless told')
    .option(
      '--since-manifest <manifest>',
      'scrub again what that scrub approved, as it was scrubbed then: removals.csv has the rows that must come out',
    )
    .option('--out <folder>', 'where the results go: <file>.scrubbed unless told')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx dialguard scrub leads.csv --phone-column Cell --phone-column Home --region US' +
        '\n  $ npx dialguard scrub --since-manifest leads.csv.scrubbed/manifest.json',
    )
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const { json } = globalOptions(command);
      const list = await listOf(file, options, command);
      const outcome = await scrub(await connect(command), { ...list, quiet: json });
      process.exitCode = exitCodeOf(outcome);
      print(json, outcome, () => describe(outcome, list.out));
    });
}

/** What is scrubbed: a file under the options, or what an earlier scrub approved, under its settings. */
async function listOf(
  file: string | undefined,
  options: Options,
  command: Command,
): Promise<Omit<FileScrub, 'quiet'>> {
  const { sinceManifest, out } = options;
  if (file !== undefined && sinceManifest === undefined) {
    return { file, out: out ?? `${file}.scrubbed`, profile: profileFrom(options), profileName: 'command' };
  }
  const others = Object.keys(command.opts()).filter((name) => !SINCE_OPTIONS.has(name));
  if (file !== undefined || sinceManifest === undefined || others.length > 0) {
    throw new Error(
      'expected either a CSV file and its options, or --since-manifest, which has the settings of that scrub',
    );
  }
  const { path, ...earlier } = await readApprovedList(sinceManifest);
  const folder = join(dirname(sinceManifest), `since-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  return { ...earlier, file: path, out: out ?? folder };
}

const SINCE_OPTIONS: ReadonlySet<string> = new Set(['sinceManifest', 'out']);

function exitCodeOf(outcome: ScrubOutcome): number {
  if (outcome.manifest.outcome === 'REJECTED') return 1;
  const comesOut = outcome.kind === 'SCRUBBED' && outcome.counts.rows > outcome.counts.approved;
  return outcome.manifest.since !== undefined && comesOut ? COMES_OUT_EXIT_CODE : 0;
}

function profileFrom(options: Options): ScrubProfile {
  const parsed = ScrubProfile.safeParse(
    given({
      phoneColumns: options.phoneColumn,
      emailColumns: options.emailColumn,
      ignoredColumns: options.ignoreColumn,
      stateColumn: options.stateColumn,
      postalCodeColumn: options.postalCodeColumn,
      defaultRegion: options.region,
      channel: upper(options.channel),
      purpose: upper(options.purpose),
      seller: options.seller,
      product: options.product,
      audience: options.audience?.toUpperCase(),
      technology: options.technology?.toUpperCase(),
      softOptIn: options.softOptIn,
      campaignId: options.campaign,
      delimiter: options.delimiter,
    }),
  );
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
}

type FileScrub = {
  readonly file: string;
  readonly out: string;
  readonly profile: ScrubProfile;
  readonly profileName: string;
  readonly since?: EarlierScrub;
  readonly quiet: boolean;
};

async function scrub(
  connection: Connection,
  { file, out, profile, profileName, since, quiet }: FileScrub,
): Promise<ScrubOutcome> {
  const bar = new SingleBar(
    {
      format: ' {bar} {percentage}% | {rows} rows | {approved} approved, {rejected} rejected',
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  const totalBytes = statSync(file).size;
  if (!quiet) bar.start(totalBytes, 0, { rows: 0, approved: 0, rejected: 0 });
  try {
    return await runScrub(depsFor(connection), {
      jobId: jobIdOf({ bucket: 'local', key: basename(file), versionId: v7() }),
      profileName,
      since,
      outbox: await scrubFolder(out),
      source: { name: basename(file), open: () => readInPieces(file) },
      profile,
      onProgress: ({ bytesRead, counts: { rows, approved, rejected } }) =>
        bar.update(bytesRead, { rows, approved, rejected }),
    });
  } finally {
    bar.stop();
  }
}

function depsFor({ aws, endpoints, policy }: Connection): RunScrubDeps {
  const dynamodb = new DynamoDBClient(aws);
  const s3 = new S3Client(aws);
  return {
    contactPoints: new DynamoContactPoints(dynamodb, endpoints.tables.contactPoints),
    jobs: new DynamoScrubJobs(dynamodb, endpoints.tables.cases, v7),
    snapshots: new S3RegistrySnapshots(s3, endpoints.buckets.registry),
    evidence: s3Evidence(s3, endpoints.buckets.audit),
    pepper: pepperFrom(new SecretsManagerClient(aws), endpoints.secrets.pepper),
    policy,
    residency: endpoints.residency,
    maxBytes: MAX_LIST_BYTES,
    now: Date.now,
    newId: v7,
  };
}

function describe(outcome: ScrubOutcome, out: string): readonly string[] {
  switch (outcome.kind) {
    case 'SCRUBBED': {
      const { rows, approved, rejected, quarantined, otherRegion, reasons } = outcome.counts;
      return [
        `${rows} rows: ${approved} approved, ${rejected} rejected, ${quarantined} quarantined, ${otherRegion} of another region`,
        ...Object.entries(reasons).flatMap(([kind, by]) =>
          Object.entries(by).map(([reason, count]) => `  ${kind}: ${reason} ${count}`),
        ),
        ...(outcome.manifest.since === undefined
          ? []
          : [`${rows - approved} rows must come out: ${join(out, REMOVALS_FILE)}`]),
        `Results in ${out}; use approved.csv before ${outcome.manifest.useBefore}.`,
      ];
    }
    case 'REJECTED': {
      const { cause, line } = outcome.rejection;
      return [
        `Refused whole${line === undefined ? '' : `, line ${line}`}: ${cause}. ${FILE_DEFECTS[cause]}`,
        `Report in ${out}.`,
      ];
    }
    case 'ALREADY_DONE':
      return [`${out} holds a finished scrub already; give another --out.`];
  }
}
