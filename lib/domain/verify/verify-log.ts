import type { Checkpoint } from './checkpoint.ts';
import { CheckpointChecks } from './checkpoint-checks.ts';
import { type Finding, type FindingCode, Findings, type Notice } from './findings.ts';
import { takeInventory } from './inventory.ts';
import { lockFinding } from './locks.ts';
import type { DefaultLock, LogSource } from './log-source.ts';
import { LogWalk } from './log-walk.ts';
import { NamedObjects } from './named-objects.ts';
import type { VerifierKey } from './note.ts';
import { entriesKey } from './object-name.ts';
import { newestSigned, type OpenedLog, openTrusted, signerOf, startOf, type Trusted } from './opened-log.ts';
import { checkPointer } from './pointer-checks.ts';
import { StoredLog } from './stored-log.ts';

/** Beyond this the writer is in trouble, and checks answer BLOCK (docs/log-format.md, The tail). */
const MERGE_LIMIT_MS = 600_000;

export type VerifyOptions = {
  /** The log's key, known from elsewhere; without it the log's own `vkey` is taken. */
  readonly key?: VerifierKey | undefined;
  /** A checkpoint that was kept elsewhere, and what to call it. */
  readonly trusted?: { readonly name: string; readonly note: Uint8Array } | undefined;
  /** What every version must be locked with; without it the bucket's default. */
  readonly lock?: DefaultLock | undefined;
  /** Epoch milliseconds: begins at the last checkpoint before. */
  readonly since?: number | undefined;
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  readonly onProgress?: ((size: number, signedSize: number) => void) | undefined;
};

/** What was looked at and what was found. */
export type Verification = {
  readonly origin: string | undefined;
  readonly vkey: string | undefined;
  /** How far signed checkpoints reach, and when the last one that holds was signed (ISO 8601). */
  readonly signedSize: number;
  readonly signedAt: string | undefined;
  /** The first entry that was looked at. */
  readonly from: number;
  readonly entries: number;
  readonly objects: number;
  readonly checkpoints: number;
  readonly lock: DefaultLock | undefined;
  /** How many of each there are; of the findings themselves the first thousand are kept. */
  readonly counts: Readonly<Partial<Record<FindingCode, number>>>;
  readonly findings: readonly Finding[];
  readonly notices: readonly Notice[];
};

/**
 * Checks a whole log, or what of it is newer than `since`: every version, lock, entry, tile, root and signature.
 * Nothing about it is taken on trust but what `options` bring.
 *
 * @returns undefined where there is no log at all.
 */
export async function verifyLog(
  source: LogSource,
  options: VerifyOptions,
): Promise<Verification | undefined> {
  const findings = new Findings(options.onFinding);
  const lock = options.lock ?? (await source.defaultLock());
  if (lock === undefined) {
    findings.add({ code: 'LOCK_MISSING', key: '', detail: 'the bucket locks nothing by default' });
  }
  const inventory = await takeInventory(
    source,
    findings.add,
    ({ key, versionId, lastModified, lock: found }) => {
      if (found === undefined || lock === undefined) return;
      const finding = lockFinding({ key, versionId, lastModified, lock: found }, lock);
      if (finding !== undefined) findings.add(finding);
    },
  );
  if (inventory.objects === 0 && findings.all().findings.length === 0) return undefined;
  const log = new StoredLog({ source, inventory, expectedLock: lock, report: findings.add });
  const signer = await signerOf(log, { hasVkey: inventory.hasVkey, pinned: options.key }, findings.add);
  const base = { ...NOTHING, objects: inventory.objects, lock };
  if (signer === undefined) return { ...base, ...findings.all() };
  const walked = await walk({ source, inventory, log, signer, options }, findings);
  return { ...base, origin: signer.name, vkey: signer.text, ...walked, ...findings.all() };
}

const NOTHING = {
  origin: undefined,
  vkey: undefined,
  signedSize: 0,
  signedAt: undefined,
  from: 0,
  entries: 0,
  checkpoints: 0,
  notices: [],
};

type Walk = OpenedLog & { readonly source: LogSource; readonly options: VerifyOptions };

async function walk(opened: Walk, findings: Findings): Promise<Partial<Verification>> {
  const { source, inventory, log, signer, options } = opened;
  const newest = await newestSigned(opened);
  const signedSize = newest?.size ?? 0;
  const trusted = openTrusted(options.trusted, signer, findings.add);
  const start = await startOf(opened, options.since, findings.add);
  const from = start.size;
  const checkpoints = new CheckpointChecks(signer, findings.add);
  const named = new NamedObjects();
  const walking = new LogWalk({
    ...{ log, inventory, checkpoints, signedSize, trusted, start, report: findings.add },
    onProgress: (size) => options.onProgress?.(size, signedSize),
    onNamed: (objects) => named.add(objects),
  });
  findings.follow(() => walking.lastGood);
  await walking.run();
  if (trusted !== undefined) {
    const cut = tailCut(trusted, newest);
    if (cut !== undefined) findings.add(cut);
  }
  await checkPointer(opened, findings.add);
  await named.check({ log, inventory, whole: from === 0 }, findings.add);
  const { size, lastGood, firstUnsigned } = walking;
  if (firstUnsigned !== undefined && firstUnsigned.lastModified < source.takenAt - MERGE_LIMIT_MS) {
    findings.add({ code: 'UNSIGNED_TAIL', key: entriesKey(firstUnsigned), index: signedSize });
  }
  return {
    signedSize,
    signedAt: lastGood === undefined ? undefined : iso(lastGood.time),
    from,
    entries: size - from,
    checkpoints: checkpoints.count,
    notices: [...checkpoints.notices(), ...unsignedNotice(size - signedSize)],
  };
}

function unsignedNotice(unsigned: number): readonly Notice[] {
  if (unsigned <= 0) return [];
  return [{ code: 'UNSIGNED_ENTRIES', detail: `${unsigned} entries wait for the next checkpoint` }];
}

function tailCut({ name, checkpoint }: Trusted, newest: Checkpoint | undefined): Finding | undefined {
  const { size, time } = checkpoint;
  if (newest !== undefined && newest.size >= size && newest.time >= time) return undefined;
  const has = newest === undefined ? 'none' : `one of ${newest.size} entries at ${iso(newest.time)}`;
  const detail = `kept elsewhere: a checkpoint of ${size} entries at ${iso(time)}; the log's newest is ${has}`;
  return { code: 'TAIL_CUT', key: name, index: newest?.size ?? 0, detail };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
