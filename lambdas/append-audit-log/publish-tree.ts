import { inParallel } from '../../lib/adapters/in-parallel.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { leavesOf } from '../../lib/domain/log/batch.ts';
import {
  checkpointKey,
  checkpointText,
  idleCheckpointKey,
  isIdleCheckpointDue,
  readCheckpointText,
  type TreeHead,
  VERIFIER_KEY_KEY,
} from '../../lib/domain/log/checkpoint.ts';
import type { Pointer } from '../../lib/domain/log/log-ports.ts';
import { type NoteKey, openNote, signedNote, verifierKey } from '../../lib/domain/log/note.ts';
import { partialTiles, type Tile, tileKey, tilePlace } from '../../lib/domain/log/tile.ts';
import { TileTree } from '../../lib/domain/log/tile-tree.ts';
import type { AppendAuditLogDeps } from './append-audit-log.ts';

type Deps = Pick<AppendAuditLogDeps, 'objects' | 'tree' | 'signer' | 'origin' | 'now'>;

/** Leaf hashes of one entries object. */
export type Leaves = { readonly first: number; readonly leaves: readonly Buffer[] };

export type Committed = {
  /** Entries in the log. */
  readonly size: number;
  /** Those that this run has appended, in order. */
  readonly fresh: readonly Leaves[];
  /** Epoch milliseconds: what is not read by then is left to the next run. */
  readonly until: number;
};

/** Called with what is in the log; returns the newest checkpoint. */
export type PublishTree = (log: Committed) => Promise<TreeHead>;

type Newest = { readonly pointer: Pointer; readonly head: TreeHead };

const TILES_AT_ONCE = 16;

/**
 * Brings tiles and checkpoint up to the entries. All of them follow from the entries objects, which never change, so
 * a run that was stopped anywhere is made good by the next one, and two at once write the same (ADR 3).
 *
 * @throws ComplianceError LOG_OBJECT_BROKEN where an object is not what follows from the entries; LOG_KEY_CHANGED where
 * the log was begun under another key; FENCED where another writer has published meanwhile.
 */
export function createPublishTree(deps: Deps): PublishTree {
  let known: NoteKey | undefined;
  return async (log) => {
    known ??= await publishedKey(deps);
    const newest = await readNewest(deps, known);
    if (newest !== undefined && newest.head.size > log.size) throw overtaken();
    const tree = await treeAt(deps, newest);
    await grow(deps, tree, { log, since: newest?.head.at ?? 0 });
    return await sign(deps, known, { tree, newest });
  };
}

async function publishedKey({ tree, signer, origin }: Deps): Promise<NoteKey> {
  const key = { name: origin, publicKey: await signer.publicKey() };
  const ours = `${verifierKey(key)}\n`;
  const published = await tree.settle(VERIFIER_KEY_KEY, Buffer.from(ours));
  if (Buffer.from(published).toString() === ours) return key;
  throw new ComplianceError({
    code: 'LOG_KEY_CHANGED',
    message: `expected the log's own key as published in ${VERIFIER_KEY_KEY}, got another key or origin; nothing was signed`,
  });
}

async function readNewest({ tree }: Deps, key: NoteKey): Promise<Newest | undefined> {
  const pointer = await tree.pointer();
  if (pointer === undefined) return undefined;
  return { pointer, head: headOf(pointer.note, key, 'checkpoint') };
}

function headOf(note: string, key: NoteKey, name: string): TreeHead {
  const head = readCheckpointText(openNote(note, key) ?? '');
  if (head === undefined || head.origin !== key.name) throw broken(name, 'no checkpoint signed by its key');
  return head;
}

/** The tree of the newest checkpoint, from the tiles that it left, which must be what it signed. */
async function treeAt(deps: Deps, newest: Newest | undefined): Promise<TileTree> {
  if (newest === undefined) return new TileTree();
  const { size, root } = newest.head;
  const tiles = partialTiles(size).map(async (place) => ({
    ...place,
    bytes: await deps.tree.read(tileKey(place)),
  }));
  const tree = new TileTree(size, await Promise.all(tiles));
  if (!tree.root().equals(root)) throw broken(`tile of size ${size}`, 'other hashes than were signed');
  return tree;
}

/** Appends the entries that the tree lacks and writes its tiles: the full ones, then the partial ones of its new size. */
async function grow(
  deps: Deps,
  tree: TileTree,
  { log, since }: { readonly log: Committed; readonly since: number },
): Promise<void> {
  const before = tree.size;
  const completed: Tile[] = [];
  for await (const { first, leaves } of leavesFrom(deps, tree.size, { log, since })) {
    if (first !== tree.size) break;
    for (const leaf of leaves) completed.push(...tree.add(leaf));
    if (completed.length >= TILES_AT_ONCE) await keep(deps, completed.splice(0));
    if (deps.now() > log.until) break;
  }
  if (tree.size === before && tree.size !== log.size) {
    throw broken(`entries object from ${tree.size}`, 'none, or one that does not go on from there');
  }
  if (tree.size > before) await keep(deps, [...completed, ...tree.partial()]);
}

async function* leavesFrom(
  { objects }: Deps,
  from: number,
  { log, since }: { readonly log: Committed; readonly since: number },
): AsyncGenerator<Leaves> {
  if (log.fresh[0]?.first === from) return yield* log.fresh;
  if (from === log.size) return;
  for await (const { first, text } of objects.objectsFrom(from, since)) {
    // What no head has counted yet may still be another writer's.
    if (first >= log.size) return;
    yield { first, leaves: leavesOf(text) };
  }
}

async function keep({ tree }: Deps, tiles: readonly Tile[]): Promise<void> {
  await inParallel(tiles, TILES_AT_ONCE, async (tile) => {
    const key = tileKey(tilePlace(tile));
    const kept = await tree.settle(key, tile.bytes);
    if (!Buffer.from(kept).equals(tile.bytes)) throw broken(key, 'other hashes');
  });
}

/** Signs the tree where it has grown, or the log has been idle for an hour; a checkpoint that is there already stands. */
async function sign(
  deps: Deps,
  key: NoteKey,
  { tree, newest }: { readonly tree: TileTree; readonly newest: Newest | undefined },
): Promise<TreeHead> {
  const at = deps.now();
  const { size } = tree;
  const isNew = newest === undefined || size > newest.head.size;
  if (!isNew && !isIdleCheckpointDue(newest.head.at, at)) return newest.head;
  const root = tree.root();
  const text = checkpointText({ origin: deps.origin, size, root, at });
  const note = signedNote(text, key, await deps.signer.sign(Buffer.from(text)));
  // What is locked cannot be mended: a signature that does not verify is seen before it is written.
  headOf(note, key, 'signature');
  const name = isNew ? checkpointKey(size) : idleCheckpointKey(size, at);
  const kept = Buffer.from(await deps.tree.settle(name, Buffer.from(note))).toString();
  const head = headOf(kept, key, name);
  if (head.size !== size || !root.equals(head.root)) throw broken(name, 'another tree');
  if ((await deps.tree.movePointer(kept, newest?.pointer)) === 'OVERTAKEN') throw overtaken();
  return head;
}

function overtaken(): ComplianceError {
  return new ComplianceError({
    code: 'FENCED',
    message: 'expected to publish the newest checkpoint, but another writer has published one meanwhile',
  });
}

function broken(name: string, got: string): ComplianceError {
  return new ComplianceError({
    code: 'LOG_OBJECT_BROKEN',
    message: `expected in ${name} what follows from the entries, got ${got}; nothing was signed after it`,
  });
}
