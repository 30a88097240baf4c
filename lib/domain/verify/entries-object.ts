import { hash } from 'node:crypto';
import * as z from 'zod';
import { HASH_BYTES } from './hash-tree.ts';

const LINE_FEED = 0x0a;
const LEAF = 0;
const ZERO = 0x30;
const INDEX_MEMBER = '"index":';
const POLICY_MEMBER = '"policy":{"hash":"';
const SCRUB_MEMBER = '"kind":"scrub"';
const HASH_DIGITS = 64;

/** What the lines of an entries object come to. */
export type ScannedEntries = {
  readonly count: number;
  /** The leaf hash of each line, 32 bytes each. */
  readonly hashes: Buffer;
  /** When the first of them was made, in epoch milliseconds; NaN if its line does not say. */
  readonly oldestAt: number;
  /** The index that the first line says; NaN if it says none. */
  readonly saysFirst: number;
  /** The first index whose line says another one; -1 if there is none. */
  readonly wrongIndexAt: number;
  /** Each policy that an entry names, by hash. */
  readonly policies: ReadonlySet<string>;
  /** The lines about scrubs, which name evidence. */
  readonly scrubs: readonly string[];
};

/**
 * Hashes the lines of an entries object, checks their indices and collects what other objects they name. Members are
 * found by their text: entries are canonical JSON, without spaces, and inside a string the quotes would be escaped.
 *
 * @param text - whole lines, each ended by a line feed; undefined is returned for anything else.
 */
export function scanEntries(text: Buffer, first: number): ScannedEntries | undefined {
  if (text.length === 0 || text[text.length - 1] !== LINE_FEED) return undefined;
  // RFC 6962 hashes 0x00 || line. The 0x00 takes the place of the line feed before, so that no line is copied.
  const work = Buffer.allocUnsafe(text.length + 1);
  work.set(text, 1);
  // Searching a string of one byte a character costs a fraction of searching a buffer.
  const characters = text.toString('latin1');
  const named = new NamedObjects(characters);
  let hashes = Buffer.allocUnsafe(1024 * HASH_BYTES);
  let count = 0;
  let wrongIndexAt = -1;
  for (let from = 0; from < text.length; count += 1) {
    const end = characters.indexOf('\n', from);
    work[from] = LEAF;
    if ((count + 1) * HASH_BYTES > hashes.length) hashes = Buffer.concat([hashes, hashes]);
    // A hash as a latin1 string costs half of what a buffer costs.
    const leaf = hash('sha256', work.subarray(from, end + 1), 'binary');
    hashes.write(leaf, count * HASH_BYTES, HASH_BYTES, 'latin1');
    if (wrongIndexAt === -1 && indexIn(characters, from, end) !== first + count) wrongIndexAt = first + count;
    from = end + 1;
  }
  return {
    count,
    hashes: hashes.subarray(0, count * HASH_BYTES),
    oldestAt: timeOf(text.toString('utf8', 0, text.indexOf(LINE_FEED))),
    saysFirst: indexIn(characters, 0, characters.indexOf('\n')),
    wrongIndexAt,
    ...named.found(),
  };
}

/** The line's member `index`; NaN if it has none. */
function indexIn(characters: string, from: number, end: number): number {
  const at = characters.indexOf(INDEX_MEMBER, from);
  if (at === -1 || at > end) return Number.NaN;
  let index = 0;
  let next = at + INDEX_MEMBER.length;
  let digit = characters.charCodeAt(next) - ZERO;
  while (digit >= 0 && digit <= 9) {
    index = index * 10 + digit;
    next += 1;
    digit = characters.charCodeAt(next) - ZERO;
  }
  return next === at + INDEX_MEMBER.length ? Number.NaN : index;
}

/** What entries name that lies in objects of its own. */
class NamedObjects {
  readonly #policies = new Set<string>();
  readonly #scrubs: string[] = [];

  constructor(characters: string) {
    let last = '';
    for (const at of positions(characters, POLICY_MEMBER)) {
      const from = at + POLICY_MEMBER.length;
      if (characters.startsWith(last, from) && last !== '') continue;
      last = characters.slice(from, from + HASH_DIGITS);
      this.#policies.add(last);
    }
    for (const at of positions(characters, SCRUB_MEMBER)) {
      const from = characters.lastIndexOf('\n', at) + 1;
      this.#scrubs.push(
        Buffer.from(characters.slice(from, characters.indexOf('\n', at)), 'latin1').toString(),
      );
    }
  }

  found(): Pick<ScannedEntries, 'policies' | 'scrubs'> {
    return { policies: this.#policies, scrubs: this.#scrubs };
  }
}

const Made = z.object({ at: z.iso.datetime() });

function timeOf(line: string): number {
  try {
    return Date.parse(Made.parse(JSON.parse(line)).at);
  } catch {
    return Number.NaN;
  }
}

function* positions(characters: string, text: string): Generator<number> {
  for (let at = characters.indexOf(text); at !== -1; at = characters.indexOf(text, at + text.length))
    yield at;
}
