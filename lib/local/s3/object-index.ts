import type { VersionRecord } from './records.ts';

/** The versions of every key of one bucket, in memory: what the files say, in the order that listings need. */
export class ObjectIndex {
  readonly #versions = new Map<string, readonly VersionRecord[]>();
  readonly #deletions = new Map<string, number>();
  #sortedKeys: readonly string[] | undefined;

  /** All versions of a key, newest first. */
  versionsOf(key: string): readonly VersionRecord[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version, which may be a delete marker. */
  current(key: string): VersionRecord | undefined {
    return this.versionsOf(key)[0];
  }

  find(key: string, versionId: string): VersionRecord | undefined {
    return this.versionsOf(key).find((version) => version.versionId === versionId);
  }

  /** Adds a version, in the place of one with the same id if there is one. */
  put(version: VersionRecord): void {
    const others = this.versionsOf(version.key).filter(({ versionId }) => versionId !== version.versionId);
    if (!this.#versions.has(version.key)) this.#sortedKeys = undefined;
    this.#versions.set(
      version.key,
      [...others, version].toSorted((a, b) => b.sequence - a.sequence),
    );
  }

  remove(version: VersionRecord): void {
    const left = this.versionsOf(version.key).filter(({ versionId }) => versionId !== version.versionId);
    if (left.length > 0) this.#versions.set(version.key, left);
    else if (this.#versions.delete(version.key)) this.#sortedKeys = undefined;
  }

  /** Remembers at which sequence a key was last deleted, for writers that began before. */
  noteDeletion(key: string, sequence: number): void {
    this.#deletions.set(key, sequence);
  }

  deletedSince(key: string, sequence: number): boolean {
    return (this.#deletions.get(key) ?? -1) >= sequence;
  }

  get empty(): boolean {
    return this.#versions.size === 0;
  }

  /** Keys "in UTF-8 binary order" (Amazon S3 User Guide, Listing object keys programmatically). */
  keys(): readonly string[] {
    this.#sortedKeys ??= sortByUtf8([...this.#versions.keys()]);
    return this.#sortedKeys;
  }
}

function sortByUtf8(keys: readonly string[]): readonly string[] {
  return keys
    .map((key) => Buffer.from(key))
    .sort(Buffer.compare)
    .map((bytes) => bytes.toString());
}
