import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Zip, ZipDeflate } from 'fflate';

/** The first moment that a zip archive can name: an archive must not tell when it was made, so that it can be made again. */
const EPOCH = '1980-01-01T00:00:00';

/** Writes an archive file by file; the same files in the same order give the same bytes. */
export class ZipFile {
  readonly #output;
  readonly #zip: Zip;
  readonly #ended: Promise<void>;
  #failure: Error | undefined;

  /** @param path - it must not exist. */
  constructor(path: string) {
    this.#output = createWriteStream(path, { flags: 'wx' });
    this.#ended = finished(this.#output);
    this.#ended.catch((error: Error) => {
      this.#failure = error;
    });
    this.#zip = new Zip((error, bytes, isLast) => {
      if (error !== null) this.#output.destroy(error);
      else if (isLast) this.#output.end(bytes);
      else this.#output.write(bytes);
    });
  }

  /** @throws whatever the file system says of an earlier write. */
  async add(name: string, text: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const file = new ZipDeflate(name);
    file.mtime = EPOCH;
    this.#zip.add(file);
    file.push(Buffer.from(text), true);
    if (this.#output.writableNeedDrain) await once(this.#output, 'drain');
  }

  /** Gives up: what was written is no archive. */
  async abort(): Promise<void> {
    this.#zip.terminate();
    this.#output.destroy();
    await this.#ended.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#zip.end();
    await this.#ended;
  }
}
