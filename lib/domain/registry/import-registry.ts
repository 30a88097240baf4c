import { ComplianceError } from '../errors.ts';
import type { RegistryEntry } from '../log/entry.ts';
import type { ContactPoints } from '../ports.ts';
import { encodeBlock } from './block.ts';
import {
  changesBetween,
  type GroupChange,
  groupsOf,
  type RegistrySegments,
  refuseAbsurd,
  restsOf,
  type StoredBlock,
  sameBlock,
} from './compare.ts';
import { type Coverage, type CoverageRequest, coverageOf } from './coverage.ts';
import { type FileForm, readRegistryFile } from './registry-file.ts';
import { Segment } from './segment.ts';
import { type BuiltSnapshot, SnapshotBuilder } from './snapshot-builder.ts';
import { RegistryVersion } from './version.ts';

export interface RegistrySnapshotStore {
  current(registry: string): Promise<RegistryVersion | undefined>;
  /** Writes an object once; the same content that is there already is left. */
  write(key: string, snapshot: BuiltSnapshot): Promise<void>;
  segments(key: string): Promise<RegistrySegments>;
  setCurrent(version: RegistryVersion): Promise<void>;
}

/** The blocks that checks read. */
export interface RegistryBlocks {
  /** The snapshot of the newest import that was begun and not finished. */
  unfinished(registry: string): Promise<string | undefined>;
  /**
   * Notes that the blocks are about to become those of a snapshot.
   *
   * @returns the snapshots whose import began since the last one that was finished: any block can be theirs.
   * @throws ComplianceError IMPORT_RUNNING while another snapshot is being imported.
   */
  begin(registry: string, about: { snapshotKey: string; entryId: string; now: number }): Promise<BegunImport>;
  put(registry: string, blocks: readonly StoredBlock[]): Promise<void>;
  /** Notes that all blocks up to a group are those of the snapshot, for whoever begins it again. */
  pause(registry: string, snapshotKey: string, group: string): Promise<void>;
  /** Puts the version into use. */
  finish(version: RegistryVersion): Promise<void>;
}

export type BegunImport = {
  readonly unfinished: readonly string[];
  readonly entryId: string;
  /** All blocks up to this group are written. */
  readonly writtenTo?: string | undefined;
};

export type RegistryImport = Pick<RegistryVersion, 'registry' | 'accessedAt' | 'importId'> &
  CoverageRequest & {
    readonly subscriptionId?: string | undefined;
    readonly form?: FileForm | undefined;
    /** Takes a list that is far from the one in use, which looks like a list cut off or another one. */
    readonly acceptDifferent?: boolean | undefined;
  };

export type ImportDeps = {
  readonly snapshots: RegistrySnapshotStore;
  readonly blocks: RegistryBlocks;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Whether there is time for another few thousand blocks. */
  readonly hasTime?: () => boolean;
};

export type ImportedRegistry = {
  readonly version: RegistryVersion;
  /** Numbers that were named more than once. */
  readonly duplicates: number;
  readonly entered: number;
  readonly left: number;
  /** Blocks that were written because they differ from those in use. */
  readonly changedBlocks: number;
};

/**
 * Puts a registry's lists into use: snapshot, blocks that differ, log entry, and last of all the version, so that
 * whatever goes wrong before leaves the old version in use, and its numbers blocked that the new one has as well.
 * Beginning again completes it. Numbers that left the registry leave the blocks.
 *
 * @throws ComplianceError one of REFUSALS where the files are no next version; IMPORT_RUNNING; OUT_OF_TIME where
 * `hasTime` said no: then beginning again goes on where it stopped.
 */
export async function importRegistry(request: RegistryImport, deps: ImportDeps): Promise<ImportedRegistry> {
  const current = await settled(request.registry, deps);
  if (current?.importId !== undefined && current.importId === request.importId) {
    return { version: current, duplicates: 0, entered: 0, left: 0, changedBlocks: 0 };
  }
  const made = await makeSnapshot(request, current, deps);
  const changedBlocks = await writeBlocks(made, current, deps);
  return { ...made, changedBlocks };
}

/** The version in use. An import that was cut short just before its end is finished first. */
async function settled(
  registry: string,
  { snapshots, blocks }: ImportDeps,
): Promise<RegistryVersion | undefined> {
  const current = await snapshots.current(registry);
  if (current !== undefined && (await blocks.unfinished(registry)) === current.snapshotKey) {
    await blocks.finish(current);
  }
  return current;
}

type MadeSnapshot = Omit<ImportedRegistry, 'changedBlocks'>;

async function makeSnapshot(
  request: RegistryImport,
  current: RegistryVersion | undefined,
  { snapshots, now }: ImportDeps,
): Promise<MadeSnapshot> {
  // A date to come would keep the version fresh beyond its 31 days; a day's grace is for clocks and zones.
  if (request.versionAt > now() + DAY_MS) throw futureVersion();
  const coverage = coverageOf(request, current);
  const before = current === undefined ? NOTHING : await snapshots.segments(current.snapshotKey);
  const { builder, lines, named } = await gather(request, coverage, before);
  const changes: GroupChange[] = [];
  for await (const change of changesBetween(before, builder.segments())) changes.push(change);
  if (request.acceptDifferent !== true) {
    refuseAbsurd(changes);
    refuseRepetitive(lines, lines - named);
  }
  const snapshot = builder.build({ registry: request.registry, ...coverage.dates });
  const version = versionOf(request, coverage, snapshot);
  await snapshots.write(version.snapshotKey, snapshot);
  const sum = (of: 'entered' | 'left') => changes.reduce((total, change) => total + change[of], 0);
  return { version, duplicates: lines - named, entered: sum('entered'), left: sum('left') };
}

