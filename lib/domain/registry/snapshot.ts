import * as z from 'zod';
import { joinedBytes } from '../bytes.ts';
import { sha256Hex } from '../canonical-json.ts';
import { ComplianceError } from '../errors.ts';
import { parsedJson } from '../json.ts';
import { Sha256Hex } from '../vocabulary.ts';
import { Segment } from './segment.ts';
import { RegistryVersion } from './version.ts';

// A snapshot is one immutable file: a line of JSON (the head), a line of JSON (the directory), then one segment after
// the other. A segment holds every block whose numbers share their first four digits (in the North American plan, one
// area code), so that one range read loads it: a line `rest:bytes,...` with what follows those four digits in each
// block's prefix and the block's size, then the blocks. The head names the directory's hash, the directory each
// segment's, so a part that was read alone is verified too.

/** Holds the index of the largest registry whole, so that opening a snapshot is one read. */
const FIRST_READ_BYTES = 128 * 1024;
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

/** Reads that many bytes of a file, fewer where it ends before. */
export type ReadRange = (from: number, bytes: number) => Promise<Uint8Array>;

/** A snapshot of which the index is loaded. */
export class Snapshot {
  readonly head: SnapshotHead;
  readonly #read: ReadRange;
  readonly #places: ReadonlyMap<string, SegmentPlace>;
  /** Position of the first segment in the file. */
  readonly #segmentsAt: number;

  private constructor(read: ReadRange, index: SnapshotIndex) {
    this.head = index.head;
    this.#read = read;
    this.#places = new Map(index.places.map((place) => [place.group, place]));
    this.#segmentsAt = index.segmentsAt;
  }

  /**
   * Loads the index.
   *
   * @throws ComplianceError BAD_SNAPSHOT if the bytes are not those of a snapshot.
   */
  static async open(read: ReadRange): Promise<Snapshot> {
    let index = decodeIndex(await read(0, FIRST_READ_BYTES));
    if ('bytesNeeded' in index) index = decodeIndex(await read(0, index.bytesNeeded));
    if ('bytesNeeded' in index) throw badSnapshot('directory');
    return new Snapshot(read, index);
  }

  /** The first four digits of the numbers of each segment, ascending. */
  groups(): readonly string[] {
    return [...this.#places.keys()];
  }

  /**
   * Reads one segment, without keeping it; an empty one where the snapshot has none.
   *
   * @throws ComplianceError BAD_SNAPSHOT if its bytes are not the ones that were written.
   */
  async segment(group: string): Promise<Segment> {
    const place = this.#places.get(group);
    if (place === undefined) return Segment.empty(group);
    return Segment.decode(await this.#read(this.#segmentsAt + place.offset, place.bytes), place);
  }
}

/** Everything that comes before the segments. */
export function encodeIndex(
  about: Omit<SnapshotHead, 'format' | 'directoryBytes' | 'directorySha256'>,
  places: readonly SegmentPlace[],
): Uint8Array {
  const directory = ascii(`${JSON.stringify(places)}\n`);
  const head: SnapshotHead = {
    format: 'dialguard-registry/1',
    ...about,
    directoryBytes: directory.length,
    directorySha256: sha256Hex(directory),
  };
  return joinedBytes([ascii(`${JSON.stringify(head)}\n`), directory]);
}

type SnapshotIndex = {
  readonly head: SnapshotHead;
  readonly places: readonly SegmentPlace[];
  readonly segmentsAt: number;
};

/** Reads the index from a file's first bytes; a number instead says how many of them are needed. */
function decodeIndex(start: Uint8Array): SnapshotIndex | { readonly bytesNeeded: number } {
  const headEnd = start.indexOf(LINE_FEED);
  const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const head = SnapshotHead.safeParse(parsedJson(textOf(start.subarray(0, Math.max(headEnd, 0)))));
  if (!head.success) throw badSnapshot('head');
  const segmentsAt = headEnd + 1 + head.data.directoryBytes;
  if (start.length < segmentsAt) return { bytesNeeded: segmentsAt };
  const bytes = start.subarray(headEnd + 1, segmentsAt);
  if (sha256Hex(bytes) !== head.data.directorySha256) throw badSnapshot('directory');
  return { head: head.data, places: Directory.parse(parsedJson(textOf(bytes))), segmentsAt };
}

function badSnapshot(part: string): ComplianceError {
  return new ComplianceError({
    code: 'BAD_SNAPSHOT',
    message: `expected a registry snapshot, but its ${part} is not what was written`,
  });
}

function ascii(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
