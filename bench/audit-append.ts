import { hash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { COMPRESSION } from '../lib/adapters/s3/log-objects.ts';
import { canonicalJson } from '../lib/domain/canonical-json.ts';
import { batchText, leavesOf } from '../lib/domain/log/batch.ts';
import { type PendingEntry, readPending } from '../lib/domain/log/pending.ts';
import { TileTree } from '../lib/domain/log/tile-tree.ts';
import { decisionEntry, factEntry } from '../test/support/entries.ts';

// How many entries a second the log's writer can number, hash, put into tiles and compress, on one core and without any
// store, against what cannot be avoided for the same bytes: one SHA-256 a line, and gzip. With `--memory N`, the memory
// that a log of N entries takes while it is written.

const BATCH = 5000;
const ROUNDS = 15;

type Kind = 'decision' | 'fact';

/** What one run collects: entries as they wait, each with an id and a contact point of its own. */
function batchOf(kind: Kind): readonly PendingEntry[] {
  return Array.from({ length: BATCH }, (_, n) => {
    const entry = kind === 'decision' ? decisionEntry({ n }) : factEntry({ n });
    const read = readPending({ home: entry.subjects[0] ?? '', id: entry.id }, canonicalJson(entry));
    if (read === undefined) throw new Error('expected an entry');
    return read;
  });
}

function append(tree: TileTree, batch: readonly PendingEntry[]): number {
  const text = batchText(tree.size, batch);
  let tiles = 0;
  for (const leaf of leavesOf(text)) tiles += tree.add(leaf).length;
  return tiles + gzipSync(text, COMPRESSION).length;
}

/** The same bytes, hashed line by line and compressed; nothing is numbered and there is no tree. */
function floor(lines: readonly string[], text: string): number {
  let bytes = 0;
  for (const line of lines) bytes += hash('sha256', line, 'hex').length;
  return bytes + gzipSync(text, COMPRESSION).length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function timed(work: () => unknown): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function throughput(kind: Kind): void {
  const batch = batchOf(kind);
  const text = batchText(1_000_000, batch);
  const lines = text.split('\n').slice(0, -1);
  const tree = new TileTree();
  const [ours, floors]: [number[], number[]] = [[], []];
  // In turns, so that what else the machine does falls on both.
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    ours.push(timed(() => append(tree, batch)));
    floors.push(timed(() => floor(lines, text)));
  }
  const [mine, least] = [median(ours.slice(3)), median(floors.slice(3))];
  const rate = (seconds: number) => `${Math.round(BATCH / seconds / 1000)} k/s`;
  const size = Math.round(text.length / BATCH);
  process.stdout.write(
    `${kind}, ${size} bytes: ${rate(mine)} against ${rate(least)}, ratio ${(mine / least).toFixed(2)}\n`,
  );
}

/** Peak memory while a log of so many entries is written, batch after batch. */
function memory(entries: number): void {
  const batch = batchOf('fact');
  const tree = new TileTree();
  let peak = 0;
  while (tree.size < entries) {
    append(tree, batch);
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  process.stdout.write(`${entries} entries: ${Math.round(peak / 1e6)} MB at most, ${tree.size} leaves\n`);
}

const { values } = parseArgs({ options: { memory: { type: 'string' } } });
if (values.memory === undefined) {
  throughput('decision');
  throughput('fact');
} else memory(Number(values.memory));
