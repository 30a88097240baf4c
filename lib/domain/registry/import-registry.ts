import { ComplianceError } from '../errors.ts';
import type { RegistryEntry } from '../log/entry.ts';
import type { ContactPoints } from '../ports.ts';
import { type Block, encodeBlock } from './block.ts';
import { readRegistryFile } from './registry-file.ts';
import { Segment } from './segment.ts';
import { type BuiltSnapshot, SnapshotBuilder } from './snapshot-builder.ts';
import { RegistryVersion } from './version.ts';

/** The blocks of one snapshot, by the first digits of their numbers. */
export interface RegistrySegments {
  groups(): readonly string[];
  /** No blocks where the group is none of the snapshot's. */
  segment(group: string): Promise<Segment>;
}

export interface RegistrySnapshotStore {
  current(registry: string): Promise<RegistryVersion | undefined>;
  /** Writes an object once; the same content that is there already is left. */
  write(key: string, snapshot: BuiltSnapshot): Promise<void>;
  segments(key: string): Promise<RegistrySegments>;
  setCurrent(version: RegistryVersion): Promise<void>;
}

export type StoredBlock = { readonly prefix: string; readonly block: Block };

/** The blocks that checks read. */
export interface RegistryBlocks {
  /**
   * Notes that the blocks are about to become those of a snapshot.
   *
   * @returns the snapshots whose import began since the last one that was finished: any block can be theirs.
   * @throws ComplianceError IMPORT_RUNNING while another snapshot is being imported.
   */
  begin(registry: string, about: { snapshotKey: string; entryId: string; now: number }): Promise<BegunImport>;
  put(registry: string, blocks: AsyncIterable<StoredBlock>): Promise<number>;
  /** Puts the version into use. */
  finish(version: RegistryVersion): Promise<void>;
}

export type BegunImport = { readonly unfinished: readonly string[]; readonly entryId: string };

export type RegistryImport = Pick<RegistryVersion, 'registry' | 'versionAt' | 'accessedAt' | 'areaCodes'> & {
  readonly subscriptionId?: string | undefined;
  /** The registry's full list: `areacode,number` or E.164, one number a line. */
  readonly file: AsyncIterable<Uint8Array>;
  /** Takes a list that is far shorter than the one in use, which looks like a list cut off. */
  readonly acceptShorter?: boolean | undefined;
};

export type ImportDeps = {
  readonly snapshots: RegistrySnapshotStore;
  readonly blocks: RegistryBlocks;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly now: () => number;
  readonly newId: () => string;
};

export type ImportedRegistry = {
  readonly version: RegistryVersion;
  readonly duplicates: number;
  /** Blocks that were written because they differ from those in use. */
  readonly changedBlocks: number;
};

/**
 * Puts a registry's full list into use: snapshot, blocks that differ, log entry, and last of all the version, so that
 * whatever goes wrong before leaves the old version in use, and its numbers blocked that the new one has as well.
 * Beginning again completes it. Numbers that left the registry leave the blocks.
 *
 * @throws ComplianceError OLDER_VERSION, FUTURE_VERSION, CUT_OFF, IMPORT_RUNNING, and those of a file that is not whole.
 */
