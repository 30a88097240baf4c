import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { S3RegistryInbox } from '../../lib/adapters/s3/registry-inbox.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import type { ImportReport } from '../../lib/domain/registry/import-report.ts';
import type { RegistryVersion } from '../../lib/domain/registry/version.ts';
import { type Connection, connect, globalOptions } from './connection.ts';
import { print } from './output.ts';

const DAY_MS = 86_400_000;

type Status = {
  readonly registry: string;
  readonly version?: RegistryVersion | undefined;
  readonly ageDays?: number;
  /** The strictest rule of the policy in force that looks at its age. */
  readonly maxAgeDays?: number | undefined;
  /** A snapshot whose import was begun and is not finished. */
  readonly unfinished?: string | undefined;
  /** Files that nothing has become of yet. */
  readonly waiting: readonly string[];
  readonly reports: readonly ImportReport[];
};

/** `dialguard registry status`: versions in use, how old they may get, and what became of files. */
export function addRegistryStatus(registry: Command): void {
  registry
    .command('status')
    .description('versions in use, their age against the law, running and failed imports')
    .addHelpText('after', '\nExample:\n  $ npx dialguard registry status')
    .action(async (_options: unknown, command: Command) => {
      const connection = await connect(command);
      const snapshots = new S3RegistrySnapshots(
        new S3Client(connection.aws),
        connection.endpoints.buckets.registry,
      );
      const names = await snapshots.registries();
      const statuses = await Promise.all(names.map((name) => statusOf(name, snapshots, connection)));
      print(globalOptions(command).json, statuses, () =>
        statuses.length === 0 ? ['No registry was ever imported.'] : statuses.flatMap(linesOf),
      );
    });
}

async function statusOf(
  registry: string,
  snapshots: S3RegistrySnapshots,
  { aws, endpoints, policy }: Connection,
): Promise<Status> {
  const inbox = new S3RegistryInbox(new S3Client(aws), endpoints.buckets.registry);
  const blocks = new DynamoRegistryBlocks(new DynamoDBClient(aws), endpoints.tables.registryBlocks);
  const [version, unfinished, waiting, reports] = await Promise.all([
    snapshots.current(registry),
    blocks.unfinished(registry),
    inbox.waiting(registry),
    inbox.reports(registry),
  ]);
  return {
    registry,
    version,
    ...(version === undefined ? {} : { ageDays: Math.floor((Date.now() - version.versionAt) / DAY_MS) }),
    maxAgeDays: maxAgeOf(registry, policy),
    unfinished,
    waiting: waiting.map(({ name }) => name),
    reports,
  };
}

function maxAgeOf(registry: string, { rules }: Policy): number | undefined {
  const limits = rules.flatMap((rule) =>
    rule.kind === 'registryAge' && rule.registry === registry ? [rule.maxAgeDays] : [],
  );
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function linesOf({ registry, version, ageDays, maxAgeDays, unfinished, waiting, reports }: Status): string[] {
  return [
    version === undefined ? `${registry}: no version is in use` : inUse(version, ageDays ?? 0, maxAgeDays),
    ...(unfinished === undefined ? [] : [`  an import is under way, or was cut short: ${unfinished}`]),
    ...waiting.map((file) => `  waits: ${file}`),
    ...reports.map((report) =>
      report.outcome === 'IMPORTED'
        ? `  ${report.at} ${report.file}: imported, ${report.entered} entered, ${report.left} left`
        : `  ${report.at} ${report.file}: REFUSED, ${report.reason}: ${report.message}`,
    ),
  ];
}

function inUse(
  { registry, versionAt, areaCodes, areaVersions = {}, numbers, subscriptionId }: RegistryVersion,
  ageDays: number,
  maxAgeDays: number | undefined,
): string {
  const limit = maxAgeDays === undefined ? '' : ` of ${maxAgeDays}`;
  const isOld = maxAgeDays !== undefined && ageDays > maxAgeDays;
  const newer = Object.keys(areaVersions).length;
  return [
    `${registry}: version of ${new Date(versionAt).toISOString().slice(0, 10)}, ${ageDays}${limit} days old`,
    ...(isOld ? ['TOO OLD: what depends on it is blocked'] : []),
    `${numbers} numbers`,
    areaCodes === 'ALL' ? 'every area code' : `${areaCodes.length} area codes`,
    ...(newer === 0 ? [] : [`${newer} of them newer`]),
    ...(subscriptionId === undefined ? [] : [`SAN ${subscriptionId}`]),
  ].join(', ');
}
