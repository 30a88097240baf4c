/** What verification can find, and the sentence for it. Codes are stable. */
export const FINDINGS = {
  BYTES_CHANGED: 'the bytes are not those that were stored',
  UNREADABLE: 'the object is not what its key says: it cannot be read',
  OBJECT_MISSING: 'the object is not there',
  STRAY_OBJECT: 'the log has no such object: somebody else wrote it',
  KEY_MOVED: 'the object lies under another key than it was written under',
  ENTRY_CHANGED: 'an entry is not the one that was logged',
  ENTRY_DELETED: 'an entry was taken out',
  ENTRY_INSERTED: 'an entry was put in',
  ENTRY_DUPLICATED: 'an entry stands there twice',
  ENTRIES_SWAPPED: 'two entries changed places',
  INDEX_WRONG: "an entry's index is not its place in the log",
  TILE_CHANGED: 'the tile does not hold the hashes of the entries',
  SIGNATURE_INVALID: "the log's key did not sign this checkpoint",
  OTHER_KEY:
    "another key than the log's signed this: the log was made anew from some entry on, or the key was changed",
  FORK: 'two signed checkpoints contradict each other: the log was told in two ways',
  ROOT_MISMATCH: 'neither the entries nor the tiles give the root that was signed',
  TAIL_CUT: 'the log is shorter than a checkpoint that was kept elsewhere says',
  UNSIGNED_TAIL: 'entries wait for a signed checkpoint for more than ten minutes',
  NEW_VERSION: 'a newer version lies on top of the one that was logged',
  DELETE_MARKER: 'a delete marker hides the object',
  LOCK_MISSING: 'the version is not locked',
  LOCK_WEAKER: 'the version is locked in a weaker mode',
  RETENTION_SHORT: 'the lock ends too early',
  POINTER_BACKWARDS: 'the pointer went back to an older checkpoint',
  POINTER_STALE: 'the pointer is behind the newest checkpoint',
  TIME_BACKWARDS: 'a checkpoint is older than the one before it',
} as const;

export type FindingCode = keyof typeof FINDINGS;

/** One thing that is not as it must be: what, where, and since when at the earliest. */
export type Finding = {
  readonly code: FindingCode;
  readonly key: string;
  readonly versionId?: string;
  /** Of the first entry that it is about. */
  readonly index?: number;
  readonly detail?: string;
  /** The last checkpoint before it that holds: until its time (ISO 8601) everything up to its size was whole. */
  readonly lastGood?: { readonly size: number; readonly time: string };
};

/** Something to know that is not wrong. */
export type Notice = { readonly code: 'SILENT_HOURS' | 'UNSIGNED_ENTRIES'; readonly detail: string };

const MOST_KEPT = 1000;

/** Collects what is found: counts all, keeps the first thousand, and says of each which checkpoint last held before it. */
export class Findings {
  readonly #kept: Finding[] = [];
  readonly #counts: Partial<Record<FindingCode, number>> = {};
  readonly #onFinding: ((finding: Finding) => void) | undefined;
  #lastGood: () => { readonly size: number; readonly time: number } | undefined = () => undefined;

  constructor(onFinding?: (finding: Finding) => void) {
    this.#onFinding = onFinding;
  }

  /** From now on what is found came after this checkpoint. */
  follow(lastGood: () => { readonly size: number; readonly time: number } | undefined): void {
    this.#lastGood = lastGood;
  }

  readonly add = (finding: Finding): void => {
    const good = this.#lastGood();
    const since =
      good === undefined ? {} : { lastGood: { size: good.size, time: new Date(good.time).toISOString() } };
    const whole = { ...finding, ...since };
    this.#counts[finding.code] = (this.#counts[finding.code] ?? 0) + 1;
    if (this.#kept.length < MOST_KEPT) this.#kept.push(whole);
    this.#onFinding?.(whole);
  };

  all(): {
    readonly findings: readonly Finding[];
    readonly counts: Readonly<Partial<Record<FindingCode, number>>>;
  } {
    return { findings: this.#kept, counts: this.#counts };
  }
}
