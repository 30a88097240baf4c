import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import type {
  DefaultLock,
  DigestedVersion,
  LogSource,
  ReadVersion,
  StoredVersion,
} from '../../domain/verify/log-source.ts';
import { POINTER, readObjectName } from '../../domain/verify/object-name.ts';
import { gunzipped } from '../s3/log-source.ts';

/** The list of every version in a copy: a first line about the copy, then a line a version. */
export const INVENTORY = 'inventory.ndjson';
export const COPY_FORMAT = 'dialguard.log-copy/1';

const Mode = z.enum(['COMPLIANCE', 'GOVERNANCE']);

export const CopyHeader = z.object({
  format: z.literal(COPY_FORMAT),
  /** Where it was copied from, and when (epoch milliseconds). */
  source: z.string(),
  takenAt: z.number(),
  defaultLock: z.object({ mode: Mode, days: z.number() }).optional(),
});
export type CopyHeader = z.infer<typeof CopyHeader>;

export const CopiedVersion = z.object({
  key: z.string(),
  versionId: z.string(),
  deleteMarker: z.boolean(),
  lastModified: z.number(),
  /** null: not locked; absent of delete markers. */
  lock: z.object({ mode: Mode, until: z.number() }).nullable().optional(),
  sha256: z.string().optional(),
});
export type CopiedVersion = z.infer<typeof CopiedVersion>;

/**
 * Where a version lies in a copy. The one that counts lies under its key, so that the copy is a log in the public layout:
 * the oldest, or of the pointer the newest. All others, and every version of the pointer, lie aside, under names that
 * nobody but us chose.
 */
export function copyPaths(version: {
  readonly key: string;
  readonly versionId: string;
  readonly counts: boolean;
}): readonly string[] {
  const { key, versionId, counts } = version;
  const inPlace = counts && readObjectName(key) !== undefined;
  const aside = !inPlace || key === POINTER;
  return [...(inPlace ? [key] : []), ...(aside ? [asidePath(key, versionId)] : [])];
}

function asidePath(key: string, versionId: string): string {
  return join('other-versions', createHash('sha256').update(`${key}\n${versionId}`).digest('hex'));
}

/** A downloaded copy of a log in a folder, with the inventory of versions and locks that was taken with it. */
export class LogCopy implements LogSource {
  readonly takenAt: number;
  readonly #folder: string;
  readonly #header: CopyHeader;

  private constructor(folder: string, header: CopyHeader) {
    this.#folder = folder;
    this.#header = header;
    this.takenAt = header.takenAt;
  }

  /** @throws ComplianceError NO_LOG_COPY if the folder holds none. */
  static async open(folder: string): Promise<LogCopy> {
    try {
      for await (const line of linesOf(join(folder, INVENTORY))) {
        return new LogCopy(folder, CopyHeader.parse(JSON.parse(line)));
      }
    } catch (cause) {
      throw noCopy(folder, cause);
    }
    throw noCopy(folder);
  }

  async defaultLock(): Promise<DefaultLock | undefined> {
    return this.#header.defaultLock;
  }

  async *versions(prefix = ''): AsyncGenerator<StoredVersion, undefined> {
    let isHeader = true;
    for await (const line of linesOf(join(this.#folder, INVENTORY))) {
      if (!isHeader) {
        const { lock, sha256, ...version } = CopiedVersion.parse(JSON.parse(line));
        const known = {
          ...(lock === undefined ? {} : { lock }),
          ...(sha256 === undefined ? {} : { sha256 }),
        };
        if (version.key.startsWith(prefix)) yield { ...version, ...known };
      }
      isHeader = false;
    }
    return undefined;
  }

  async read(key: string, versionId?: string): Promise<ReadVersion> {
    try {
      // Most objects are tiles of 8 KB: reading them through the thread pool costs several times what reading costs.
      return { state: 'READ', bytes: readFileSync(this.#path(key, versionId)) };
    } catch (error) {
      if (isAbsent(error)) return { state: 'MISSING' };
      throw error;
    }
  }

  async digest(key: string, versionId?: string): Promise<DigestedVersion> {
    try {
      const hash = createHash('sha256');
      for await (const part of createReadStream(this.#path(key, versionId))) hash.update(part);
      return { state: 'READ', sha256: hash.digest('hex') };
    } catch (error) {
      if (isAbsent(error)) return { state: 'MISSING' };
      throw error;
    }
  }

  async gunzip(bytes: Uint8Array): Promise<Buffer | undefined> {
    return await gunzipped(bytes);
  }

  #path(key: string, versionId: string | undefined): string {
    // Keys come from our own list of names, or from an inventory that somebody may have written: only the log's are followed.
    const inPlace = readObjectName(key) !== undefined && (key !== POINTER || versionId === undefined);
    return join(this.#folder, inPlace ? key : asidePath(key, versionId ?? ''));
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path);
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    input.destroy();
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function noCopy(folder: string, cause?: unknown): ComplianceError {
  const message = `expected a copy of the log with its ${INVENTORY} in ${folder}: make one with \`dialguard audit download\``;
  return new ComplianceError({ code: 'NO_LOG_COPY', message, cause });
}
