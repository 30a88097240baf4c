import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeEach, describe, expect, test } from 'vitest';
import { createZipFile } from '../../lib/adapters/file-system/zip-file.ts';
import { collect } from '../system/run-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-zip-'));
  return () => rmSync(folder, { recursive: true });
});

const FILES: readonly (readonly [string, string])[] = [
  ['README.md', '# A pack\n'],
  ['entries.ndjson', '{"name":"Zoë"}\n'.repeat(100_000)],
  ['proofs/1.json', ''],
];

async function write(path: string, files = FILES): Promise<Buffer> {
  const zip = await createZipFile(path);
  for (const [name, text] of files) await zip.add(name, text);
  await zip.close();
  return readFileSync(path);
}

describe('an archive', () => {
  test('gives back every file, in order', async () => {
    const files = unzipSync(await write(join(folder, 'a.zip')));
    expect(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual(
      FILES,
    );
  });

  test('has the same bytes each time, in any time zone', async () => {
    const first = await write(join(folder, 'a.zip'), FILES.slice(0, 1));
    const script = `
      import { createZipFile } from ${JSON.stringify(join(process.cwd(), 'lib/adapters/file-system/zip-file.ts'))};
      const zip = await createZipFile(${JSON.stringify(join(folder, 'b.zip'))});
      await zip.add('README.md', '# A pack\\n');
      await zip.close();`;
    const ran = await collect(
      ['/usr/bin/env', 'TZ=Pacific/Honolulu', process.execPath, '--input-type=module', '-e', script],
      folder,
    );
    expect(ran).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'b.zip')).equals(first)).toBe(true);
  });

  test('is not put over another file', async () => {
    const path = join(folder, 'a.zip');
    writeFileSync(path, 'mine');
    await expect(createZipFile(path)).rejects.toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('that was given up leaves nothing', async () => {
    const path = join(folder, 'a.zip');
    const zip = await createZipFile(path);
    await zip.add('README.md', 'half of it');
    await zip.abort();
    expect(existsSync(path)).toBe(false);
  });
});
