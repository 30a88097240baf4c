import { gunzipSync } from 'node:zlib';
import type {
  DefaultLock,
  DigestedVersion,
  Lock,
  LogSource,
  ReadVersion,
  StoredVersion,
} from '../../../lib/domain/verify/log-source.ts';
import { sha256, type Written } from './test-log.ts';

export const DAY = 86_400_000;
export const LOCK: DefaultLock = { mode: 'COMPLIANCE', days: 2557 };

export type MemoryVersion = {
  key: string;
  readonly versionId: string;
  bytes: Buffer;
  readonly lastModified: number;
  lock: Lock | null;
  readonly deleteMarker: boolean;
};

/** A locked bucket in memory, whose versions a test may change as nobody may. */
export class MemoryLog implements LogSource {
  readonly stored: MemoryVersion[] = [];
  takenAt: number;

  constructor(written: readonly Written[]) {
    for (const { key, bytes, at } of written) this.put(key, bytes, at);
    this.takenAt = Math.max(0, ...written.map(({ at }) => at)) + 60_000;
  }

  put(key: string, bytes: Buffer, at: number, deleteMarker = false): MemoryVersion {
    const version = {
      ...{ key, bytes, lastModified: at, deleteMarker },
      versionId: `v${this.stored.length}`,
      lock: deleteMarker ? null : { mode: LOCK.mode, until: at + LOCK.days * DAY },
    };
    this.stored.push(version);
    return version;
  }

  remove(version: MemoryVersion): void {
    this.stored.splice(this.stored.indexOf(version), 1);
  }

  async defaultLock(): Promise<DefaultLock> {
    return LOCK;
  }

  async *versions(prefix = ''): AsyncGenerator<StoredVersion> {
    const order = new Map(this.stored.map((version, at) => [version, at]));
    const listed = this.stored
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted(
        (a, b) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || (order.get(b) ?? 0) - (order.get(a) ?? 0),
      );
    for (const { key, versionId, deleteMarker, lastModified } of listed) {
      yield { key, versionId, deleteMarker, lastModified };
    }
  }

  async read(key: string, versionId?: string): Promise<ReadVersion> {
    const found = this.#find(key, versionId);
    if (found === undefined || found.deleteMarker) return { state: 'MISSING' };
    const { lock, lastModified } = found;
    return { state: 'READ', bytes: Buffer.from(found.bytes), locked: { lock, lastModified } };
  }

  async digest(key: string, versionId?: string): Promise<DigestedVersion> {
    const read = await this.read(key, versionId);
    return read.state === 'READ' ? { ...read, sha256: sha256(read.bytes).toString('hex') } : read;
  }

  async gunzip(bytes: Uint8Array): Promise<Buffer | undefined> {
    try {
      return gunzipSync(bytes);
    } catch {
      return undefined;
    }
  }

  #find(key: string, versionId: string | undefined): MemoryVersion | undefined {
    return this.stored.findLast(
      (version) => version.key === key && (versionId === undefined || version.versionId === versionId),
    );
  }
}
