import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { type BucketPolicy, compileBucketPolicy } from './bucket-policy.ts';
import { ObjectIndex } from './object-index.ts';
import { BucketRecord, VersionRecord } from './records.ts';

export type Bucket = {
  readonly folder: string;
  record: BucketRecord;
  policy: BucketPolicy;
  readonly objects: ObjectIndex;
};

/**
 * Buckets and objects on a folder. A version is its `<versionId>.json`, written last and moved into place whole: before
 * that move the object does not exist, after it the object is complete, and a crash leaves at most a stray body, which
 * the next start removes. Keys never become file names; their SHA-256 does, so no key can name a path.
 */
export class Store {
  readonly #folder: string;
  readonly #temporary: string;
  readonly #buckets = new Map<string, Bucket>();
  #sequence = 0;

  constructor(folder: string) {
    this.#folder = join(folder, 'buckets');
    this.#temporary = join(folder, 'temporary');
    rmSync(this.#temporary, { recursive: true, force: true });
    mkdirSync(this.#temporary, { recursive: true });
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) this.#loadBucket(name);
  }

  get buckets(): readonly Bucket[] {
    return [...this.#buckets.values()].toSorted((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  bucket(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** The sequence that the latest write was given. */
  get sequence(): number {
    return this.#sequence;
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  newId(): string {
    return randomBytes(16).toString('hex');
  }

  /** A path for a body that is still arriving; on the same file system as the buckets, so that it can be moved. */
  temporaryPath(): string {
    return join(this.#temporary, `${randomUUID()}.body`);
  }

  /** Creates the bucket, or writes what has changed of it. Throws where the policy cannot be evaluated. */
  saveBucket(record: BucketRecord): Bucket {
    const policy = compileBucketPolicy(record.policy);
    const folder = join(this.#folder, record.name);
    mkdirSync(join(folder, 'objects'), { recursive: true });
    mkdirSync(join(folder, 'uploads'), { recursive: true });
    this.writeRecord(join(folder, 'bucket.json'), record);
    const bucket = this.#buckets.get(record.name) ?? { folder, record, policy, objects: new ObjectIndex() };
    bucket.record = record;
    bucket.policy = policy;
    this.#buckets.set(record.name, bucket);
    return bucket;
  }

  deleteBucket(bucket: Bucket): void {
    const doomed = this.temporaryPath();
    renameSync(bucket.folder, doomed);
    this.#buckets.delete(bucket.record.name);
    rmSync(doomed, { recursive: true, force: true });
  }

  /** Makes a version visible, in one step: its body is moved to its place, then its record. */
  commit(bucket: Bucket, version: VersionRecord, body?: string): void {
    const replaced = bucket.objects.find(version.key, version.versionId);
    const folder = objectFolder(bucket, version.key);
    mkdirSync(folder, { recursive: true });
    if (body !== undefined) renameSync(body, bodyPath(bucket, version));
    this.writeRecord(join(folder, `${version.versionId}.json`), version);
    bucket.objects.put(version);
    if (replaced?.file !== undefined && replaced.file !== version.file) {
      rmSync(join(folder, replaced.file), { force: true });
    }
  }

  /** Removes a version for good: its record first, so that no record is ever without its body. */
  remove(bucket: Bucket, version: VersionRecord): void {
    const folder = objectFolder(bucket, version.key);
    rmSync(join(folder, `${version.versionId}.json`));
    if (version.file !== undefined) rmSync(join(folder, version.file), { force: true });
    bucket.objects.remove(version);
  }

  /** Writes JSON so that a reader sees the old file or the new one, never a part. */
  writeRecord(path: string, record: unknown): void {
    const temporary = this.temporaryPath();
    writeFileSync(temporary, JSON.stringify(record), { flush: true });
    renameSync(temporary, path);
  }

  #loadBucket(name: string): void {
    const folder = join(this.#folder, name);
    const path = join(folder, 'bucket.json');
    // a bucket whose creation was cut short before its record: it was never acknowledged
    if (!existsSync(path)) {
      rmSync(folder, { recursive: true, force: true });
      return;
    }
    const record = readRecord(path, BucketRecord);
    const bucket = { folder, record, policy: compileBucketPolicy(record.policy), objects: new ObjectIndex() };
    const objects = join(folder, 'objects');
    for (const shard of readdirSync(objects)) {
      for (const hash of readdirSync(join(objects, shard)))
        this.#loadVersions(bucket, join(objects, shard, hash));
    }
    this.#buckets.set(record.name, bucket);
  }

  #loadVersions(bucket: Bucket, folder: string): void {
    const files = readdirSync(folder);
    const records = files.filter((file) => file.endsWith('.json'));
    const known = new Set<string>(records);
    for (const file of records) {
      const version = readRecord(join(folder, file), VersionRecord);
      this.#sequence = Math.max(this.#sequence, version.sequence);
      bucket.objects.put(version);
      if (version.file !== undefined) known.add(version.file);
    }
    for (const stray of files.filter((file) => !known.has(file))) rmSync(join(folder, stray));
  }
}

/** Where the bytes of a version lie. */
export function bodyPath(bucket: Bucket, version: VersionRecord): string {
  if (version.file === undefined) throw new Error('a delete marker has no body');
  return join(objectFolder(bucket, version.key), version.file);
}

/** Reads a record that `writeRecord` wrote; throws with the file's path where it is not what it should be. */
export function readRecord<T>(path: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`local S3: ${path} is not a record that this version can read`, { cause });
  }
}

function objectFolder(bucket: Bucket, key: string): string {
  const hash = createHash('sha256').update(key).digest('hex');
  return join(bucket.folder, 'objects', hash.slice(0, 2), hash);
}
