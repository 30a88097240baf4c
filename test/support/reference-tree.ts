import { expect } from 'vitest';
import { leafHash } from '../../lib/domain/log/hashing.ts';
import { openNote } from '../../lib/domain/log/note.ts';
import { treeHash } from './audit/test-log.ts';
import { testSigner } from './log-key.ts';

// The tree as docs/log-format.md says it, from scratch and with nothing of the writer's but the hash of a line.

export type Published = {
  /** The log's lines, in order. */
  readonly lines: readonly string[];
  /** Tiles, checkpoints and vkey by key, in binary. */
  readonly objects: ReadonlyMap<string, string>;
  /** Every state of the pointer, the newest last. */
  readonly pointers: readonly string[];
};

/** Fails unless every object of the tree is what the lines say, complete, and covers all of them. */
export function expectTree({ lines, objects, pointers }: Published): void {
  const { key } = testSigner();
  const tiles = tilesOf(lines);
  const sizes = new Set<number>();
  const notes = new Set<string>();
  for (const [name, bytes] of objects) {
    if (name.startsWith('tile/')) expect([name, bytes]).toEqual([name, tiles(name)]);
    if (!name.startsWith('checkpoints/')) continue;
    const note = Buffer.from(bytes, 'binary').toString();
    const [origin, size, root, time = ''] = openNote(note, key)?.split('\n') ?? [];
    const idle = name.includes('.idle/') ? `.idle/${time.slice('time '.length, -':00:00.000Z'.length)}` : '';
    expect(name).toBe(`checkpoints/${size}${idle}`);
    expect(origin).toBe(key.name);
    expect([size, root]).toEqual([size, treeHash(leavesOf(lines.slice(0, Number(size)))).toString('base64')]);
    for (const tile of tilesFor(Number(size))) expect(objects.has(tile), `${tile} of ${size}`).toBe(true);
    sizes.add(Number(size));
    notes.add(note);
  }
  expect(Math.max(...sizes)).toBe(lines.length);
  for (const pointer of pointers) expect(notes).toContain(pointer);
  expect(Number(pointers.at(-1)?.split('\n')[1])).toBe(lines.length);
  const moves = pointers.map((pointer) => Number(pointer.split('\n')[1]));
  expect(moves).toEqual(moves.toSorted((a, b) => a - b));
}

/** The keys of all tiles of a tree of `size` leaves. */
export function tilesFor(size: number): readonly string[] {
  const keys: string[] = [];
  for (let level = 0, span = 1; span <= size; level += 1, span *= 256) {
    const width = Math.floor(size / span) % 256;
    const full = Math.floor(size / (span * 256));
    for (let index = 0; index < full; index += 1) keys.push(`tile/${level}/${path(index)}`);
    if (width > 0) keys.push(`tile/${level}/${path(full)}.p/${width}`);
  }
  return keys;
}

function path(index: number): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0');
  return digits.replace(/\d{3}(?=\d)/g, 'x$&/');
}

function tilesOf(lines: readonly string[]): (key: string) => string | undefined {
  const leaves = leavesOf(lines);
  return (key) => {
    const [, level = '', name = '', width = '256'] =
      /^tile\/(\d+)\/([x\d/]+)(?:\.p\/(\d+))?$/.exec(key) ?? [];
    const span = 256 ** Number(level);
    const first = Number(name.replace(/[x/]/g, '')) * 256;
    const hashes = Array.from({ length: Number(width) }, (_, at) =>
      leaves.length < (first + at + 1) * span
        ? Buffer.of()
        : treeHash(leaves.slice((first + at) * span, (first + at + 1) * span)),
    );
    return Buffer.concat(hashes).toString('binary');
  };
}

function leavesOf(lines: readonly string[]): readonly Buffer[] {
  return lines.map((line) => leafHash(line));
}