/** Reads the files over what stays of the version in use. */
async function gather(
  { files, areaCodes, form }: RegistryImport,
  coverage: Coverage,
  before: RegistrySegments,
): Promise<{ builder: SnapshotBuilder; lines: number; named: number }> {
  const builder = new SnapshotBuilder();
  for (const group of before.groups()) {
    const areaCode = group.startsWith('1') ? group.slice(1) : undefined;
    if (coverage.keeps(areaCode)) builder.addSegment(await before.segment(group));
  }
  let lines = 0;
  const kept = builder.count();
  for (const file of files) {
    const codes = file.areaCode === undefined ? areaCodes : [file.areaCode];
    const covered = codes === 'ALL' ? undefined : new Set(codes);
    lines += await readRegistryFile(file, { ...form, areaCodes: covered }, builder);
  }
  // Changes may come and go again; only a full list is expected to name each number once.
  const isFull = files.every(({ kind }) => kind === 'FULL');
  return { builder, lines, named: isFull ? builder.count() - kept : lines };
}

/** Writes the blocks of the snapshot that are not those in the table, and then puts its version into use. */
async function writeBlocks(
  { version, entered, left }: MadeSnapshot,
  current: RegistryVersion | undefined,
  { snapshots, blocks, contactPoints, now, newId, hasTime = () => true }: ImportDeps,
): Promise<number> {
  const { registry, snapshotKey } = version;
  const begun = await blocks.begin(registry, { snapshotKey, entryId: newId(), now: now() });
  // A block in the table is the one in use, or that of an import which was cut short.
  const others = begun.unfinished.filter((key) => key !== snapshotKey);
  const before = await Promise.all([
    current === undefined ? NOTHING : snapshots.segments(current.snapshotKey),
    ...others.map((key) => snapshots.segments(key)),
  ]);
  const after = await snapshots.segments(snapshotKey);
  let changedBlocks = 0;
  for (const group of groupsOf([after, ...before])) {
    if (begun.writtenTo !== undefined && group <= begun.writtenTo) continue;
    const different = await differences(group, after, before);
    await blocks.put(registry, different);
    changedBlocks += different.length;
    if (different.length > 0 && !hasTime()) {
      await blocks.pause(registry, snapshotKey, group);
      throw outOfTime(group);
    }
  }
  const at = now();
  await contactPoints.record(entryOf(version, { id: begun.entryId, at, entered, left }), at);
  await snapshots.setCurrent(version);
  await blocks.finish(version);
  return changedBlocks;
}

/** The blocks of `after` that are not the same in each of the snapshots before; empty ones where `after` has none. */
async function differences(
  group: string,
  after: RegistrySegments,
  before: readonly RegistrySegments[],
): Promise<readonly StoredBlock[]> {
  const now = await after.segment(group);
  const then = await Promise.all(before.map((segments) => segments.segment(group)));
  const different: StoredBlock[] = [];
  for (const rest of restsOf([now, ...then])) {
    const block = now.block(rest);
    const isNew = then.some((segment) => !sameBlock(segment.block(rest), block));
    if (isNew) different.push({ prefix: `${group}${rest}`, block: block ?? encodeBlock([]) });
  }
  return different;
}

const DAY_MS = 86_400_000;
const NOTHING: RegistrySegments = { groups: () => [], segment: async (group) => Segment.empty(group) };

function versionOf(request: RegistryImport, { dates }: Coverage, snapshot: BuiltSnapshot): RegistryVersion {
  const { registry, versionAt, accessedAt, subscriptionId, importId } = request;
  const versionDate = new Date(versionAt).toISOString().slice(0, 10);
  return RegistryVersion.parse({
    registry,
    ...dates,
    accessedAt,
    ...(subscriptionId === undefined ? {} : { subscriptionId }),
    numbers: snapshot.numbers,
    snapshotKey: `registries/${registry}/${versionDate}-${snapshot.sha256.slice(0, 12)}.snapshot`,
    snapshotSha256: snapshot.sha256,
    ...(importId === undefined ? {} : { importId }),
  });
}

function entryOf(
  version: RegistryVersion,
  { id, at, ...changes }: { id: string; at: number; entered: number; left: number },
): RegistryEntry {
  return { kind: 'registry', id, at: new Date(at).toISOString(), subjects: [], ...version, ...changes };
}

function futureVersion(): ComplianceError {
  return new ComplianceError({
    code: 'FUTURE_VERSION',
    message: 'expected a version date that has come; nothing was imported',
  });
}

/** A tenth of a list given twice is two lists put together, or one that was written over itself. */
function refuseRepetitive(lines: number, duplicates: number): void {
  if (duplicates <= 1000 || duplicates * 10 <= lines) return;
  throw new ComplianceError({
    code: 'TOO_MANY_DUPLICATES',
    message: `expected each number once, but ${duplicates} of ${lines} were given before; nothing was imported`,
  });
}

function outOfTime(group: string): ComplianceError {
  return new ComplianceError({
    code: 'OUT_OF_TIME',
    message: `blocks are written up to ${group}; the old version is in use until the rest is written`,
  });
}
