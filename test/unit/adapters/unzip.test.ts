import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unzipped } from '../../../lib/adapters/unzip.ts';

const TEXT = Array.from({ length: 50_000 }, (_, at) => `818,${2_000_000 + at * 7}\n`).join('');
const ARCHIVE = zipSync({ 'list.txt': Buffer.from(TEXT) });

/** The file in pieces of one buffer, each of which is gone when the next one is asked for. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    buffer.fill(0xff).set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

async function unpacked(bytes: Uint8Array, size = 4096): Promise<string> {
  let text = '';
  for await (const chunk of unzipped(pieces(bytes, size))) text += Buffer.from(chunk).toString('latin1');
  return text;
}

describe('unzipped', () => {
  it.each([29, 100, 65_536, 10_000_000])(
    'gives the file in an archive that comes in pieces of %d bytes',
    async (size) => {
      expect((await unpacked(ARCHIVE, size)) === TEXT).toBe(true);
    },
  );

  it.each(['818,2596712\n', 'PK', 'P', '', 'PK\x05\x06 is no list'])(
    'gives what is no archive as it is: %j',
    async (text) => {
      expect(await unpacked(Buffer.from(text, 'latin1'), 3)).toBe(text);
    },
  );

  it.each([5, 29, 33, 5000, ARCHIVE.length - 100, ARCHIVE.length - 23])(
    'refuses an archive of which %d bytes came',
    async (length) => {
      await expect(unpacked(ARCHIVE.subarray(0, length))).rejects.toMatchObject({ code: 'BAD_ZIP' });
    },
  );

  it.each([
    { what: 'a flipped bit', bytes: flipped(ARCHIVE, 60_000) },
    {
      what: 'another checksum in its directory',
      bytes: flipped(ARCHIVE, Buffer.from(ARCHIVE).lastIndexOf('PK\x01\x02', -1, 'latin1') + 16),
    },
    { what: 'two files', bytes: zipSync({ a: Buffer.from(TEXT), b: Buffer.from('x') }) },
    { what: 'no compression', bytes: zipSync({ a: [Buffer.from(TEXT), { level: 0 }] }) },
    { what: 'a password', bytes: flipped(ARCHIVE, 6) },
  ])('refuses an archive with $what', async ({ bytes }) => {
    await expect(unpacked(bytes)).rejects.toMatchObject({ code: 'BAD_ZIP' });
  });

  it('passes on the failure of its source, and stops when nobody wants more', async () => {
    async function* breaking() {
      yield ARCHIVE.subarray(0, 5000);
      throw new Error('the source broke');
    }
    const reading = async () => {
      for await (const chunk of unzipped(breaking())) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(reading()).rejects.toThrow('the source broke');
    for await (const chunk of unzipped(pieces(ARCHIVE, 1000))) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });
});

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[at] = (damaged[at] ?? 0) ^ 1;
  return damaged;
}
