import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { v7 } from 'uuid';
import * as z from 'zod';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { readInPieces } from '../../lib/adapters/file-system/read-in-pieces.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { unzipped } from '../../lib/adapters/unzip.ts';
import { readFileName } from '../../lib/domain/registry/file-name.ts';
import {
  type ImportedRegistry,
  importRegistry,
  type RegistryImport,
} from '../../lib/domain/registry/import-registry.ts';
import type { RegistryFile } from '../../lib/domain/registry/registry-file.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';
import { addRegistryCheck } from './registry-check.ts';
import { addRegistryDiff } from './registry-diff.ts';
import { addRegistryStatus } from './registry-status.ts';

const AreaCodes = z.union(
  [
    z.literal('ALL'),
    z
      .string()
      .regex(/^\d{3}(,\d{3})*$/)
      .transform((codes) => codes.split(',')),
  ],
  'expected ALL, or area codes such as 212,305',
);

const National = z
  .string()
  .regex(
    /^[1-9]\d{0,2}(:\d{0,2})?$/,
    'expected a calling code and what national numbers begin with, such as 44:0',
  )
  .transform((text) => {
    const [callingCode = '', trunkPrefix = ''] = text.split(':');
    return { callingCode, trunkPrefix };
  });

const Options = z.object({
  registry: z.string(),
  versionDate: z.iso
    .date('expected the date of the registry file, such as 2026-11-20')
    .transform((date) => Date.parse(date))
    .optional(),
  areaCodes: AreaCodes,
  changes: z.boolean().default(false),
  lines: z.coerce.number().int().positive().optional(),
  national: National.optional(),
  san: z.string().optional(),
  acceptDifferent: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** `dialguard registry`: do-not-call registries, put into use, looked at and compared. */
export function addRegistry(program: Command): void {
  const registry = program.command('registry').description('do-not-call registries');
  addImport(registry);
  addRegistryStatus(registry);
  addRegistryDiff(registry);
  addRegistryCheck(registry);
}

function addImport(registry: Command): void {
  registry
    .command('import')
    .description('put lists of a registry into use: checks and scrubs ask them from then on')
    .argument(
      '<files...>',
      '`areacode,number` or +E.164 a line, XML, or a change list; as they are or zipped',
    )
    .option('--registry <id>', 'which registry', 'us-national')
    .option(
      '--version-date <date>',
      "the registry's own date of the lists; else a file's name begins with it",
    )
    .option('--area-codes <codes>', 'area codes that the subscription covers, or ALL', 'ALL')
    .option('--changes', 'the files are change lists')
    .option('--lines <count>', 'how many numbers the file must have')
    .option('--national <form>', 'numbers are national: calling code and trunk prefix, such as 44:0')
    .option('--accept-different', 'take a list that is far from the one in use')
    .option('--san <number>', 'subscription account number, for the record')
    .addHelpText(
      'after',
      `
A name as the FTC gives it, 2026-11-20_818_<id>.txt.zip, says the date and the one area code that the file is about;
the lists of other area codes stay as they are. Without an area code the file is the whole registry.

Examples:
  $ npx dialguard registry import full.txt --version-date 2026-11-20 --area-codes 212,305
  $ npx dialguard registry import 2026-11-20_*.txt.zip
  $ npx dialguard registry import tps.csv --registry gb-tps --version-date 2026-11-20 --national 44:0`,
    )
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const options = parseOptions(Options, command.opts());
      const request = requestFor(paths, options);
      // Before anything is asked of the deployment: what is typed wrong is said even where that does not answer.
      await Promise.all(paths.map((path) => access(path, constants.R_OK)));
      const imported = await importInto(await connect(command), request);
      const { version, duplicates, changedBlocks, entered, left } = imported;
      print(globalOptions(command).json, imported, () => [
        `${version.registry} of ${new Date(version.versionAt).toISOString().slice(0, 10)} is in use.`,
        `  ${version.numbers} numbers, ${duplicates} of them given twice, ${changedBlocks} blocks changed`,
        `  ${entered} entered, ${left} left`,
        `  snapshot ${version.snapshotKey}`,
      ]);
    });
}

/** @throws Error where the dates of the files are unknown or differ. */
function requestFor(paths: readonly string[], options: Options): RegistryImport {
  const named = paths.map((path) => ({ path, said: readFileName(basename(path)) }));
  const dates = new Set(named.map(({ said }) => options.versionDate ?? said?.versionAt));
  const [versionAt] = dates;
  if (dates.size !== 1 || versionAt === undefined) {
    throw new Error(
      '--version-date: expected the date of the registry files; their names say none, or several',
    );
  }
  const files = named.map(
    ({ path, said }): RegistryFile => ({
      kind: options.changes ? 'CHANGES' : (said?.kind ?? 'FULL'),
      areaCode: said?.areaCode,
      lines: options.lines,
      open: () => unzipped(readInPieces(path)),
    }),
  );
  const { registry, areaCodes, acceptDifferent, san, national } = options;
  return {
    registry,
    versionAt,
    accessedAt: Date.now(),
    areaCodes,
    acceptDifferent,
    ...(san === undefined ? {} : { subscriptionId: san }),
    form: { national },
    files,
  };
}

/** Imports into a deployment. */
export async function importInto(
  { aws, endpoints }: Connection,
  request: RegistryImport,
): Promise<ImportedRegistry> {
  const dynamodb = new DynamoDBClient(aws);
  const { contactPoints, registryBlocks } = endpoints.tables;
  return await importRegistry(request, {
    snapshots: new S3RegistrySnapshots(new S3Client(aws), endpoints.buckets.registry),
    blocks: new DynamoRegistryBlocks(dynamodb, registryBlocks),
    contactPoints: new DynamoContactPoints(dynamodb, contactPoints),
    now: Date.now,
    newId: v7,
  });
}
