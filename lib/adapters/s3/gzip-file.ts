import { once } from 'node:events';
import { constants, createGzip } from 'node:zlib';
import type { OutputFile, WrittenBytes } from '../../domain/scrub/outputs.ts';

/** Compresses what is written on its way into another file; size and hash are those of the compressed bytes. */
export class GzipFile implements OutputFile {
  readonly #inner: OutputFile;
  readonly #gzip = createGzip({ level: constants.Z_BEST_SPEED });
  readonly #pumped: Promise<void>;

  constructor(inner: OutputFile) {
    this.#inner = inner;
    this.#pumped = this.#pump();
    this.#pumped.catch(() => this.#gzip.destroy());
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#gzip.destroyed) await this.#pumped;
    if (!this.#gzip.write(bytes)) await Promise.race([once(this.#gzip, 'drain'), this.#pumped]);
  }

  async seal(): Promise<WrittenBytes> {
    this.#gzip.end();
    await this.#pumped;
    return this.#inner.seal();
  }

  publish(): Promise<void> {
    return this.#inner.publish();
  }

  async abort(): Promise<void> {
    this.#gzip.destroy();
    await this.#inner.abort();
    await this.#pumped.catch(() => undefined);
  }

  async #pump(): Promise<void> {
    for await (const chunk of this.#gzip) await this.#inner.write(chunk);
  }
}
