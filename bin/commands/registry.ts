import { createReadStream } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { v7 } from 'uuid';
import * as z from 'zod';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import {
  type ImportedRegistry,
  importRegistry,
  type RegistryImport,
} from '../../lib/domain/registry/import-registry.ts';
import { type Connection, connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';

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

const Options = z.object({
  registry: z.string(),
  versionDate: z.iso
    .date('expected the date of the registry file, such as 2026-11-20')
    .transform((date) => Date.parse(date)),
  areaCodes: AreaCodes,
  san: z.string().optional(),
  acceptShorter: z.boolean().default(false),
});

/** `dialguard registry import`: puts a do-not-call registry's full list into use. */
export function addRegistry(program: Command): void {
  program
    .command('registry')
    .description('do-not-call registries')
    .command('import')
    .description("put a registry's full list into use: checks and scrubs ask it from then on")
    .argument('<file>', 'one number a line: `areacode,number` as the FTC gives it, or +E.164')
    .option('--registry <id>', 'which registry', 'us-national')
    .requiredOption('--version-date <date>', "the registry's own date of this list")
    .option('--area-codes <codes>', 'area codes that the subscription covers, or ALL', 'ALL')
    .option('--accept-shorter', 'take a list with far fewer numbers than the one in use')
    .option('--san <number>', 'subscription account number, for the record')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx dialguard registry import full.txt --version-date 2026-11-20 --area-codes 212,305',
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const { registry, versionDate, areaCodes, san, acceptShorter } = parseOptions(Options, command.opts());
      const imported = await importInto(await connect(command), {
        registry,
        versionAt: versionDate,
        accessedAt: Date.now(),
        areaCodes,
        acceptShorter,
        ...(san === undefined ? {} : { subscriptionId: san }),
        file: createReadStream(file),
      });
      const { version, duplicates, changedBlocks } = imported;
      print(globalOptions(command).json, imported, () => [
        `${version.registry} of ${new Date(version.versionAt).toISOString().slice(0, 10)} is in use.`,
        `  ${version.numbers} numbers, ${duplicates} of them given twice, ${changedBlocks} blocks changed`,
        `  snapshot ${version.snapshotKey}`,
      ]);
    });
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
