import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import { policyKey } from '../policy/archive.ts';
import { entryProofText } from '../verify/proof-file.ts';
import { Prover } from '../verify/prover.ts';
import { collectEvidence, type LoggedObject, type PackedLine } from './collect.ts';
import { renderReadme } from './readme.ts';
import { type PackContents, renderReport } from './report.ts';
import type { EvidenceScope } from './scope.ts';

/** The log that a pack is made from, as far as one signed checkpoint covers it. */
export interface EvidenceLog {
  /** Entries under the checkpoint. */
  readonly size: number;
  /** The signed note of the checkpoint. */
  readonly note: string;
  /** The log's key, without a line feed. */
  readonly vkey: string;
  /** Every entries object from the first on; they may reach beyond the checkpoint. */
  objects(): AsyncIterable<LoggedObject>;
  /** The bytes of a tile. */
  tile(key: string): Promise<Uint8Array | undefined>;
  /** The document of a policy, byte for byte; undefined if it is not kept. */
  policy(hash: string): Promise<string | undefined>;
}

/** Takes one file after the other. */
export type AddFile = (name: string, text: string) => Promise<void>;

const SUMS = 'SHA256SUMS';

/**
 * Makes an evidence pack: what the log has of one person or one campaign, with a proof for each entry, the rules and
 * registry versions that were decided by, a report and a README. The same log and the same question give the same bytes.
 *
 * @returns what it holds.
 * @throws ComplianceError as `collectEvidence` does; Error where the log lacks a tile.
 */
export async function makePack(log: EvidenceLog, scope: EvidenceScope, add: AddFile): Promise<PackContents> {
  const { lines, withheld, imports, figures, timeline } = await collectEvidence(
    log.objects(),
    scope,
    log.size,
  );
  const sums: string[] = [];
  const put: AddFile = async (name, text) => {
    sums.push(`${sha256Hex(text)}  ${name}\n`);
    await add(name, text);
  };
  const documents = new Map<string, string>();
  for (const { hash } of figures.policies) {
    const document = await log.policy(hash);
    if (document !== undefined) documents.set(hash, document);
  }
  const pack: PackContents = {
    scope,
    figures,
    timeline,
    imports: imports.map(({ entry }) => entry),
    policiesKept: new Set(documents.keys()),
    withheld: withheld.length,
    logSize: log.size,
  };
  await put('README.md', renderReadme(pack));
  await put('report.html', renderReport(pack));
  await put('figures.json', `${canonicalJson(figures)}\n`);
  await put('entries.ndjson', ndjson(lines));
  if (withheld.length > 0)
    await put('withheld.ndjson', withheld.map((one) => `${canonicalJson(one)}\n`).join(''));
  await put('registries.ndjson', ndjson(imports));
  for (const [hash, document] of documents) await put(policyKey(hash), document);
  await put('vkey', `${log.vkey}\n`);
  await put('checkpoint', log.note);
  await addProofs(log, { whole: [...lines, ...imports], bare: withheld }, put);
  await add(SUMS, sums.join(''));
  return pack;
}

type Proved = {
  readonly whole: readonly PackedLine[];
  /** Entries of which the hash alone may be shown. */
  readonly bare: readonly { readonly index: number }[];
};

async function addProofs(log: EvidenceLog, { whole, bare }: Proved, put: AddFile): Promise<void> {
  const { note, vkey } = log;
  const prover = new Prover((key) => log.tile(key), log.size);
  for (const { index, line } of whole) {
    const path = await prover.inclusionPath(index);
    await put(proofName(index), entryProofText({ entry: line, index, path, note, vkey }));
  }
  for (const { index } of bare) {
    const path = await prover.inclusionPath(index);
    await put(`proofs/${index}.tlog-proof`, tlogProof({ index, path, note }));
  }
}

/** The file with the proof of an entry. */
function proofName(index: number): string {
  return `proofs/${index}.json`;
}

/** https://c2sp.org/tlog-proof: for any tool that knows the leaf's hash. */
function tlogProof({
  index,
  path,
  note,
}: {
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly note: string;
}): string {
  const hashes = path.map((hash) => Buffer.from(hash).toString('base64'));
  return ['c2sp.org/tlog-proof@v1', `index ${index}`, ...hashes, '', note].join('\n');
}

function ndjson(lines: readonly PackedLine[]): string {
  return lines.map(({ line }) => `${line}\n`).join('');
}
