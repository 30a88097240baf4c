import { Readable } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { RegistrySnapshots } from '../../domain/ports.ts';
import type { RegistrySnapshotStore } from '../../domain/registry/import-registry.ts';
import { SnapshotMembership } from '../../domain/registry/membership.ts';
import { Snapshot } from '../../domain/registry/snapshot.ts';
import type { BuiltSnapshot } from '../../domain/registry/snapshot-builder.ts';
import { RegistryVersion } from '../../domain/registry/version.ts';
import { isTaken, readText, writeJson } from './object.ts';

/** Registry snapshots in S3: immutable objects, and one pointer per registry to the version in use. */
export class S3RegistrySnapshots implements RegistrySnapshots, RegistrySnapshotStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #opened = new Map<
    string,
    { readonly id: string; readonly opening: Promise<SnapshotMembership> }
  >();

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async current(registry: string): Promise<RegistryVersion | undefined> {
    const text = await readText(this.#client, this.#bucket, pointerKey(registry));
    return text === undefined ? undefined : RegistryVersion.parse(JSON.parse(text));
  }

  /** Every registry that a version was ever imported of. */
  async registries(): Promise<readonly string[]> {
    const names: string[] = [];
    const list = { Bucket: this.#bucket, Prefix: 'registries/', Delimiter: '/' };
    for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: this.#client }, list)) {
      for (const { Prefix = '' } of CommonPrefixes) names.push(Prefix.split('/')[1] ?? '');
    }
    return names;
  }

  /** The keys of every snapshot that is kept, the oldest version first. */
  async kept(registry: string): Promise<readonly string[]> {
    const keys: string[] = [];
    const list = { Bucket: this.#bucket, Prefix: `registries/${registry}/` };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, list)) {
      for (const { Key = '' } of Contents) if (Key.endsWith('.snapshot')) keys.push(Key);
    }
    return keys;
  }

  async setCurrent(version: RegistryVersion): Promise<void> {
    const Body = JSON.stringify(version);
    await writeJson(this.#client, { Bucket: this.#bucket, Key: pointerKey(version.registry), Body });
  }

  /** The version in use of each registry is kept, with the segments that were asked for: a snapshot never changes. */
  open(version: RegistryVersion): Promise<SnapshotMembership> {
    const id = JSON.stringify(version);
    const known = this.#opened.get(version.registry);
    if (known?.id === id) return known.opening;
    const opening = this.segments(version.snapshotKey).then(
      (snapshot) => new SnapshotMembership(version, snapshot),
    );
    this.#opened.set(version.registry, { id, opening });
    opening.catch(() => this.#opened.delete(version.registry));
    return opening;
  }

  segments(key: string): Promise<Snapshot> {
    const object = { bucket: this.#bucket, key };
    return Snapshot.open((from, bytes) => readRange(this.#client, object, { from, bytes }));
  }

  async write(key: string, snapshot: BuiltSnapshot): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: {
        Bucket: this.#bucket,
        Key: key,
        Body: Readable.from(snapshot.parts()),
        ContentType: 'application/octet-stream',
        IfNoneMatch: '*',
      },
    });
    try {
      await upload.done();
    } catch (error) {
      // The key names the content's hash, so what is there already is this.
      if (!isTaken(error)) throw error;
    }
  }
}

async function readRange(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<Uint8Array> {
  const Range = `bytes=${from}-${from + bytes - 1}`;
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

function pointerKey(registry: string): string {
  return `registries/${registry}/current.json`;
}
