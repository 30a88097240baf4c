import * as z from 'zod';
import { leafHash } from '../log/hashing.ts';
import { readHash } from './base64.ts';
import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { readVerifierKey, type VerifierKey } from './note.ts';
import { consistencyHolds, inclusionHolds } from './proofs.ts';

const ENTRY_FORMAT = 'dialguard.entry-proof/1';
const CONSISTENCY_FORMAT = 'dialguard.consistency-proof/1';
// https://c2sp.org/tlog-proof
const TLOG_PROOF = 'c2sp.org/tlog-proof@v1';
const INDEX_LINE = /^index (0|[1-9]\d{0,14})$/;

/** That an entry is in the log: all that is needed to check it. */
export const EntryProof = z.strictObject({
  format: z.literal(ENTRY_FORMAT),
  /** The line as it is logged, without its line feed. */
  entry: z.string(),
  /** A C2SP tlog-proof: index, hashes and the signed checkpoint. */
  proof: z.string(),
  /** The log's key, as the log has it: whoever checks should know it from elsewhere. */
  vkey: z.string(),
});
export type EntryProof = z.infer<typeof EntryProof>;

/** That one signed checkpoint continues another. */
export const ConsistencyProofFile = z.strictObject({
  format: z.literal(CONSISTENCY_FORMAT),
  older: z.string(),
  newer: z.string(),
  path: z.array(z.string()),
  vkey: z.string(),
});
export type ConsistencyProofFile = z.infer<typeof ConsistencyProofFile>;

const ProofFile = z.discriminatedUnion('format', [EntryProof, ConsistencyProofFile]);

/** What a proof file shows; otherwise the first thing that does not hold. */
export type CheckedProof =
  | {
      readonly holds: true;
      readonly kind: 'ENTRY';
      readonly entry: string;
      readonly index: number;
      readonly checkpoint: Checkpoint;
      readonly vkey: string;
    }
  | {
      readonly holds: true;
      readonly kind: 'CONSISTENCY';
      readonly older: Checkpoint;
      readonly newer: Checkpoint;
      readonly vkey: string;
    }
  | { readonly holds: false; readonly cause: string };

/** The text of a proof file for an entry. */
export function entryProofText(proof: {
  readonly entry: string;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
  readonly vkey: string;
}): string {
  const { entry, index, path, note, vkey } = proof;
  return textOf({ format: ENTRY_FORMAT, entry, proof: tlogProof({ index, path, note }), vkey });
}

/** The text of a proof file for two checkpoints. */
export function consistencyProofText(proof: {
  readonly older: string;
  readonly newer: string;
  readonly path: readonly Uint8Array[];
  readonly vkey: string;
}): string {
  const { older, newer, vkey } = proof;
  return textOf({ format: CONSISTENCY_FORMAT, older, newer, path: proof.path.map(base64), vkey });
}

/**
 * Checks a proof file with nothing but itself. Only the one spelling that we write is taken, so that no byte of the file
 * can be changed.
 *
 * @param pinned - the log's key, where it is known from elsewhere.
 */
export function checkProofFile(text: string, pinned?: VerifierKey): CheckedProof {
  const file = readProofFile(text);
  if (file === undefined) return { holds: false, cause: 'it is no proof file, or was written anew' };
  const key = readVerifierKey(file.vkey);
  if (key === undefined) return { holds: false, cause: 'its vkey is no verifier key' };
  if (pinned !== undefined && pinned.text !== key.text) {
    return { holds: false, cause: `another key signed it: expected ${pinned.text}, got ${key.text}` };
  }
  return file.format === ENTRY_FORMAT ? checkEntry(file, key) : checkConsistency(file, key);
}

function checkEntry({ entry, proof }: EntryProof, key: VerifierKey): CheckedProof {
  const parts = readTlogProof(proof);
  if (parts === undefined) return { holds: false, cause: 'its proof is no C2SP tlog-proof' };
  const opened = openCheckpoint(Buffer.from(parts.note), key);
  if (opened.state !== 'SIGNED') return { holds: false, cause: 'its checkpoint is not signed by its vkey' };
  const { checkpoint } = opened;
  const { index, path } = parts;
  const leaf = leafHash(entry);
  if (!inclusionHolds({ index, path, leafHash: leaf, size: checkpoint.size, root: checkpoint.root })) {
    return { holds: false, cause: 'its hashes do not lead from the entry to the signed root' };
  }
  return { holds: true, kind: 'ENTRY', entry, index, checkpoint, vkey: key.text };
}

function checkConsistency(file: ConsistencyProofFile, key: VerifierKey): CheckedProof {
  const older = openCheckpoint(Buffer.from(file.older), key);
  const newer = openCheckpoint(Buffer.from(file.newer), key);
  const path = file.path.flatMap((hash) => readHash(hash) ?? []);
  if (older.state !== 'SIGNED' || newer.state !== 'SIGNED') {
    return { holds: false, cause: 'a checkpoint is not signed by its vkey' };
  }
  const whole = path.length === file.path.length;
  if (!whole || !consistencyHolds({ first: older.checkpoint, second: newer.checkpoint, path })) {
    return { holds: false, cause: 'the newer checkpoint does not continue the older one' };
  }
  return {
    holds: true,
    kind: 'CONSISTENCY',
    older: older.checkpoint,
    newer: newer.checkpoint,
    vkey: key.text,
  };
}

function tlogProof(proof: {
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
}): string {
  return [TLOG_PROOF, `index ${proof.index}`, ...proof.path.map(base64), '', proof.note].join('\n');
}

function readTlogProof(text: string) {
  const split = text.indexOf('\n\n');
  const [format, indexLine = '', ...hashes] = text.slice(0, split).split('\n');
  const [, index] = INDEX_LINE.exec(indexLine) ?? [];
  const path = hashes.flatMap((hash) => readHash(hash) ?? []);
  if (split === -1 || format !== TLOG_PROOF || index === undefined || path.length !== hashes.length)
    return undefined;
  return { index: Number(index), path, note: text.slice(split + 2) };
}

function readProofFile(text: string): z.infer<typeof ProofFile> | undefined {
  try {
    const file = ProofFile.parse(JSON.parse(text));
    return textOf(file) === text ? file : undefined;
  } catch {
    return undefined;
  }
}

function textOf(file: z.infer<typeof ProofFile>): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

function base64(hash: Uint8Array): string {
  return Buffer.from(hash).toString('base64');
}
