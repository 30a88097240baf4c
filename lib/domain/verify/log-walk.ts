import type { Checkpoint } from './checkpoint.ts';
import type { CheckpointChecks } from './checkpoint-checks.ts';
import { diffEntries } from './diff-entries.ts';
import { arbitrate, type Candidates, candidatesOf, HourChecks, type ScannedRow } from './entries-checks.ts';
import type { Finding } from './findings.ts';
import { HASH_BYTES, type HashTree } from './hash-tree.ts';
import type { CheckpointRow, EntriesRow, Inventory } from './inventory.ts';
import { checkpointKey, entriesKey } from './object-name.ts';
import { readAhead } from './read-ahead.ts';
import type { StoredLog } from './stored-log.ts';
import { TileChecks } from './tile-checks.ts';

const OBJECTS_AHEAD = 3;
const CHECKPOINTS_AHEAD = 16;
/** How many missing entries are bridged at a time. */
const GAP_LEAVES = 16_384;

export type LogWalkDeps = {
  readonly log: StoredLog;
  readonly inventory: Inventory;
  readonly checkpoints: CheckpointChecks;
  /** The size of the newest checkpoint that the log's key signed. */
  readonly signedSize: number;
  /** A checkpoint that was kept elsewhere, and what to call it. */
  readonly trusted: { readonly name: string; readonly checkpoint: Checkpoint } | undefined;
  /** The tree to begin with: empty, or that of a checkpoint. */
  readonly start: HashTree;
  readonly report: (finding: Finding) => void;
  /** Called now and then with how many entries were gone through. */
  readonly onProgress: (size: number) => void;
  /** Called with the objects that entries name. */
  readonly onNamed: (named: Pick<NonNullable<ScannedRow['scanned']>, 'policies' | 'scrubs'>) => void;
};

/** Goes through the log in its order: entries into a tree, the tree against tiles and checkpoints. */
export class LogWalk {
  readonly #deps: LogWalkDeps;
  readonly #tiles: TileChecks;
  readonly #hours: HourChecks;
  readonly #notes: AsyncIterator<{ row: CheckpointRow; note: Buffer | undefined }>;
  readonly #rows: readonly CheckpointRow[];
  readonly #startSize: number;
  #nextRow = 0;
  /** Whether the tree has leaves that neither entries nor tiles gave. */
  #blind = false;
  #tree: HashTree;
  #wrongIndex: Finding | undefined;
  #lastGood: { readonly size: number; readonly time: number } | undefined;
  #firstUnsigned: EntriesRow | undefined;