export async function importRegistry(request: RegistryImport, deps: ImportDeps): Promise<ImportedRegistry> {
  const builder = new SnapshotBuilder();
  const { lines } = await readRegistryFile(request.file, request.areaCodes, builder);
  // A date to come would keep the version fresh beyond its 31 days; a day's grace is for clocks and zones.
  if (request.versionAt > deps.now() + DAY_MS) throw futureVersion();
  const snapshot = builder.build(request);
  const version = versionOf(request, snapshot);
  const current = await deps.snapshots.current(version.registry);
  if (current !== undefined && current.versionAt > version.versionAt) throw olderVersion();
  if (looksCutOff(version, current) && request.acceptShorter !== true) throw cutOff(version, current);
  await deps.snapshots.write(version.snapshotKey, snapshot);
  const { registry, snapshotKey } = version;
  const begun = await deps.blocks.begin(registry, { snapshotKey, entryId: deps.newId(), now: deps.now() });
  // A block in the table is the one in use, or that of an import which was cut short.
  const unfinished = begun.unfinished.filter((key) => key !== snapshotKey);
  const before = await Promise.all([
    current === undefined ? NOTHING : deps.snapshots.segments(current.snapshotKey),
    ...unfinished.map((key) => deps.snapshots.segments(key)),
  ]);
  const after = await deps.snapshots.segments(snapshotKey);
  const changedBlocks = await deps.blocks.put(registry, differences(after, before));
  await deps.contactPoints.record(entryOf(version, begun.entryId, deps.now()), deps.now());
  await deps.snapshots.setCurrent(version);
  await deps.blocks.finish(version);
  return { version, duplicates: lines - version.numbers, changedBlocks };
}

const DAY_MS = 86_400_000;
/** People leave a registry by fractions of a percent a week. */
const LEAST_SHARE = 0.95;
/** Below this a list is an operator's own, and may well halve. */
const LONG_LIST = 10_000;

function looksCutOff(
  version: RegistryVersion,
  current: RegistryVersion | undefined,
): current is RegistryVersion {
  return (
    current !== undefined &&
    current.numbers >= LONG_LIST &&
    version.numbers < current.numbers * LEAST_SHARE &&
    String(version.areaCodes) === String(current.areaCodes)
  );
}

const NOTHING: RegistrySegments = { groups: () => [], segment: async (group) => Segment.empty(group) };

function versionOf(request: RegistryImport, snapshot: BuiltSnapshot): RegistryVersion {
  const { registry, versionAt, accessedAt, areaCodes, subscriptionId } = request;
  const versionDate = new Date(versionAt).toISOString().slice(0, 10);
  return RegistryVersion.parse({
    registry,
    versionAt,
    accessedAt,
    areaCodes,
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    numbers: snapshot.numbers,
    snapshotKey: `registries/${registry}/${versionDate}-${snapshot.sha256.slice(0, 12)}.snapshot`,
    snapshotSha256: snapshot.sha256,
  });
}

/** The blocks of `after` that are not the same in each of the snapshots before; empty ones where `after` has none. */
async function* differences(
  after: RegistrySegments,
  before: readonly RegistrySegments[],
): AsyncGenerator<StoredBlock> {
  const groups = new Set([after, ...before].flatMap((segments) => segments.groups()));
  for (const group of [...groups].toSorted()) {
    const now = await after.segment(group);
    const then = await Promise.all(before.map((segments) => segments.segment(group)));
    const rests = new Set([now, ...then].flatMap((segment) => segment.rests()));
    for (const rest of rests) {
      const block = now.block(rest);
      const isNew = then.some((segment) => !sameBlock(segment.block(rest), block));
      if (isNew) yield { prefix: `${group}${rest}`, block: block ?? encodeBlock([]) };
    }
  }
}

function sameBlock(a: Block | undefined, b: Block | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function entryOf(version: RegistryVersion, id: string, now: number): RegistryEntry {
  return { kind: 'registry', id, at: new Date(now).toISOString(), subjects: [], ...version };
}

function olderVersion(): ComplianceError {
  return new ComplianceError({
    code: 'OLDER_VERSION',
    message: 'expected a version not older than the one in use; nothing was imported',
  });
}

function futureVersion(): ComplianceError {
  return new ComplianceError({
    code: 'FUTURE_VERSION',
    message: 'expected a version date that has come; nothing was imported',
  });
}

function cutOff({ numbers }: RegistryVersion, current: RegistryVersion): ComplianceError {
  return new ComplianceError({
    code: 'CUT_OFF',
    message:
      `expected at least ${LEAST_SHARE * 100} % of the ${current.numbers} numbers in use, got ${numbers}: ` +
      'the list looks cut off; nothing was imported',
  });
}
