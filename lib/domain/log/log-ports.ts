import type { BatchLimit } from './batch.ts';
import type { Batch, LogHead } from './head.ts';
import type { PendingEntry, PendingPlace } from './pending.ts';

/** The head of the log. Every method but `acquire` throws ComplianceError FENCED once another writer has taken over. */
export interface LogHeads {
  /** Becomes the one writer until `leaseUntil` (epoch milliseconds); undefined while another one's lease holds. */
  acquire(lease: {
    readonly owner: string;
    readonly now: number;
    readonly leaseUntil: number;
  }): Promise<LogHead | undefined>;
  /** Fixes the key of the next entries object. */
  intend(fence: number, batch: Extract<Batch, { state: 'INTENDED' }>): Promise<void>;
  /** Counts the entries of an object that is written, and leaves the batch to be cleared. */
  commit(fence: number, batch: Extract<Batch, { state: 'COMMITTED' }>): Promise<void>;
  /** Ends the batch: its entries wait nowhere any more. */
  finish(fence: number): Promise<void>;
  /**
   * Gives the lease back before it lapses, and says until when (epoch milliseconds) everything that was recorded is in
   * the log and under a checkpoint, if that is known.
   */
  release(fence: number, loggedUntil?: number): Promise<void>;
}

export type Collected = {
  readonly entries: readonly PendingEntry[];
  /** How many things wait that are no entries. */
  readonly unreadable: number;
};

export interface PendingEntries {
  /**
   * What waits for the log, the longest waiting first, until there is enough of it or no more. Found through an index
   * that may lag, but read strongly consistent: what was cleared before the call is not in it.
   */
  collect(enough: BatchLimit): Promise<Collected>;
  /** What waits on one item. */
  collectAt(home: string): Promise<Collected>;
  /** Removes entries from where they wait; those that are gone already are no error. */
  clear(places: readonly PendingPlace[]): Promise<void>;
}

export type LogObject = { readonly text: string; readonly sha256: string };

export interface LogObjects {
  /**
   * Writes `text` unless the key is taken, and returns what is there: the first writer's text, whoever asks. Every
   * later call with the same key gives the same object.
   */
  settle(key: string, text: string): Promise<LogObject>;
  read(key: string): Promise<LogObject>;
  /** Every line of the log in order, from the object on that can hold an entry made at `since` (epoch milliseconds). */
  lines(since?: number): AsyncIterable<string>;
  /** The same, an object's text at a time. */
  texts(since?: number): AsyncIterable<string>;
  /**
   * Every entries object in order, from the one that begins at the index `first`, which was begun at `since` (epoch
   * milliseconds) or later, or not long before.
   */
  objectsFrom(first: number, since: number): AsyncIterable<{ readonly first: number; readonly text: string }>;
}

export type Pointer = {
  /** The signed note that it holds. */
  readonly note: string;
  /** Names this state of the pointer. */
  readonly etag: string;
};

/** The tree over the log's entries: tiles, checkpoints and the key, each written once, and the pointer. */
export interface TreeObjects {
  /** Writes bytes unless the key is taken, and returns what is there: the first writer's, whoever asks. */
  settle(key: string, bytes: Uint8Array): Promise<Uint8Array>;
  read(key: string): Promise<Uint8Array>;
  /** The pointer to the newest checkpoint; undefined in a log that has none yet. */
  pointer(): Promise<Pointer | undefined>;
  /** Points to a note, unless the pointer is no longer as it was read. Pointing to the same note again is no change. */
  movePointer(note: string, from: Pointer | undefined): Promise<'MOVED' | 'OVERTAKEN'>;
}

/** The log's Ed25519 key (RFC 8032). Only the writer of the log can use it. */
export interface LogSigner {
  /** 32 bytes. */
  publicKey(): Promise<Uint8Array>;
  /** 64 bytes. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface LogProgress {
  /**
   * Whether all that was recorded before `moment` (epoch milliseconds) is known to be in the log and under a checkpoint.
   * False where it cannot be found out; never throws.
   */
  isLoggedUntil(moment: number): Promise<boolean>;
}

export type LegalAlert = {
  readonly decisionId: string;
  readonly at: string;
  readonly campaignId?: string | undefined;
};

/** Alerts to Legal that could not be sent with the decision. */
export interface LegalAlertOutbox {
  /** Keeps an alert until it is removed. A second call for the same decision changes nothing. */
  add(alert: LegalAlert): Promise<void>;
  waiting(): Promise<readonly LegalAlert[]>;
  remove(decisionId: string): Promise<void>;
}
