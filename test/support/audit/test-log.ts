// A log as docs/log-format.md describes it, made without any of the writer's or the verifier's code: what the two
// are tested with must not share their mistakes.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export const HOUR = 3_600_000;
export const ORIGIN = 'log.example.com/audit';
export const LOG_START = Date.parse('2026-11-22T08:20:00.000Z');

export type LogKey = { readonly privateKey: KeyObject; readonly vkey: string; readonly id: Buffer };
/** What was written, in the order of writing. */
export type Written = { readonly key: string; readonly bytes: Buffer; readonly at: number };

export type LogPlan = {
  readonly key: LogKey;
  /** The lines of each batch; an empty one is an hour in which nothing happened. */
  readonly batches: readonly (readonly string[])[];
  /** From this batch on another key signs. */
  readonly resigned?: { readonly from: number; readonly key: LogKey };
};

export function newLogKey(name = ORIGIN): LogKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const typed = Buffer.concat([Buffer.of(1), raw]);
  const id = sha256(Buffer.from(`${name}\n`), typed).subarray(0, 4);
  return { privateKey, id, vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}` };
}

/** Lines of entries as they are logged: canonical, numbered, some naming a policy, one a scrub's evidence. */
export function entryLines(first: number, count: number, at: number): string[] {
  return Array.from({ length: count }, (_, nth) => {
    const index = first + nth;
    const id = `019ab000-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const made = new Date(at - 60_000 + nth).toISOString();
    const policy = `"policy":{"hash":"${POLICY.hash}","name":"test"}`;
    return `{"at":"${made}","decisionId":"${id}","effect":"BLOCK","id":"${id}","index":${index},"kind":"decision",${policy},"subjects":[]}`;
  });
}

const POLICY_BYTES = Buffer.from('{"rules":[]}');
export const POLICY = { bytes: POLICY_BYTES, hash: sha256(POLICY_BYTES).toString('hex') };
export const EVIDENCE = { key: 'evidence/job-1.ndjson.gz', bytes: gzipSync('{"row":1}\n') };

export function scrubLine(index: number, at: number): string {
  const sha = sha256(EVIDENCE.bytes).toString('hex');
  const made = new Date(at - 60_000).toISOString();
  return `{"at":"${made}","evidence":{"key":"${EVIDENCE.key}","rows":1,"sha256":"${sha}"},"id":"scrub-${index}","index":${index},"jobId":"job-1","kind":"scrub","subjects":[]}`;
}

/** When a batch was written: one each hour, at twenty past. */
export function batchTime(batch: number): number {
  return LOG_START + batch * HOUR;
}

/** A plan of batches of these sizes; the second batch's first entry is a scrub. */
export function planOf(sizes: readonly number[], key = newLogKey()): LogPlan {
  let first = 0;
  const batches = sizes.map((size, batch) => {
    const lines = entryLines(first, size, batchTime(batch));
    if (batch === 1 && size > 0) lines[0] = scrubLine(first, batchTime(batch));
    first += size;
    return lines;
  });
  return { key, batches };
}

/** Everything that a writer of this plan writes. */
export function writeLog({ key, batches, resigned }: LogPlan): Written[] {
  const written: Written[] = [
    { key: `policies/${POLICY.hash}.json`, bytes: POLICY.bytes, at: LOG_START - 1000 },
    { key: EVIDENCE.key, bytes: EVIDENCE.bytes, at: LOG_START - 1000 },
  ];
  const leaves: Buffer[] = [];
  const tiles = new Set<string>();
  for (const [batch, lines] of batches.entries()) {
    const at = batchTime(batch);
    const first = leaves.length;
    if (lines.length > 0) {
      written.push({ key: entriesKey(first, at), bytes: gzipSync(`${lines.join('\n')}\n`), at });
    }
    if (batch === 0) written.push({ key: 'vkey', bytes: Buffer.from(`${key.vkey}\n`), at });
    leaves.push(...lines.map((line) => sha256(Buffer.of(0), Buffer.from(line))));
    for (const tile of tilesOf(leaves).filter((found) => !tiles.has(found.key))) {
      tiles.add(tile.key);
      written.push({ ...tile, at });
    }
    const signer = resigned !== undefined && batch >= resigned.from ? resigned.key : key;
    const note = signedCheckpoint(signer, { size: leaves.length, root: treeHash(leaves), at });
    const hour = new Date(at).toISOString().slice(0, 13);
    const idle = lines.length === 0 && batch > 0 ? `.idle/${hour}` : '';
    written.push({ key: `checkpoints/${leaves.length}${idle}`, bytes: note, at });
    written.push({ key: 'checkpoint', bytes: note, at });
  }
  return written;
}

export function entriesKey(first: number, at: number): string {
  const iso = new Date(at).toISOString();
  return `entries/dt=${iso.slice(0, 10)}/hh=${iso.slice(11, 13)}/${String(first).padStart(12, '0')}.ndjson.gz`;
}

export function signedCheckpoint(
  { privateKey, id }: LogKey,
  { size, root, at }: { readonly size: number; readonly root: Buffer; readonly at: number },
): Buffer {
  const text = `${ORIGIN}\n${size}\n${root.toString('base64')}\ntime ${new Date(at).toISOString()}\n`;
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
  return Buffer.from(`${text}\n— ${ORIGIN} ${signature.toString('base64')}\n`);
}

/** RFC 6962, section 2.1, as it is written there. */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

/** The tiles of a tree. */
function tilesOf(leaves: readonly Buffer[]): { key: string; bytes: Buffer }[] {
  const tiles: { key: string; bytes: Buffer }[] = [];
  let hashes = [...leaves];
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let number = 0; number * 256 < hashes.length; number += 1) {
      const tile = hashes.slice(number * 256, (number + 1) * 256);
      if (tile.length === 256) above.push(treeHash(tile));
      const name = String(number).padStart(3, '0');
      const suffix = tile.length === 256 ? '' : `.p/${tile.length}`;
      tiles.push({ key: `tile/${level}/${name}${suffix}`, bytes: Buffer.concat(tile) });
    }
    hashes = above;
  }
  return tiles;
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
