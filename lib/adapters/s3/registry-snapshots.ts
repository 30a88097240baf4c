import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { RegistryMembership, RegistrySnapshots } from '../../domain/ports.ts';
import { blockHas } from '../../domain/registry/block.ts';
import type { RegistrySegments, RegistrySnapshotStore } from '../../domain/registry/import-registry.ts';
import {
  decodeIndex,
  decodeSegment,
  groupOf,
  type Segment,
  type SnapshotIndex,
} from '../../domain/registry/snapshot.ts';
import type { BuiltSnapshot } from '../../domain/registry/snapshot-builder.ts';
import { RegistryVersion } from '../../domain/registry/version.ts';
import { isTaken, readText, writeJson } from './object.ts';

const FIRST_READ_BYTES = 128 * 1024;
const NO_BLOCKS: Segment = new Map();

/** Registry snapshots in S3: immutable objects, and one pointer per registry to the version in use. */
export class S3RegistrySnapshots implements RegistrySnapshots, RegistrySnapshotStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #opened = new Map<string, Promise<S3Snapshot>>();

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async current(registry: string): Promise<RegistryVersion | undefined> {
    const text = await readText(this.#client, this.#bucket, pointerKey(registry));
    return text === undefined ? undefined : RegistryVersion.parse(JSON.parse(text));
  }

  async setCurrent(version: RegistryVersion): Promise<void> {
    const Body = JSON.stringify(version);
    await writeJson(this.#client, { Bucket: this.#bucket, Key: pointerKey(version.registry), Body });
  }

  async open(version: RegistryVersion): Promise<RegistryMembership> {
    const snapshot = await this.segments(version.snapshotKey);
    return { version, listed: (e164s) => snapshot.listed(e164s) };
  }

  /** Opened once and kept: a snapshot never changes. */
  segments(key: string): Promise<S3Snapshot> {
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    const opening = openSnapshot(this.#client, this.#bucket, key);
    this.#opened.set(key, opening);
    opening.catch(() => this.#opened.delete(key));
    return opening;
  }

  async write(key: string, { parts }: BuiltSnapshot): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: {
        Bucket: this.#bucket,
        Key: key,
        Body: Readable.from(parts),
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

/** One snapshot of which the index is loaded; segments follow when they are asked for, and stay. */
class S3Snapshot implements RegistrySegments {
  readonly #read: (from: number, bytes: number) => Promise<Uint8Array>;
  readonly #index: SnapshotIndex;
  readonly #segments = new Map<string, Promise<Segment>>();

  constructor(read: (from: number, bytes: number) => Promise<Uint8Array>, index: SnapshotIndex) {
    this.#read = read;
    this.#index = index;
  }

  groups(): readonly string[] {
    return [...this.#index.segments.keys()];
  }

  segment(group: string): Promise<Segment> {
    const known = this.#segments.get(group);
    if (known !== undefined) return known;
    const loading = this.#load(group);
    this.#segments.set(group, loading);
    loading.catch(() => this.#segments.delete(group));
    return loading;
  }

  async listed(e164s: readonly string[]): Promise<readonly boolean[]> {
    const places = e164s.map(groupOf);
    const groups = [...new Set(places.map(({ group }) => group))];
    const loaded = await Promise.all(
      groups.map(async (group) => [group, await this.segment(group)] as const),
    );
    const segments = new Map(loaded);
    return places.map(({ group, rest, ending }) => {
      const block = segments.get(group)?.get(rest);
      return block !== undefined && blockHas(block, ending);
    });
  }

  async #load(group: string): Promise<Segment> {
    const place = this.#index.segments.get(group);
    if (place === undefined) return NO_BLOCKS;
    return decodeSegment(await this.#read(this.#index.segmentsAt + place.offset, place.bytes), place);
  }
}

async function openSnapshot(client: S3Client, bucket: string, key: string): Promise<S3Snapshot> {
  const read = async (from: number, bytes: number): Promise<Uint8Array> => {
    const Range = `bytes=${from}-${from + bytes - 1}`;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  let index = decodeIndex(await read(0, FIRST_READ_BYTES));
  if ('bytesNeeded' in index) index = decodeIndex(await read(0, index.bytesNeeded));
  if ('bytesNeeded' in index)
    throw new RangeError('expected the whole index of the snapshot, got a part of it');
  return new S3Snapshot(read, index);
}

function pointerKey(registry: string): string {
  return `registries/${registry}/current.json`;
}
