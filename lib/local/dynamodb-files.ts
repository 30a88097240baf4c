import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';

const RAW = { keyEncoding: 'view', valueEncoding: 'view' } as const;
const PUTS_AT_ONCE = 1000;

/**
 * Writes the tables' files anew where the last process did not: LevelDB keeps what was overwritten or deleted in its files
 * for as long as it sees fit, and a data key that was destroyed must not be found there.
 */
export async function forgetOldVersionsOnce(path: string): Promise<void> {
  recover(path);
  if (existsSync(path) && !existsSync(cleanMark(path))) await forgetOldVersions(path);
  rmSync(cleanMark(path), { force: true });
}

/** Copies what is in the tables now into new files, and puts these in the place of the old ones. */
export async function forgetOldVersions(path: string): Promise<void> {
  const next = `${path}.next`;
  rmSync(next, { recursive: true, force: true });
  const [from, to] = [open(path), open(next)];
  let puts: { type: 'put'; key: Uint8Array; value: Uint8Array }[] = [];
  for await (const [key, value] of from.iterator()) {
    puts.push({ type: 'put', key, value });
    if (puts.length < PUTS_AT_ONCE) continue;
    await to.batch(puts);
    puts = [];
  }
  await to.batch(puts);
  await Promise.all([from.close(), to.close()]);
  renameSync(path, oldPath(path));
  renameSync(next, path);
  rmSync(oldPath(path), { recursive: true });
  writeFileSync(cleanMark(path), '');
}

function open(path: string): ClassicLevel<Uint8Array, Uint8Array> {
  return new ClassicLevel<Uint8Array, Uint8Array>(path, RAW);
}

/** A process that was killed between the two renames has left the tables under another name. */
function recover(path: string): void {
  if (existsSync(oldPath(path)) && !existsSync(path)) renameSync(oldPath(path), path);
  for (const left of [oldPath(path), `${path}.next`]) rmSync(left, { recursive: true, force: true });
}

function oldPath(path: string): string {
  return `${path}.old`;
}

function cleanMark(path: string): string {
  return `${path}.clean`;
}
