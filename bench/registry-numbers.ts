import { createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { wholeAreaCodes } from '../lib/domain/contact-point/nanp.data.ts';
import { BITMAP_BYTES, decodeInto, encodeBlock } from '../lib/domain/registry/block.ts';
import { SnapshotMembership } from '../lib/domain/registry/membership.ts';
import { Snapshot } from '../lib/domain/registry/snapshot.ts';
import { SnapshotBuilder } from '../lib/domain/registry/snapshot-builder.ts';
import type { Random } from '../test/support/random.ts';

// A registry of generated numbers at real density: every exchange of every area code of the United States has its share,
// as the National Do Not Call Registry's 258.5 million have (FTC, National Do Not Call Registry Data Book FY 2025).

const US_AREA_CODES: readonly number[] = wholeAreaCodes.flatMap(([country, codes]) =>
  country === 'US' ? codes.split(' ').map(Number) : [],
);
const EXCHANGES = Array.from({ length: 800 }, (_, place) => 200 + place);
const BITS = 12;
/** In blocks of fewer numbers each number is drawn; in the others each bit is. */
const FEW = 200;

/** Gathers about `listed` numbers: the same ones each time. */
export function generatedRegistry(listed: number): SnapshotBuilder {
  const builder = new SnapshotBuilder();
  const draw = draws(listed);
  const share = listed / (US_AREA_CODES.length * EXCHANGES.length * 10_000);
  for (const areaCode of US_AREA_CODES) {
    for (const exchange of EXCHANGES) {
      const slot = builder.slotOf(1_000_000 + areaCode * 1000 + exchange);
      const base = builder.baseOf(slot);
      fill(builder.slabOf(slot).subarray(base, base + BITMAP_BYTES), share, draw);
    }
  }
  return builder;
}

/** 32 random bits a call (xorshift32), several times as fast as what tests use. */
function draws(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  };
}

function fill(bitmap: Uint8Array, share: number, draw: () => number): void {
  if (share * 10_000 < FEW) {
    for (let number = Math.round(share * 10_000); number > 0; number -= 1) {
      const ending = (draw() >>> 0) % 10_000;
      bitmap[ending >> 3] = (bitmap[ending >> 3] ?? 0) | (1 << (ending & 7));
    }
    return;
  }
  // Each bit is set with a chance of `digits` in 4,096: the binary digits of that, from the last, are ORs and ANDs.
  const digits = Math.round(share * 2 ** BITS);
  const lowest = digits & -digits;
  for (let at = 0; at < bitmap.length; at += 4) {
    let word = 0;
    for (let digit = lowest; digit < 2 ** BITS; digit *= 2)
      word = digits & digit ? word | draw() : word & draw();
    for (let byte = 0; byte < 4 && at + byte < bitmap.length; byte += 1) {
      bitmap[at + byte] = (word >>> (byte * 8)) & 0xff;
    }
  }
}

/** Writes the registry as a snapshot and as lines of ten digits for those who know nothing better. */
export async function writeRegistry(builder: SnapshotBuilder, paths: { snapshot: string; lines: string }) {
  const built = builder.build({ registry: 'us-national', versionAt: VERSION_AT, areaCodes: 'ALL' });
  await pipeline(Readable.from(linesOf(builder)), createWriteStream(paths.lines));
  await pipeline(Readable.from(built.parts()), createWriteStream(paths.snapshot));
  return built;
}

async function* linesOf(builder: SnapshotBuilder): AsyncGenerator<string> {
  const segments = builder.segments();
  const bitmap = new Uint8Array(BITMAP_BYTES);
  for (const group of segments.groups()) {
    const segment = await segments.segment(group);
    for (const rest of segment.rests()) {
      bitmap.fill(0);
      decodeInto(bitmap, segment.block(rest) ?? encodeBlock([]));
      const prefix = `${group.slice(1)}${rest}`;
      let lines = '';
      for (let byte = 0; byte < bitmap.length; byte += 1) {
        for (let bits = bitmap[byte] ?? 0; bits !== 0; bits &= bits - 1) {
          const ending = byte * 8 + 31 - Math.clz32(bits & -bits);
          lines += `${prefix}${String(ending).padStart(4, '0')}\n`;
        }
      }
      yield lines;
    }
  }
}

const VERSION_AT = Date.UTC(2026, 10, 20);

/** Opens a snapshot on this machine: its segments are read when they are first asked for. */
export async function openSnapshot(
  path: string,
): Promise<{ registry: SnapshotMembership; groups: readonly string[]; file: FileHandle }> {
  const file = await open(path);
  const snapshot = await Snapshot.open(async (from, bytes) => {
    const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, from);
    return buffer.subarray(0, bytesRead);
  });
  const version = {
    registry: 'us-national',
    versionAt: VERSION_AT,
    accessedAt: VERSION_AT,
    areaCodes: 'ALL' as const,
    numbers: 0,
    snapshotKey: path,
    snapshotSha256: '0'.repeat(64),
  };
  return { registry: new SnapshotMembership(version, snapshot), groups: snapshot.groups(), file };
}

/** An area code of the generated registry. */
export function someAreaCode(random: Random): number {
  return random.pick(US_AREA_CODES);
}
