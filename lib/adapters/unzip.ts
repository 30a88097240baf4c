import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { ComplianceError } from '../domain/errors.ts';

// node:zlib rather than a zip package: registries send one file of gigabytes in an archive, the native inflater reads it
// several times faster, and the archive's checksum must be compared, since a file that was cut off looks whole.
// Format: APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = Buffer.from('PK\x01\x02', 'latin1');
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
/** The longest comment and everything that stands before it: the directory of a single file lies within. */
const TAIL_BYTES = 128 * 1024;
const DEFLATED = 8;
const ENCRYPTED = 1;
/** Says that the size is kept elsewhere, as zip64 does for files over 4 GB. */
const ELSEWHERE = 0xffffffff;

/**
 * The one file in a zip archive; a file that is no archive as it is. Memory: a few hundred kilobytes.
 *
 * @throws ComplianceError BAD_ZIP if the archive is cut off or damaged, encrypted, or holds another number of files.
 */
export async function* unzipped(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = file[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  let isArchive = true;
  while (isArchive && start.length < headerBytes(start)) {
    const { done, value } = await source.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
    isArchive = start.length < 4 || start.readUInt32LE(0) === LOCAL_HEADER;
  }
  const rest: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => source };
  if (!isArchive || start.length < 4) {
    if (start.length > 0) yield start;
    yield* rest;
    return;
  }
  if (start.length < headerBytes(start)) throw badZip('an archive that is cut off');
  if ((start.readUInt16LE(6) & ENCRYPTED) !== 0) throw badZip('an encrypted file');
  if (start.readUInt16LE(8) !== DEFLATED) throw badZip('a file that is not deflated');
  yield* inflated(start.subarray(headerBytes(start)), rest);
}

/** The length of the local header, as far as it is known. */
function headerBytes(start: Buffer): number {
  if (start.length < LOCAL_HEADER_BYTES) return LOCAL_HEADER_BYTES;
  return LOCAL_HEADER_BYTES + start.readUInt16LE(26) + start.readUInt16LE(28);
}

async function* inflated(start: Buffer, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: 256 * 1024 });
  const tail = new Tail();
  const feeding = feed(inflate, tail, { start, rest });
  feeding.catch((error: unknown) => inflate.destroy(error instanceof Error ? error : new Error('failed')));
  let checksum = 0;
  let size = 0;
  try {
    for await (const chunk of inflate) {
      if (!(chunk instanceof Uint8Array)) throw badZip('no bytes');
      checksum = crc32(chunk, checksum);
      size += chunk.length;
      yield chunk;
    }
  } catch (error) {
    // zlib's own errors have codes such as Z_DATA_ERROR; those of the source are passed on.
    throw isZlibError(error) ? badZip('an archive that is cut off or damaged', error) : error;
  }
  await feeding;
  tail.verify(checksum, size);
}

async function feed(
  inflate: InflateRaw,
  tail: Tail,
  { start, rest }: { readonly start: Buffer; readonly rest: AsyncIterable<Uint8Array> },
): Promise<void> {
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) inflate.once(event, () => resolve());
  });
  void over.then(() => {
    isOver = true;
  });
  const write = async (chunk: Uint8Array): Promise<void> => {
    tail.keep(chunk);
    if (isOver) return;
    // Until it is taken, since the source may fill the same buffer again; what follows the file's end is never taken.
    const taken = new Promise<void>((resolve) => void inflate.write(chunk, () => resolve()));
    await Promise.race([taken, over]);
  };
  await write(start);
  for await (const chunk of rest) await write(chunk);
  if (!isOver) inflate.end();
}

/** The last bytes of an archive, where its directory is. */
class Tail {
  #bytes = Buffer.alloc(0);

  keep(chunk: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]).subarray(-TAIL_BYTES);
  }

  verify(checksum: number, size: number): void {
    const end = this.#bytes.lastIndexOf(END_OF_DIRECTORY);
    const entry = end < 0 ? -1 : this.#bytes.lastIndexOf(CENTRAL_HEADER, end);
    if (entry < 0 || entry + CENTRAL_HEADER_BYTES > end || end + 12 > this.#bytes.length) {
      throw badZip('an archive that is cut off');
    }
    if (this.#bytes.readUInt16LE(end + 10) !== 1) throw badZip('several files');
    const stated = this.#bytes.readUInt32LE(entry + 24);
    const isWhole = stated === ELSEWHERE || stated === size;
    if (!isWhole || this.#bytes.readUInt32LE(entry + 16) !== checksum) throw badZip('a damaged archive');
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
}

function badZip(got: string, cause?: unknown): ComplianceError {
  return new ComplianceError({
    code: 'BAD_ZIP',
    message: `expected a zip archive of one deflated file, got ${got}; nothing was imported`,
    cause,
  });
}
