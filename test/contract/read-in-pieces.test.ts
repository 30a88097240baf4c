import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInPieces } from '../../lib/adapters/file-system/read-in-pieces.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-in-pieces-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('a file in pieces', () => {
  it.each([
    ['empty', 0],
    ['short', 6],
    ['longer than a piece', 700_001],
  ])('is read whole, from its beginning each time: %s', async (_length, bytes) => {
    const path = join(folder, `${bytes}.csv`);
    const content = Buffer.from(Array.from({ length: bytes }, (_, at) => at % 251));
    await writeFile(path, content);
    for (const _ of [1, 2]) {
      const read = [];
      for await (const piece of readInPieces(path)) read.push(Buffer.from(piece));
      expect(Buffer.concat(read).equals(content)).toBe(true);
    }
  });

  it('that is not there is an error', async () => {
    await expect(readInPieces(join(folder, 'none.csv')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
