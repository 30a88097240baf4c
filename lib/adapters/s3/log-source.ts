import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectLockConfigurationCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type {
  DefaultLock,
  DigestedVersion,
  Lock,
  LogSource,
  ReadLock,
  ReadVersion,
  StoredVersion,
} from '../../domain/verify/log-source.ts';
import { isMissing } from './object.ts';

const decompress = promisify(gunzip);
const TRAILER_BYTES = 4;
/** What zlib writes into at a time. By default that is 16 KB, and putting it together costs more than all else. */
const CHUNK = { least: 1 << 16, most: 1 << 26 };
const DAYS_OF_A_YEAR = 365;

/** A log in a bucket, or below a prefix of it, read by object versions. */
export class S3LogSource implements LogSource {
  readonly takenAt: number;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** @param place - the bucket, what stands before each key of the log (empty or ending in /), and the time. */
  constructor(
    client: S3Client,
    place: { readonly bucket: string; readonly prefix: string; readonly now: number },
  ) {
    this.#client = client;
    this.#bucket = place.bucket;
    this.#prefix = place.prefix;
    this.takenAt = place.now;
  }

  async defaultLock(): Promise<DefaultLock | undefined> {
    try {
      const { ObjectLockConfiguration } = await this.#client.send(
        new GetObjectLockConfigurationCommand({ Bucket: this.#bucket }),
      );
      const { Mode, Days, Years } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
      const days = Days ?? (Years === undefined ? undefined : Years * DAYS_OF_A_YEAR);
      return Mode === undefined || days === undefined ? undefined : { mode: Mode, days };
    } catch (error) {
      const unlocked =
        error instanceof S3ServiceException && error.name === 'ObjectLockConfigurationNotFoundError';
      if (unlocked) return undefined;
      throw error;
    }
  }

  async *versions(prefix = ''): AsyncGenerator<StoredVersion, undefined> {
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
    while (markers !== undefined) {
      const page: ListObjectVersionsCommandOutput = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucket, Prefix: this.#prefix + prefix, ...markers }),
      );
      yield* this.#listed(page);
      markers = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
        : undefined;
    }
    return undefined;
  }

  async read(key: string, versionId?: string): Promise<ReadVersion> {
    return await this.#get(key, versionId, async (output) => {
      const bytes = Buffer.from((await output.Body?.transformToByteArray()) ?? []);
      return { state: 'READ', bytes, locked: lockOf(output) };
    });
  }

  async digest(key: string, versionId?: string): Promise<DigestedVersion> {
    return await this.#get(key, versionId, async (output) => {
      const hash = createHash('sha256');
      const reader = output.Body?.transformToWebStream().getReader();
      for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
        hash.update(part.value);
      }
      return { state: 'READ', sha256: hash.digest('hex'), locked: lockOf(output) };
    });
  }

  async gunzip(bytes: Uint8Array): Promise<Buffer | undefined> {
    return await gunzipped(bytes);
  }

  async #get<Read>(
    key: string,
    VersionId: string | undefined,
    read: (output: GetObjectCommandOutput) => Promise<Read>,
  ): Promise<Read | { readonly state: 'MISSING' | 'CORRUPT' }> {
    const Key = this.#prefix + key;
    try {
      // With its checksum mode enabled the client compares the bytes with the checksum that the store was given.
      return await read(
        await this.#client.send(
          new GetObjectCommand({
            Bucket: this.#bucket,
            Key,
            ChecksumMode: 'ENABLED',
            ...(VersionId && { VersionId }),
          }),
        ),
      );
    } catch (error) {
      if (isMissing(error) || isDeleteMarker(error)) return { state: 'MISSING' };
      if (error instanceof Error && /checksum mismatch/i.test(error.message)) return { state: 'CORRUPT' };
      throw error;
    }
  }

  /** A page tells versions and delete markers apart; here they are one listing again. */
  #listed({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): readonly StoredVersion[] {
    const versions = [
      ...DeleteMarkers.map((marker) => ({ ...marker, deleteMarker: true })),
      ...Versions.map((version) => ({ ...version, deleteMarker: false })),
    ].map(({ Key = '', VersionId = 'null', LastModified, IsLatest = false, deleteMarker }) => ({
      isLatest: IsLatest,
      version: {
        key: Key.slice(this.#prefix.length),
        versionId: VersionId,
        deleteMarker,
        lastModified: LastModified?.getTime() ?? 0,
      },
    }));
    return versions
      .toSorted(
        ({ version: a, isLatest }, { version: b, isLatest: isOtherLatest }) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) ||
          Number(isOtherLatest) - Number(isLatest) ||
          b.lastModified - a.lastModified,
      )
      .map(({ version }) => version);
  }
}

/** Gunzips; undefined for what is not gzip. */
export async function gunzipped(bytes: Uint8Array): Promise<Buffer | undefined> {
  try {
    return await decompress(bytes, { chunkSize: chunkFor(bytes) });
  } catch {
    return undefined;
  }
}

/** Room for all of the text, by the size that gzip ends with (RFC 1952, section 2.3.1), true or not. */
function chunkFor(bytes: Uint8Array): number {
  const trailer = Buffer.from(bytes.subarray(-TRAILER_BYTES));
  const size = trailer.length < TRAILER_BYTES ? 0 : trailer.readUInt32LE();
  return Math.min(CHUNK.most, Math.max(CHUNK.least, size + 1));
}

function lockOf({
  ObjectLockMode,
  ObjectLockRetainUntilDate,
  LastModified,
}: GetObjectCommandOutput): ReadLock {
  const until = ObjectLockRetainUntilDate?.getTime();
  const lock: Lock | null =
    ObjectLockMode === undefined || until === undefined ? null : { mode: ObjectLockMode, until };
  return { lock, lastModified: LastModified?.getTime() ?? 0 };
}

/** S3 answers so where the version that is asked for is a delete marker. */
function isDeleteMarker(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$response?.headers['x-amz-delete-marker'] === 'true';
}
