import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { checkNote } from './checkpoint-checks.ts';
import type { Finding } from './findings.ts';
import { HashTree } from './hash-tree.ts';
import type { Inventory } from './inventory.ts';
import { readVerifierKey, type VerifierKey } from './note.ts';
import { checkpointKey, VKEY } from './object-name.ts';
import type { StoredLog } from './stored-log.ts';

/** A log whose objects are known, and whose key. */
export type OpenedLog = {
  readonly inventory: Inventory;
  readonly log: StoredLog;
  readonly signer: VerifierKey;
};

/** A checkpoint that was kept elsewhere, and what to call it. */
export type Trusted = { readonly name: string; readonly checkpoint: Checkpoint };

type Report = (finding: Finding) => void;

/** The key that must have signed: the one that is known from elsewhere, else the log's own. */
export async function signerOf(
  log: StoredLog,
  { hasVkey, pinned }: { readonly hasVkey: boolean; readonly pinned: VerifierKey | undefined },
  report: Report,
): Promise<VerifierKey | undefined> {
  if (!hasVkey) report({ code: 'OBJECT_MISSING', key: VKEY });
  const bytes = hasVkey ? await log.read(VKEY) : undefined;
  const text = bytes?.toString('utf8');
  const own = text?.endsWith('\n') ? readVerifierKey(text.slice(0, -1)) : undefined;
  if (bytes !== undefined && own === undefined) report({ code: 'UNREADABLE', key: VKEY });
  if (pinned !== undefined && own !== undefined && own.text !== pinned.text) {
    report({ code: 'OTHER_KEY', key: VKEY, detail: `expected ${pinned.text}` });
  }
  return pinned ?? own;
}

/** The newest checkpoint that the log's key signed. */
export async function newestSigned({ inventory, log, signer }: OpenedLog): Promise<Checkpoint | undefined> {
  for (const row of inventory.checkpoints.toReversed()) {
    const note = await log.peek(checkpointKey(row));
    const opened = note === undefined ? undefined : openCheckpoint(note, signer);
    if (opened?.state === 'SIGNED' && opened.checkpoint.size === row.size) return opened.checkpoint;
  }
  return undefined;
}

export function openTrusted(
  trusted: { readonly name: string; readonly note: Uint8Array } | undefined,
  signer: VerifierKey,
  report: Report,
): Trusted | undefined {
  if (trusted === undefined) return undefined;
  const { name, note } = trusted;
  const checkpoint = checkNote({ key: name, note, signer }, report);
  return checkpoint === undefined ? undefined : { name, checkpoint };
}

/**
 * The tree to begin with: that of the last checkpoint that was written before `since`, as the tiles have it. The empty
 * tree where there is none, or where its tiles do not give its root: then the whole log is gone through.
 */
export async function startOf(
  { inventory, log, signer }: OpenedLog,
  since: number | undefined,
  report: Report,
): Promise<HashTree> {
  const row = inventory.checkpoints.findLast(({ lastModified }) => lastModified < (since ?? 0));
  if (row === undefined) return new HashTree();
  const key = checkpointKey(row);
  const note = await log.peek(key);
  const opened = note === undefined ? undefined : openCheckpoint(note, signer);
  const tree = await log.tree(row.size);
  if (opened?.state === 'SIGNED' && tree?.root().equals(opened.checkpoint.root)) return tree;
  report({ code: 'ROOT_MISMATCH', key, index: row.size });
  return new HashTree();
}
