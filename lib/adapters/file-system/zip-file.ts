import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { Zip, ZipDeflate } from 'fflate';
import { ZIP_EPOCH } from '../zip.ts';

/**
 * Begins an archive.
 *
 * @throws whatever the file system says, also where the file is there already: it is then left as it is.
 */
export async function createZipFile(path: string): Promise<ZipFile> {
  const file = await open(path, 'wx');
  return new ZipFile(path, file.createWriteStream());
}

/** Writes an archive file by file; the same files in the same order give the same bytes. */
export class ZipFile {
  readonly #path: string;
  readonly #output: WriteStream;
  readonly #zip: Zip;
  readonly #ended: Promise<void>;
  #failure: Error | undefined;

  constructor(path: string, output: WriteStream) {
    this.#path = path;
    this.#output = output;
    this.#ended = finished(output);
    this.#ended.catch((error: Error) => {
      this.#failure = error;
    });
    this.#zip = new Zip((error, bytes, isLast) => {
      if (error !== null) output.destroy(error);
      else if (isLast) output.end(bytes);
      else output.write(bytes);
    });
  }

  /** @throws whatever the file system says of an earlier write. */
  async add(name: string, text: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const file = new ZipDeflate(name);
    file.mtime = ZIP_EPOCH;
    this.#zip.add(file);
    file.push(Buffer.from(text), true);
    if (this.#output.writableNeedDrain) await once(this.#output, 'drain');
  }

  /** Gives up, and removes what was written: it is no archive. */
  async abort(): Promise<void> {
    this.#zip.terminate();
    this.#output.destroy();
    await this.#ended.catch(() => undefined);
    await rm(this.#path, { force: true });
  }

  async close(): Promise<void> {
    this.#zip.end();
    await this.#ended;
  }
}
