import { gunzipSync } from 'node:zlib';
import { canonicalJson } from '../../lib/domain/canonical-json.ts';
import type { LoggedObject } from '../../lib/domain/evidence/collect.ts';
import { type EvidenceLog, makePack } from '../../lib/domain/evidence/pack.ts';
import type { EvidenceScope } from '../../lib/domain/evidence/scope.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { documentText } from '../../lib/domain/policy/archive.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { batchTime, type LogKey, newLogKey, writeLog } from './audit/test-log.ts';
import { entryLine } from './entries.ts';

/** A signed log of these entries in memory, written in batches of `perBatch`. */
export function evidenceLogOf(
  entries: readonly Entry[],
  { key = newLogKey(), perBatch = 100 }: { readonly key?: LogKey; readonly perBatch?: number } = {},
): EvidenceLog {
  const lines = entries.map((entry, index) => entryLine(index, entry));
  const batches: string[][] = [];
  for (let from = 0; from < lines.length; from += perBatch) batches.push(lines.slice(from, from + perBatch));
  const written = new Map(writeLog({ key, batches }).map(({ key: name, bytes }) => [name, bytes]));
  return {
    size: lines.length,
    note: written.get('checkpoint')?.toString() ?? '',
    vkey: key.vkey,
    async *objects(): AsyncGenerator<LoggedObject> {
      let batch = 0;
      for (const [name, bytes] of written) {
        if (!name.startsWith('entries/')) continue;
        yield { loggedAt: batchTime(batch), lines: gunzipSync(bytes).toString().split('\n').slice(0, -1) };
        batch += 1;
      }
    },
    tile: async (name) => written.get(name),
    policy: async (hash) => (hash === DEFAULT_POLICY.hash ? documentText(DEFAULT_POLICY) : undefined),
  };
}

/** The files of a pack by name, in their order. */
export async function packOf(log: EvidenceLog, scope: EvidenceScope): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  await makePack(log, scope, async (name, text) => {
    if (files.has(name)) throw new Error(`${name} is in the pack twice`);
    files.set(name, text);
  });
  return files;
}

/** The objects on the lines of a file. */
export function objectsOn(text: string | undefined): readonly Record<string, unknown>[] {
  return (text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** The same value whatever the order of its members. */
export function same(value: unknown): string {
  return canonicalJson(value);
}
