import * as z from 'zod';
import { joinedBytes } from '../bytes.ts';
import { sha256Hex } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { Sha256Hex } from '../vocabulary.ts';
import { type Block, placeOf } from './block.ts';
import { RegistryVersion } from './version.ts';

// A snapshot is one immutable file: a line of JSON (the head), a line of JSON (the directory), then one segment after
// the other. A segment holds every block whose numbers share their first four digits (in the North American plan, one
// area code), so that one range read loads it: a line `rest:bytes,...` with what follows those four digits in each
// block's prefix and the block's size, then the blocks. The head names the directory's hash, the directory each
// segment's, so a part that was read alone is verified too.

const GROUP_DIGITS = 4;
const LINE_FEED = 0x0a;

export const SnapshotHead = RegistryVersion.pick({
  registry: true,
  versionAt: true,
  areaCodes: true,
  numbers: true,
}).extend({
  format: z.literal('dialguard-registry/1'),
  blocks: z.number().int().positive(),
  /** With its line feed. */
  directoryBytes: z.number().int().positive(),
  directorySha256: Sha256Hex,
});
export type SnapshotHead = z.infer<typeof SnapshotHead>;

export const SegmentPlace = z.object({
  group: z.string().regex(/^\d{3,4}$/),
  /** Counted from the byte after the directory. */
  offset: z.number().int().nonnegative(),
  bytes: z.number().int().positive(),
  sha256: Sha256Hex,
});
export type SegmentPlace = z.infer<typeof SegmentPlace>;
const Directory = z.array(SegmentPlace).min(1);

/** What follows the group's digits in a block's prefix -> the block. */
export type Segment = ReadonlyMap<string, Block>;

export type SnapshotIndex = {
  readonly head: SnapshotHead;
  readonly segments: ReadonlyMap<string, SegmentPlace>;
  /** Position of the first segment in the file. */
  readonly segmentsAt: number;
};

/** The segment and the place in it where a number's block is looked for. */
export function groupOf(e164: string): {
  readonly group: string;
  readonly rest: string;
  readonly ending: number;
} {
  const { prefix, ending } = placeOf(e164);
  return { group: prefix.slice(0, GROUP_DIGITS), rest: prefix.slice(GROUP_DIGITS), ending };
}

export function encodeSegment(blocks: Segment): Uint8Array {
  const sorted = [...blocks].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const table = sorted.map(([rest, block]) => `${rest}:${block.length}`).join(',');
  return joinedBytes([ascii(`${table}\n`), ...sorted.map(([, block]) => block)]);
}

/**
 * Reads a segment that was read alone.
 *
 * @throws ComplianceError BAD_SNAPSHOT if the bytes are not the ones that the directory names.
 */
export function decodeSegment(bytes: Uint8Array, place: SegmentPlace): Segment {
  if (bytes.length !== place.bytes || sha256Hex(bytes) !== place.sha256) throw badSnapshot('segment');
  const tableEnd = bytes.indexOf(LINE_FEED);
  let at = tableEnd + 1;
  const entries = text(bytes.subarray(0, tableEnd)).split(',');
  return new Map(
    entries.map((entry) => {
      const [rest = '', size] = entry.split(':');
      const start = at;
      at += Number(size);
      return [rest, bytes.subarray(start, at)];
    }),
  );
}

/** Everything that comes before the segments. */
export function encodeIndex(
  about: Omit<SnapshotHead, 'format' | 'directoryBytes' | 'directorySha256'>,
  segments: readonly SegmentPlace[],
): Uint8Array {
  const directory = ascii(`${JSON.stringify(segments)}\n`);
  const head: SnapshotHead = {
    format: 'dialguard-registry/1',
    ...about,
    directoryBytes: directory.length,
    directorySha256: sha256Hex(directory),
  };
  return joinedBytes([ascii(`${JSON.stringify(head)}\n`), directory]);
}

/**
 * Reads the index from a file's first bytes; a number instead says how many of them are needed.
 *
 * @throws ComplianceError BAD_SNAPSHOT if they are not those of a snapshot.
 */
export function decodeIndex(start: Uint8Array): SnapshotIndex | { readonly bytesNeeded: number } {
  const headEnd = start.indexOf(LINE_FEED);
  const head = SnapshotHead.safeParse(parseJson(start.subarray(0, Math.max(headEnd, 0))));
  if (!head.success) throw badSnapshot('head');
  const segmentsAt = headEnd + 1 + head.data.directoryBytes;
  if (start.length < segmentsAt) return { bytesNeeded: segmentsAt };
  const bytes = start.subarray(headEnd + 1, segmentsAt);
  if (sha256Hex(bytes) !== head.data.directorySha256) throw badSnapshot('directory');
  const places = Directory.parse(parseJson(bytes));
  return {
    head: head.data,
    segments: new Map(places.map((place) => [place.group, place])),
    segmentsAt,
  };
}

function badSnapshot(part: string): ComplianceError {
  return new ComplianceError({
    code: 'BAD_SNAPSHOT',
    message: `expected a registry snapshot, but its ${part} is not what was written`,
  });
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(text(bytes));
  } catch {
    return undefined;
  }
}

function ascii(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
