import { createHash } from 'node:crypto';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ComplianceError } from '../../domain/errors.ts';
import type { LogSource, StoredVersion } from '../../domain/verify/log-source.ts';
import { POINTER } from '../../domain/verify/object-name.ts';
import { readAhead } from '../../domain/verify/read-ahead.ts';
import { COPY_FORMAT, type CopiedVersion, type CopyHeader, copyPaths, INVENTORY } from './log-copy.ts';

const READS_AT_A_TIME = 16;
const LOT = 1000;

export type Download = {
  /** What to say of where it comes from. */
  readonly name: string;
  /** A folder that is empty or not there yet. */
  readonly folder: string;
  readonly onVersion: (count: number) => void;
};

/**
 * Copies every version of every object into a folder, with what is known of its lock.
 *
 * @returns how many versions there were.
 * @throws ComplianceError FOLDER_NOT_EMPTY, and nothing is written.
 */
export async function downloadLog(source: LogSource, { name, folder, onVersion }: Download): Promise<number> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) {
    const message = `expected an empty folder, ${folder} holds something: nothing was downloaded`;
    throw new ComplianceError({ code: 'FOLDER_NOT_EMPTY', message });
  }
  const defaultLock = await source.defaultLock();
  const header: CopyHeader = { format: COPY_FORMAT, source: name, takenAt: source.takenAt };
  const inventory = await open(join(folder, INVENTORY), 'wx');
  try {
    await inventory.write(`${JSON.stringify({ ...header, ...(defaultLock && { defaultLock }) })}\n`);
    let count = 0;
    for await (const lot of inLots(ranked(source.versions()))) {
      const copied = readAhead(lot, (version) => copyVersion(source, folder, version), READS_AT_A_TIME);
      for await (const version of copied) {
        await inventory.write(`${JSON.stringify(version)}\n`);
        count += 1;
        onVersion(count);
      }
    }
    return count;
  } finally {
    await inventory.close();
  }
}

type Ranked = StoredVersion & { readonly counts: boolean };

/** Whether a version is the one that counts: the oldest of its key, of the pointer the newest. */
async function* ranked(versions: AsyncIterable<StoredVersion>): AsyncGenerator<Ranked> {
  let group: StoredVersion[] = [];
  const rank = (): readonly Ranked[] => {
    const real = group.filter(({ deleteMarker }) => !deleteMarker);
    const counting = group[0]?.key === POINTER ? real[0] : real.at(-1);
    return group.map((version) => ({ ...version, counts: version === counting }));
  };
  for await (const version of versions) {
    if (group[0] !== undefined && group[0].key !== version.key) {
      yield* rank();
      group = [];
    }
    group.push(version);
  }
  yield* rank();
}

async function* inLots<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let lot: Item[] = [];
  for await (const item of items) {
    lot.push(item);
    if (lot.length < LOT) continue;
    yield lot;
    lot = [];
  }
  yield lot;
}

async function copyVersion(source: LogSource, folder: string, version: Ranked): Promise<CopiedVersion> {
  const { counts, ...listed } = version;
  if (listed.deleteMarker) return listed;
  const read = await source.read(listed.key, listed.versionId);
  // Verifying the copy then says that it is not there.
  if (read.state !== 'READ') return listed;
  for (const path of copyPaths({ ...listed, counts }).map((own) => join(folder, own))) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, read.bytes, { flag: 'wx' });
  }
  const sha256 = createHash('sha256').update(read.bytes).digest('hex');
  const { lock = null, lastModified = listed.lastModified } = read.locked ?? listed;
  return { ...listed, lock, lastModified, sha256 };
}
