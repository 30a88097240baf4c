import { createHash } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFile, ScrubOutbox, WrittenBytes } from '../../domain/scrub/outputs.ts';

const MANIFEST = 'manifest.json';

/** The results of one scrub in a folder. A file has its name only once it is complete. */
export async function scrubFolder(folder: string): Promise<ScrubOutbox> {
  await mkdir(folder, { recursive: true });
  return {
    manifest: () => readIfThere(join(folder, MANIFEST)),
    open: (name) => new LocalOutputFile(join(folder, name)),
    put: async (name, text) => {
      const path = join(folder, name);
      await writeFile(partial(path), text, { flush: true });
      await rename(partial(path), path);
    },
    putManifest: async (text) => {
      const path = join(folder, MANIFEST);
      await writeFile(partial(path), text, { flush: true });
      try {
        // Unlike a rename, a link never replaces what is there.
        await link(partial(path), path);
        return 'WRITTEN';
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return 'EXISTS';
        throw error;
      } finally {
        await rm(partial(path), { force: true });
      }
    },
  };
}

class LocalOutputFile implements OutputFile {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  #handle: Promise<FileHandle> | undefined;
  #sizeBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const handle = await this.#opened();
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    await handle.writeFile(bytes);
  }

  async seal(): Promise<WrittenBytes> {
    const handle = await this.#opened();
    await handle.sync();
    await handle.close();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.copy().digest('hex') };
  }

  async publish(): Promise<void> {
    await rename(partial(this.#path), this.#path);
  }

  async abort(): Promise<void> {
    const handle = await this.#handle?.catch(() => undefined);
    // Closed already if it was sealed.
    await handle?.close().catch(() => undefined);
    await rm(partial(this.#path), { force: true }).catch(() => undefined);
  }

  #opened(): Promise<FileHandle> {
    this.#handle ??= open(partial(this.#path), 'w');
    return this.#handle;
  }
}

function partial(path: string): string {
  return `${path}.partial`;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
