import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ClassicLevel } from 'classic-level';

/** Every file under a folder as text, unzipped where it is gzip, by its path; and its name with it. */
export function filesUnder(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
  return new Map(paths.map((path) => [path, `${path}\n${textOf(readFileSync(path))}`]));
}

function textOf(bytes: Buffer): string {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isGzip ? gunzipSync(bytes) : bytes).toString('latin1');
}

/** What the files of the tables hold, which compression hides in them: a copy is read, since the stack has them open. */
export async function tablesIn(folder: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'dialguard-tables-'));
  try {
    cpSync(join(folder, 'dynamodb'), copy, { recursive: true });
    rmSync(join(copy, 'LOCK'), { force: true });
    const db = new ClassicLevel(copy);
    const all = await db.iterator().all();
    await db.close();
    return all.map(([key, value]) => `${key} ${value}`).join('\n');
  } finally {
    rmSync(copy, { recursive: true });
  }
}
