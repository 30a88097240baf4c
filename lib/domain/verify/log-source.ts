/** How a version is kept from being changed; `until` in epoch milliseconds. */
export type Lock = { readonly mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly until: number };

/** What the bucket locks every new version with. */
export type DefaultLock = { readonly mode: Lock['mode']; readonly days: number };

/** One version of an object, or a delete marker, as a listing has it. */
export type StoredVersion = {
  readonly key: string;
  readonly versionId: string;
  readonly deleteMarker: boolean;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  /** null: not locked. Absent where only reading the version tells. */
  readonly lock?: Lock | null;
  /** SHA-256 of the bytes, hex, where the listing has it. */
  readonly sha256?: string;
};

/** What reading tells beside the content; absent where the listing has told it. */
export type ReadLock = { readonly lock: Lock | null; readonly lastModified: number };

/** CORRUPT: the bytes are not those that the store itself was once given. */
type NotRead = { readonly state: 'MISSING' | 'CORRUPT' };

export type ReadVersion =
  | { readonly state: 'READ'; readonly bytes: Buffer; readonly locked?: ReadLock }
  | NotRead;

export type DigestedVersion =
  | { readonly state: 'READ'; readonly sha256: string; readonly locked?: ReadLock }
  | NotRead;

/** A log as it lies somewhere: a bucket, or a copy of it in a folder. */
export interface LogSource {
  /** Epoch milliseconds at which it was as it is read: of a bucket now, of a copy when it was made. */
  readonly takenAt: number;
  defaultLock(): Promise<DefaultLock | undefined>;
  /** Every version of every object whose key begins so, keys in the order of their bytes, the newest version first. */
  versions(prefix?: string): AsyncIterable<StoredVersion>;
  /** The bytes of a version; without its id, of the current one. */
  read(key: string, versionId?: string): Promise<ReadVersion>;
  /** The same of its SHA-256 alone, for objects of any size. */
  digest(key: string, versionId?: string): Promise<DigestedVersion>;
  /** Gunzips; undefined for what is not gzip from the first byte to the last. */
  gunzip(bytes: Uint8Array): Promise<Buffer | undefined>;
}
