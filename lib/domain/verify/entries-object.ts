import { hash } from 'node:crypto';
import * as z from 'zod';
import { HASH_BYTES } from './hash-tree.ts';

const LINE_FEED = 0x0a;
const LEAF = 0;
const ZERO = 0x30;
const INDEX_MEMBER = '"index":';
const POLICY_MEMBER = '"policy":{"hash":"';
const KIND_MEMBER = '"kind":';
const SCRUB = '"scrub"';
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
  const members = new Members(characters);
  let hashes = Buffer.allocUnsafe(1024 * HASH_BYTES);
  let count = 0;
  let saysFirst = Number.NaN;
  let wrongIndexAt = -1;
  for (let from = 0; from < text.length; count += 1) {
    const end = characters.indexOf('\n', from);
    work[from] = LEAF;
    if ((count + 1) * HASH_BYTES > hashes.length) hashes = Buffer.concat([hashes, hashes]);
    // A hash as a latin1 string costs half of what a buffer costs.
    const leaf = hash('sha256', work.subarray(from, end + 1), 'binary');
    hashes.write(leaf, count * HASH_BYTES, HASH_BYTES, 'latin1');
    const index = members.read(from, end);
    if (count === 0) saysFirst = index;
    if (wrongIndexAt === -1 && index !== first + count) wrongIndexAt = first + count;
    from = end + 1;
  }
  const { policies, scrubs } = members;
  const oldestAt = timeOf(text.toString('utf8', 0, text.indexOf(LINE_FEED)));
  return {
    ...{ count, hashes: hashes.subarray(0, count * HASH_BYTES) },
    ...{ oldestAt, saysFirst, wrongIndexAt, policies, scrubs },
  };
}

/** Finds members in lines, each search beginning where the last one ended: canonical members stand in order. */
class Members {
  readonly policies = new Set<string>();
  readonly scrubs: string[] = [];
  readonly #characters: string;
  /** Where each member was found last, so that one that many lines lack is not looked for again and again. */
  readonly #found = new Map<string, number>();
  #policy = '';

  constructor(characters: string) {
    this.#characters = characters;
  }

  /** The line's `index`, NaN if it has none; and keeps what the line names. */
  read(from: number, end: number): number {
    const at = this.#after(INDEX_MEMBER, from, end);
    if (at === -1) return Number.NaN;
    const [index, next] = this.#number(at);
    const kind = this.#after(KIND_MEMBER, next, end);
    if (kind === -1) return index;
    if (this.#characters.startsWith(SCRUB, kind)) {
      this.scrubs.push(Buffer.from(this.#characters.slice(from, end), 'latin1').toString());
    }
    const policy = this.#after(POLICY_MEMBER, kind, end);
    if (policy !== -1 && (this.#policy === '' || !this.#characters.startsWith(this.#policy, policy))) {
      this.#policy = this.#characters.slice(policy, policy + HASH_DIGITS);
      this.policies.add(this.#policy);
    }
    return index;
  }

  /** Where a member's value begins; -1 if the line has no such member from there on. */
  #after(member: string, from: number, end: number): number {
    let at = this.#found.get(member) ?? -1;
    if (at < from) {
      const next = this.#characters.indexOf(member, from);
      at = next === -1 ? this.#characters.length : next;
      this.#found.set(member, at);
    }
    return at >= end ? -1 : at + member.length;
  }

  /** The number at a place, NaN if there is none, and where it ends. */
  #number(from: number): readonly [number, number] {
    let number = 0;
    let at = from;
    for (;;) {
      const digit = this.#characters.charCodeAt(at) - ZERO;
      if (!(digit >= 0 && digit <= 9)) return [at === from ? Number.NaN : number, at];
      number = number * 10 + digit;
      at += 1;
    }
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