  constructor(deps: LogWalkDeps) {
    const { inventory, log, report, signedSize, start } = deps;
    this.#deps = deps;
    this.#tree = start;
    this.#startSize = start.size;
    this.#tiles = new TileChecks({ log, ends: inventory.tileEnds, signedSize, report }, start.size);
    this.#hours = new HourChecks(report);
    this.#rows = inventory.checkpoints.filter(({ size }) => size >= start.size);
    this.#notes = readAhead(
      this.#rows,
      async (row) => ({ row, note: await log.read(checkpointKey(row)) }),
      CHECKPOINTS_AHEAD,
    );
  }

  /** How far the entries reach. */
  get size(): number {
    return this.#tree.size;
  }

  /** The last checkpoint that holds. */
  get lastGood(): { readonly size: number; readonly time: number } | undefined {
    return this.#lastGood;
  }

  /** The first object with entries that no checkpoint covers. */
  get firstUnsigned(): EntriesRow | undefined {
    return this.#firstUnsigned;
  }

  async run(): Promise<void> {
    const { inventory, log, signedSize } = this.#deps;
    await this.#stop();
    const rows = inventory.entries.filter(({ first }) => first >= this.#startSize);
    const scanned = readAhead(
      candidatesOf(rows, signedSize),
      async (candidates) => ({
        candidates,
        scannedRows: await Promise.all(
          candidates.rows.map(async (row) => ({ row, scanned: await log.entries(row) })),
        ),
      }),
      OBJECTS_AHEAD,
    );
    for await (const { candidates, scannedRows } of scanned) {
      await this.#object(candidates, scannedRows);
      this.#deps.onProgress(this.#tree.size);
    }
    await this.#fillGap(signedSize);
    await this.#finish();
  }

  async #object({ end }: Candidates, scannedRows: readonly ScannedRow[]): Promise<void> {
    const [only] = scannedRows;
    if (only === undefined) return;
    const { first } = only.row;
    if (first > this.#tree.size) await this.#fillGap(Math.min(first, this.#deps.signedSize));
    if (first !== this.#tree.size) {
      for (const stray of scannedRows) this.#stray(stray);
    } else if (scannedRows.length === 1 && endsAt(only) === (end ?? endsAt(only)) && only.scanned) {
      await this.#take(only, only.scanned.hashes);
    } else {
      await this.#arbitrate(end, scannedRows);
    }
  }

  /** Several objects begin here, or the one that does is not as long as it must be: the tiles say what was logged. */
  async #arbitrate(end: number | undefined, scannedRows: readonly ScannedRow[]): Promise<void> {
    const isBoundary = (size: number): boolean => this.#rows.some((checkpoint) => checkpoint.size === size);
    const { chosen, leaves, difference } = await arbitrate(this.#deps.log, { scannedRows, end, isBoundary });
    for (const [at, other] of scannedRows.entries()) {
      const isMoved = (other.scanned?.saysFirst ?? other.row.first) < other.row.first;
      if (at !== chosen || (difference !== undefined && isMoved)) this.#stray(other);
      else if (difference !== undefined) this.#report({ ...difference, key: entriesKey(other.row) });
    }
    const taken = scannedRows[chosen];
    if (taken !== undefined && leaves !== undefined) await this.#take(taken, leaves);
  }

  async #take({ row, scanned }: ScannedRow, leaves: Buffer): Promise<void> {
    if (scanned !== undefined) {
      this.#hours.check(row, scanned.oldestAt);
      this.#deps.onNamed(scanned);
      if (scanned.wrongIndexAt !== -1) {
        this.#wrongIndex ??= { code: 'INDEX_WRONG', key: entriesKey(row), index: scanned.wrongIndexAt };
      }
    }
    await this.#append(leaves);
    if (this.#tree.size > this.#deps.signedSize) this.#firstUnsigned ??= row;
  }

  /** Appends leaf hashes, and stops wherever something is to be compared. */
  async #append(leaves: Buffer): Promise<void> {
    for (let at = 0; at < leaves.length; ) {
      const room = Math.min(this.#tree.room, this.#nextStop() - this.#tree.size);
      const part = leaves.subarray(at, at + room * HASH_BYTES);
      const full: (() => Promise<void>)[] = [];
      this.#tree.append(part, (tile, hashes) => {
        const copy = Buffer.from(hashes);
        full.push(() => this.#tiles.full(tile, copy));
      });
      for (const compare of full) await compare();
      at += part.length;
      if (this.#tree.size === this.#nextStop()) await this.#stop();
    }
  }

  #nextStop(): number {
    const trusted = this.#deps.trusted?.checkpoint.size ?? 0;
    return Math.min(
      this.#tiles.nextStop(),
      this.#rows[this.#nextRow]?.size ?? Number.POSITIVE_INFINITY,
      trusted > this.#tree.size ? trusted : Number.POSITIVE_INFINITY,
    );
  }

  async #stop(): Promise<void> {
    await this.#tiles.partial(this.#tree);
    const { trusted } = this.#deps;
    if (trusted?.checkpoint.size === this.#tree.size && !trusted.checkpoint.root.equals(this.#tree.root())) {
      this.#report({ code: 'FORK', key: trusted.name, index: this.#tree.size });
    }
    while (this.#rows[this.#nextRow]?.size === this.#tree.size) await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    this.#nextRow += 1;
    const { value, done } = await this.#notes.next();
    if (done === true || value.note === undefined) return;
    const checkpoint = this.#deps.checkpoints.open(value.row, value.note);
    if (checkpoint === undefined) return;
    if (checkpoint.root.equals(this.#tree.root())) this.#good(checkpoint);
    else await this.#investigate(checkpoint, checkpointKey(value.row));
  }

  #good({ size, time }: Checkpoint): void {
    if (this.#wrongIndex !== undefined) this.#report(this.#wrongIndex);
    this.#wrongIndex = undefined;
    this.#tiles.verified(size);
    this.#tiles.requireEdge(size);
    this.#lastGood = { size, time };
  }

  /** The entries do not give the root that was signed: they are wrong, or the tiles too, or there are two histories. */
  async #investigate(checkpoint: Checkpoint, key: string): Promise<void> {
    this.#wrongIndex = undefined;
    const tilesDiffer = await this.#tiles.takeSuspects();
    const tree = await this.#deps.log.tree(checkpoint.size);
    if (tree === undefined || !tree.root().equals(checkpoint.root)) {
      const code = tilesDiffer || this.#blind ? 'ROOT_MISMATCH' : 'FORK';
      this.#report({ code, key, index: checkpoint.size });
      return;
    }
    const found = await this.#findWrongEntries(this.#lastGood?.size ?? this.#startSize, checkpoint.size);
    if (!found && !this.#blind) this.#report({ code: 'ROOT_MISMATCH', key, index: checkpoint.size });
    this.#blind = false;
    this.#tree = tree;
    this.#good(checkpoint);
  }

  /** Compares the entries with the level-0 tiles, which are known to be right. */
  async #findWrongEntries(from: number, to: number): Promise<boolean> {
    const { inventory, log } = this.#deps;
    let found = false;
    for (const row of inventory.entries.filter(({ first }) => first >= from && first < to)) {
      const scanned = await log.entries(row);
      const logged = scanned && (await log.leaves(row.first, row.first + scanned.count));
      const difference = logged && scanned && diffEntries(row.first, scanned.hashes, logged);
      if (difference !== undefined) this.#report({ ...difference, key: entriesKey(row) });
      found ||= difference !== undefined;
    }
    return found;
  }

  /** Entries that no object has: reported, and their hashes taken from the tiles. */
  async #fillGap(to: number): Promise<void> {
    const from = this.#tree.size;
    if (from >= to) return;
    const detail = `entries ${from} to ${to - 1} are in no object`;
    this.#report({
      code: 'OBJECT_MISSING',
      key: `entries/*/${String(from).padStart(12, '0')}.ndjson.gz`,
      index: from,
      detail,
    });
    for (let at = from; at < to; at = this.#tree.size) {
      const until = Math.min(to, at + GAP_LEAVES);
      const leaves = await this.#deps.log.leaves(at, until);
      // Without tiles as well nothing is known up to the next checkpoint whose tiles are there.
      this.#blind ||= leaves === undefined;
      await this.#append(leaves ?? Buffer.alloc((until - at) * HASH_BYTES));
    }
  }

  #stray({ row, scanned }: ScannedRow): void {
    const moved = scanned !== undefined && scanned.saysFirst !== row.first;
    this.#report({ code: moved ? 'KEY_MOVED' : 'STRAY_OBJECT', key: entriesKey(row), index: row.first });
  }

  async #finish(): Promise<void> {
    for (; this.#nextRow < this.#rows.length; this.#nextRow += 1) {
      const { value, done } = await this.#notes.next();
      if (done !== true && value.note !== undefined) this.#deps.checkpoints.open(value.row, value.note);
    }
    await this.#tiles.finish();
  }

  #report(finding: Finding): void {
    this.#deps.report(finding);
  }
}

function endsAt({ row, scanned }: ScannedRow): number {
  return row.first + (scanned?.count ?? 0);
}
