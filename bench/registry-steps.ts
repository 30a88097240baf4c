// One step of bench/registry.ts in a process of its own, so that its time and its peak memory are its own.
import { once } from 'node:events';
import { createWriteStream, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { readInPieces } from '../lib/adapters/file-system/read-in-pieces.ts';
import { readRegistryFile } from '../lib/domain/registry/registry-file.ts';
import { groupOfNumber } from '../lib/domain/registry/segment.ts';
import { Snapshot } from '../lib/domain/registry/snapshot.ts';
import { SnapshotBuilder } from '../lib/domain/registry/snapshot-builder.ts';
import { Random } from '../test/support/random.ts';

/** As many exchanges an area code as the plan has: with 360 area codes 286,000 blocks, of which 9 % is listed. */
const EXCHANGES = 794;
const SHARE = 258_500_000 / (360 * EXCHANGES * 10_000);
const LOOK_UPS = 5_000_000;
const [step = '', list = '', snapshot = '', count = '0'] = process.argv.slice(2);
const AREA_CODES = Math.max(1, Math.round(Number(count) / (SHARE * EXCHANGES * 10_000)));

const steps: Readonly<Record<string, () => Promise<object>>> = {
  /** Every number listed with the same probability: the density at which bitmaps are largest. */
  generate: async () => {
    const file = await open(list, 'w');
    const chance = new Random(258_500_000);
    const chunk = Buffer.alloc(12 * 10_000);
    let lines = 0;
    for (let block = 0; block < AREA_CODES * EXCHANGES; block += 1) {
      const prefix = `${200 + Math.floor(block / EXCHANGES)},${200 + (block % EXCHANGES)}0000\n`;
      const line = Buffer.from(prefix, 'latin1');
      let at = 0;
      for (let ending = 0; ending < 10_000; ending += 1) {
        if (!chance.chance(SHARE)) continue;
        chunk.set(line, at);
        chunk[at + 7] = 48 + Math.floor(ending / 1000);
        chunk[at + 8] = 48 + (Math.floor(ending / 100) % 10);
        chunk[at + 9] = 48 + (Math.floor(ending / 10) % 10);
        chunk[at + 10] = 48 + (ending % 10);
        at += 12;
        lines += 1;
      }
      await file.write(chunk, 0, at);
    }
    await file.close();
    return { lines };
  },
  'read list': async () => {
    let bytes = 0;
    for await (const chunk of readInPieces(list)) bytes += chunk.length;
    return { bytes };
  },
  build: async () => {
    const builder = new SnapshotBuilder();
    const lines = await readRegistryFile({ kind: 'FULL', open: () => readInPieces(list) }, {}, builder);
    const built = builder.build({ registry: 'us-national', versionAt: 0, areaCodes: 'ALL' });
    const file = createWriteStream(snapshot);
    for (const part of built.parts()) {
      if (!file.write(part)) await once(file, 'drain');
    }
    await finished(file.end());
    return { lines, numbers: built.numbers, blocks: built.blocks, bytes: built.bytes };
  },
  'read snapshot': async () => {
    const { size } = statSync(snapshot);
    const bytes = new Uint8Array(size);
    readSync(openSync(snapshot, 'r'), bytes, 0, size, 0);
    return { bytes: bytes.length };
  },
  load: async () => {
    const opened = await openFile();
    const segments = await Promise.all(opened.groups().map((group) => opened.segment(group)));
    return { segments: segments.length };
  },
  'look up': async () => {
    const opened = await openFile();
    const chance = new Random(1);
    const asked = new Map<string, number[]>();
    for (let at = 0; at < LOOK_UPS; at += 1) {
      const number =
        1e10 +
        (200 + chance.below(AREA_CODES)) * 1e7 +
        (200 + chance.below(EXCHANGES)) * 1e4 +
        chance.below(1e4);
      const group = groupOfNumber(number);
      const numbers = asked.get(group) ?? [];
      if (numbers.length === 0) asked.set(group, numbers);
      numbers.push(number);
    }
    const ready = await Promise.all(
      [...asked].map(async ([group, numbers]) => ({
        segment: await opened.segment(group),
        numbers: Float64Array.from(numbers),
      })),
    );
    const out = new Uint8Array(LOOK_UPS);
    const beganAt = performance.now();
    let listed = 0;
    for (const { segment, numbers } of ready) listed += segment.probe(numbers, out);
    return { lookUps: LOOK_UPS, listed, probeMs: performance.now() - beganAt };
  },
};

async function openFile(): Promise<Snapshot> {
  const file = await open(snapshot, 'r');
  return Snapshot.open(async (from, bytes) => {
    const buffer = new Uint8Array(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, from);
    return buffer.subarray(0, bytesRead);
  });
}

const work = steps[step];
if (work === undefined) throw new Error(`There is no step ${step}.`);
const beganAt = performance.now();
const before = process.cpuUsage();
const result = await work();
const { user, system } = process.cpuUsage(before);
const measured = {
  wallMs: performance.now() - beganAt,
  cpuMs: (user + system) / 1000,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify({ ...result, ...measured })}\n`);
