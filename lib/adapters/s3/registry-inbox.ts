import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { sha256Hex } from '../../domain/canonical-json.ts';
import { ImportReport } from '../../domain/registry/import-report.ts';
import { unzipped } from '../unzip.ts';
import { isMissing, readText, writeJson } from './object.ts';
import { S3OutputFile } from './upload.ts';

/** A file that was put into `registry/<registry>/incoming/`. */
export type IncomingFile = {
  readonly registry: string;
  /** Without its folder. */
  readonly name: string;
  readonly key: string;
  /** The same for the same bytes under the same name. */
  readonly id: string;
  /** When it was put there, epoch milliseconds. */
  readonly at: number;
};

const NEWEST_REPORTS = 20;

/** Files that wait in the registry bucket, and the reports of what became of them. */
export class S3RegistryInbox {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** The files without a report. */
  async waiting(registry: string): Promise<readonly IncomingFile[]> {
    const folder = `registry/${registry}/incoming/`;
    const files: IncomingFile[] = [];
    for (const { key, etag, at } of await this.#list(folder)) {
      const id = sha256Hex(JSON.stringify([key, etag])).slice(0, 40);
      const file = { registry, name: key.slice(folder.length), key, id, at };
      if (file.name !== '' && !(await this.#isReported(file))) files.push(file);
    }
    return files;
  }

  /** The file's bytes, unpacked, and how many lines whoever put it there says that it has. */
  async lines({ key }: IncomingFile): Promise<number | undefined> {
    const { Metadata } = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
    const stated = Metadata?.['lines'];
    return stated === undefined || !/^\d{1,12}$/.test(stated) ? undefined : Number(stated);
  }

  open({ key }: IncomingFile): AsyncIterable<Uint8Array> {
    return unzipped(this.#bytes(key));
  }

  /** Puts a file there, from its first byte to its last or not at all. */
  async put(registry: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const Key = `registry/${registry}/incoming/${name}`;
    const file = new S3OutputFile(this.#client, { Bucket: this.#bucket, Key });
    try {
      for await (const chunk of bytes) await file.write(chunk);
    } catch (error) {
      await file.abort();
      throw error;
    }
    await file.publish();
  }

  async report({ registry, id }: IncomingFile, report: ImportReport): Promise<void> {
    const Body = JSON.stringify(report);
    await writeJson(this.#client, { Bucket: this.#bucket, Key: reportKey(registry, id), Body });
  }

  /** The newest first. */
  async reports(registry: string): Promise<readonly ImportReport[]> {
    const listed = await this.#list(`registries/${registry}/imports/`);
    const newest = listed.toSorted((a, b) => b.at - a.at).slice(0, NEWEST_REPORTS);
    const texts = await Promise.all(newest.map(({ key }) => readText(this.#client, this.#bucket, key)));
    return texts.flatMap((text) => (text === undefined ? [] : [ImportReport.parse(JSON.parse(text))]));
  }

  async *#bytes(Key: string): AsyncGenerator<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
    if (Body !== undefined) yield* Body.transformToWebStream();
  }

  async #isReported({ registry, id }: IncomingFile): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: reportKey(registry, id) }));
      return true;
    } catch (error) {
      if (isMissing(error) || (error instanceof Error && error.name === 'NotFound')) return false;
      throw error;
    }
  }

  async #list(Prefix: string): Promise<{ key: string; etag: string; at: number }[]> {
    const objects: { key: string; etag: string; at: number }[] = [];
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key = '', ETag = '', LastModified } of Contents) {
        objects.push({ key: Key, etag: ETag, at: LastModified?.getTime() ?? 0 });
      }
    }
    return objects;
  }
}

function reportKey(registry: string, id: string): string {
  return `registries/${registry}/imports/${id}.json`;
}
