import type { Token } from './contact-point/token.ts';
import type { RecordedAnswer } from './decision/answer.ts';
import type { Entry } from './log/entry.ts';
import type { RegistryFact } from './policy/rules/context.ts';
import type { RegistryVersion } from './registry/version.ts';
import type { ContactPointState } from './state/state.ts';

/** A contact point as read: `version` 0 means that nothing was ever stored. */
export type ContactPoint = {
  readonly token: Token;
  readonly version: number;
  readonly state: ContactPointState;
  /** Entries that wait for the log. */
  readonly pendingCount: number;
  /** Their size together. */
  readonly pendingBytes: number;
  /** Whether the clear value is kept as ciphertext, for the diallers that must be told it. */
  readonly sealed: boolean;
  /** Answers given to recent requests that carried a request id, by the hash of that id. */
  readonly answers: Readonly<Record<string, RecordedAnswer>>;
};

/** A clear value under its own data key, and that key under the key-encryption key. */
export type Sealed = { readonly ciphertext: Uint8Array; readonly wrappedKey: Uint8Array };

/** A change of one contact point together with the entry that records it: both are written, or neither. */
export type Change = {
  readonly from: ContactPoint;
  readonly state: ContactPointState;
  readonly entry?: Entry;
  readonly answer?: { readonly requestKey: string; readonly answer: RecordedAnswer };
  readonly sealed?: Sealed;
  /** Removes what is sealed together with its data key. */
  readonly destroyKey?: true;
  /** For how long attempts count, milliseconds, where the change counts one. */
  readonly countForMs?: number;
  /** Epoch milliseconds. */
  readonly now: number;
};

export interface ContactPoints {
  /** Strongly consistent; one contact point per token, in order. */
  read(tokens: readonly Token[], options?: CallOptions): Promise<readonly ContactPoint[]>;
  /** Writes unless the contact point was changed since it was read. */
  commit(change: Change, options?: CallOptions): Promise<'COMMITTED' | 'CONFLICT'>;
  /**
   * Reads, lets `decide` say what changes (undefined: nothing), writes, and starts over when another writer was faster.
   *
   * @returns the contact point as it stood when the change was written, or when there was nothing to change.
   * @throws ComplianceError WRITE_CONTENTION when others were faster every time.
   */
  change(
    token: Token,
    decide: (from: ContactPoint) => Omit<Change, 'from'> | undefined,
  ): Promise<ContactPoint>;
  /** Records an entry that belongs to no contact point. A second record of the same entry changes nothing. */
  record(entry: Entry, now: number, options?: CallOptions): Promise<void>;
}

export type RegistryQuestion = { readonly registry: string; readonly e164: string };

export interface DecisionFacts {
  /**
   * Everything that a decision needs, in one round trip: contact points strongly consistent, registry blocks
   * eventually. `registries[i]` answers `questions[i]`; undefined where no version of that registry is loaded.
   */
  readForDecision(
    tokens: readonly Token[],
    questions: readonly RegistryQuestion[],
    options?: CallOptions,
  ): Promise<{
    readonly contactPoints: readonly ContactPoint[];
    readonly registries: readonly (RegistryFact | undefined)[];
  }>;
}

export interface LegalAlerts {
  /** Tells Legal that somebody tried to reach a contact point under litigation hold. */
  attemptBlocked(
    alert: { readonly decisionId: string; readonly at: string; readonly campaignId?: string | undefined },
    options?: CallOptions,
  ): Promise<void>;
}

export type CallOptions = { readonly abortSignal?: AbortSignal };

/** Which of some numbers are on one version of a registry. */
export interface RegistryMembership {
  readonly version: RegistryVersion;
  /** In order. */
  listed(e164s: readonly string[]): Promise<readonly boolean[]>;
  /**
   * The listed numbers that share their first four digits (in the North American plan, `1` and the area code), for
   * many questions in a tight loop. Read once, verified, and kept: about 1 MB where all of an area code is listed.
   *
   * @param group - of `groupOf` or `groupOfNumber`; a group without numbers is an empty segment.
   */
  segment(group: string): Promise<RegistrySegment>;
}

/** Numbers here are integers: the digits of E.164 without the plus, 12125550100. */
export interface RegistrySegment {
  has(number: number): boolean;
  /** Sets `out[i]` to 1 where `numbers[i]` is listed, else to 0; returns how many are. */
  probe(numbers: ArrayLike<number>, out: Uint8Array): number;
}

/** Immutable snapshots of registry versions. */
export interface RegistrySnapshots {
  /** The version in use; undefined if none was ever imported. */
  current(registry: string): Promise<RegistryVersion | undefined>;
  /** Opens the snapshot of a version; its parts are read when they are asked for. */
  open(version: RegistryVersion): Promise<RegistryMembership>;
}
