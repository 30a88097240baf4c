import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { OutputFile, WrittenBytes } from '../../domain/scrub/outputs.ts';
import { isTaken } from './object.ts';

/** S3's smallest part; ten thousand of them are 52 GB, far above any list. */
const PART_BYTES = 5 * 1024 * 1024;
const BUFFERED_BYTES = 1024 * 1024;

/** An object that is uploaded while it is written and appears when it is published. Memory: three parts. */
export class S3OutputFile implements OutputFile {
  readonly #stream = new PassThrough({ highWaterMark: BUFFERED_BYTES });
  readonly #upload: Upload;
  readonly #done: Promise<unknown>;
  readonly #hash = createHash('sha256');
  #sizeBytes = 0;

  constructor(client: S3Client, target: Omit<PutObjectCommandInput, 'Body'>) {
    this.#upload = new Upload({
      client,
      params: { ...target, Body: this.#stream },
      queueSize: 2,
      partSize: PART_BYTES,
    });
    this.#stream.on('error', () => undefined);
    this.#done = this.#upload.done();
    // Whoever writes or publishes next meets the failure; until then nobody listens.
    this.#done.catch(() => this.#stream.destroy());
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    if (this.#stream.destroyed) await this.#done;
    if (!this.#stream.write(bytes)) await Promise.race([once(this.#stream, 'drain'), this.#done]);
  }

  async seal(): Promise<WrittenBytes> {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') };
  }

  /** An object that stands in the way of If-None-Match is left as it is, and taken for this one. */
  async publish(): Promise<void> {
    this.#stream.end();
    try {
      await this.#done;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }

  async abort(): Promise<void> {
    // Parts that could not be removed are removed by the bucket's lifecycle rule.
    await this.#upload.abort().catch(() => undefined);
    this.#stream.destroy();
    await this.#done.catch(() => undefined);
  }
}
