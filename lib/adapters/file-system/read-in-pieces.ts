import { open } from 'node:fs/promises';

const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a file, in pieces of one buffer that is filled again and again: a piece is whole only until the next one
 * is asked for. A stream would leave its buffers to the garbage collector, which is half the time and a hundred
 * megabytes for a list of gigabytes.
 */
export async function* readInPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
