import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  COPY_FORMAT,
  type CopiedVersion,
  copyPaths,
  INVENTORY,
} from '../lib/adapters/file-system/log-copy.ts';
import { COMPRESSION } from '../lib/adapters/s3/log-objects.ts';
import { canonicalJson, sha256Hex } from '../lib/domain/canonical-json.ts';
import { leavesOf } from '../lib/domain/log/batch.ts';
import { checkpointKey, checkpointText } from '../lib/domain/log/checkpoint.ts';
import { signedNote, verifierKey } from '../lib/domain/log/note.ts';
import { logObjectKey } from '../lib/domain/log/object-key.ts';
import { type Tile, tileKey, tilePlace } from '../lib/domain/log/tile.ts';
import { TileTree } from '../lib/domain/log/tile-tree.ts';
import { documentText, policyKey } from '../lib/domain/policy/archive.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import { decisionEntry } from '../test/support/entries.ts';
import { NOON } from '../test/support/facts.ts';

const BATCH = 5000;
const MINUTE = 60_000;
const DAY = 86_400_000;
const LOCK = { mode: 'COMPLIANCE', days: 2557 } as const;
const ORIGIN = 'log.example.com/bench';

/** Writes a log of so many decisions, as the writer would, into a folder as a download lies there; keys of its entries. */
export async function writeSampleLog(folder: string, entries: number): Promise<readonly string[]> {
  const copy = new SampleCopy(folder);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const key = { name: ORIGIN, publicKey: raw };
  copy.put(policyKey(DEFAULT_POLICY.hash), documentText(DEFAULT_POLICY), NOON);
  copy.put('vkey', `${verifierKey(key)}\n`, NOON);
  const tree = new TileTree();
  const objects: string[] = [];
  while (tree.size < entries) {
    const at = NOON + objects.length * MINUTE;
    const first = tree.size;
    const text = linesOf(first, Math.min(BATCH, entries - first), at);
    const object = logObjectKey(first, at);
    objects.push(object);
    copy.put(object, gzipSync(text, COMPRESSION), at);
    const tiles: Tile[] = leavesOf(text).flatMap((leaf) => tree.add(leaf));
    for (const tile of [...tiles, ...tree.partial()]) copy.put(tileKey(tilePlace(tile)), tile.bytes, at);
    const head = checkpointText({ origin: ORIGIN, size: tree.size, root: tree.root(), at });
    const note = signedNote(head, key, sign(null, Buffer.from(head), privateKey));
    copy.put(checkpointKey(tree.size), note, at);
    if (tree.size === entries) copy.put('checkpoint', note, at);
  }
  copy.finish();
  return objects;
}

/** Entries as they are: one decision, with the ids of others. */
function linesOf(first: number, count: number, at: number): string {
  const [before = '', middle = '', after = ''] = PARTS;
  const made = new Date(at - MINUTE).toISOString();
  let text = '';
  for (let index = first; index < first + count; index += 1) {
    const id = `019ab000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    text += `${before.replace('<at>', made)}${id}${middle}${id}","index":${index}${after}\n`;
  }
  return text;
}

const { id: _id, ...SAMPLE } = decisionEntry({ n: 1 });
const { policy } = SAMPLE;
const PARTS = canonicalJson({ ...SAMPLE, policy, at: '<at>', decisionId: '<id>', id: '<id>' }).split('<id>');

class SampleCopy {
  readonly #folder: string;
  readonly #versions: CopiedVersion[] = [];
  readonly #folders = new Set<string>();
  readonly #keys = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  put(key: string, content: string | Uint8Array, at: number): void {
    // A partial tile of a level above stays the same for many batches.
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    const versionId = String(this.#versions.length);
    for (const path of copyPaths({ key, versionId, counts: true }).map((own) => join(this.#folder, own))) {
      if (!this.#folders.has(dirname(path))) mkdirSync(dirname(path), { recursive: true });
      this.#folders.add(dirname(path));
      writeFileSync(path, content);
    }
    const lock = { mode: LOCK.mode, until: at + LOCK.days * DAY };
    this.#versions.push({
      key,
      versionId,
      deleteMarker: false,
      lastModified: at,
      lock,
      sha256: sha256Hex(content),
    });
  }

  finish(): void {
    const header = { format: COPY_FORMAT, source: 'bench', takenAt: Date.now(), defaultLock: LOCK };
    const sorted = this.#versions.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    const lines = [header, ...sorted].map((line) => JSON.stringify(line));
    writeFileSync(join(this.#folder, INVENTORY), `${lines.join('\n')}\n`);
  }
}
