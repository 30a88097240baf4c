import { expect } from 'vitest';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { openCheckpoint } from '../../lib/domain/verify/checkpoint.ts';
import { readVerifierKey } from '../../lib/domain/verify/note.ts';
import { checkProofFile } from '../../lib/domain/verify/proof-file.ts';
import { inclusionHolds } from '../../lib/domain/verify/proofs.ts';
import { factEntry } from './entries.ts';
import { objectsOn } from './evidence.ts';
import { Random } from './random.ts';
import { randomHistory } from './random-history.ts';

/** Checks of people of both regions, some about several numbers, and opt-outs of the same people in between. */
export async function randomLog(seed: number, count: number): Promise<readonly Entry[]> {
  const decisions = await randomHistory(new Random(seed), count, DEFAULT_POLICY);
  return decisions.flatMap((entry, at) => {
    const [subject] = entry.subjects;
    if (subject === undefined || at % 3 > 0) return [entry];
    return [entry, factEntry({ n: 10_000 + at, subjects: [subject], at: Date.parse(entry.at) + 1 })];
  });
}

/** The places in the log of the entries in a file. */
export function indicesIn(text: string | undefined): readonly number[] {
  return objectsOn(text).map(({ index }) => Number(index));
}

/** The places of the entries that match. */
export function matching(entries: readonly Entry[], matches: (entry: Entry) => boolean): readonly number[] {
  return entries.flatMap((entry, index) => (matches(entry) ? [index] : []));
}

/** Every file of the pack is named with its hash. */
export function checkSums(files: ReadonlyMap<string, string>): void {
  const named = (files.get('SHA256SUMS') ?? '').split('\n').slice(0, -1);
  expect(named).toEqual(
    [...files].filter(([name]) => name !== 'SHA256SUMS').map(([name, text]) => `${sha256Hex(text)}  ${name}`),
  );
}

/** Every entry of the pack is proved, with nothing but the pack. */
export function checkProofs(files: ReadonlyMap<string, string>, vkey: string): void {
  const pinned = readVerifierKey(vkey);
  if (pinned === undefined) throw new Error('expected a key');
  expect(files.get('vkey')).toBe(`${vkey}\n`);
  const lines = [files.get('entries.ndjson') ?? '', files.get('registries.ndjson') ?? '']
    .join('')
    .split('\n');
  for (const line of lines.filter((one) => one !== '')) {
    const { index } = JSON.parse(line);
    const checked = checkProofFile(files.get(`proofs/${index}.json`) ?? '', pinned);
    expect(checked).toMatchObject({ holds: true, kind: 'ENTRY', index, entry: line });
  }
  const opened = openCheckpoint(Buffer.from(files.get('checkpoint') ?? ''), pinned);
  if (opened.state !== 'SIGNED') throw new Error('expected a signed checkpoint');
  for (const { index, leafHash } of objectsOn(files.get('withheld.ndjson'))) {
    const [head = '', note] = (files.get(`proofs/${index}.tlog-proof`) ?? '').split('\n\n');
    const [format, place, ...hashes] = head.split('\n');
    expect([format, place]).toEqual(['c2sp.org/tlog-proof@v1', `index ${index}`]);
    expect(files.get('checkpoint')?.startsWith(note ?? '-')).toBe(true);
    const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
    const { size, root } = opened.checkpoint;
    const leaf = Buffer.from(String(leafHash), 'hex');
    expect(inclusionHolds({ index: Number(index), size, root, path, leafHash: leaf })).toBe(true);
  }
}
