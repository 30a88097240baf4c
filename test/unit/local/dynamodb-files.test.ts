import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { beforeEach, describe, expect, test } from 'vitest';
import { forgetOldVersions, forgetOldVersionsOnce } from '../../../lib/local/dynamodb-files.ts';

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'dialguard-level-'));
  path = join(folder, 'dynamodb');
  return () => rmSync(folder, { recursive: true });
});

/** Random, so that no compression can hide it in the files. */
const secret = () => randomBytes(48).toString('base64');

function holds(text: string): boolean {
  return readdirSync(path).some((name) => readFileSync(join(path, name), 'latin1').includes(text));
}

async function write(pairs: readonly (readonly [string, string | undefined])[]): Promise<void> {
  const db = new ClassicLevel(path);
  for (const [key, value] of pairs) await (value === undefined ? db.del(key) : db.put(key, value));
  await db.close();
}

async function read(): Promise<Record<string, string>> {
  const db = new ClassicLevel(path);
  const all = Object.fromEntries(await db.iterator().all());
  await db.close();
  return all;
}

describe('the files of the tables', () => {
  test('hold nothing of what was overwritten or deleted, and all the rest', async () => {
    const [overwritten, deleted, kept] = [secret(), secret(), secret()];
    const many = Array.from({ length: 2500 }, (_, n) => [`many-${n}`, `value ${n}`] as const);
    await write([['a', overwritten], ['b', deleted], ...many]);
    await write([
      ['a', kept],
      ['b', undefined],
    ]);
    expect([overwritten, deleted, kept].map(holds)).toEqual([true, true, true]);
    await forgetOldVersions(path);
    expect([overwritten, deleted, kept].map(holds)).toEqual([false, false, true]);
    expect(await read()).toEqual({ a: kept, ...Object.fromEntries(many) });
  });

  test('are written anew at the next start where the process was killed, and not where it ended well', async () => {
    const [old, next, last] = [secret(), secret(), secret()];
    await write([
      ['a', old],
      ['a', next],
    ]);
    await forgetOldVersionsOnce(path);
    expect([old, next].map(holds)).toEqual([false, true]);
    // As a process that ended well leaves them.
    await forgetOldVersions(path);
    await write([['a', last]]);
    await forgetOldVersionsOnce(path);
    expect([next, last].map(holds)).toEqual([true, true]);
    // The mark holds for one start.
    await forgetOldVersionsOnce(path);
    expect([next, last].map(holds)).toEqual([false, true]);
  });

  test('are found again where the process was killed while it put them in place', async () => {
    await write([['a', 'kept']]);
    renameSync(path, `${path}.old`);
    await forgetOldVersionsOnce(path);
    expect(await read()).toEqual({ a: 'kept' });
    expect(readdirSync(join(path, '..'))).toEqual(['dynamodb']);
  });
});
