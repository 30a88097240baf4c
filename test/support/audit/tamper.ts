// What somebody with power over the store could do to a log, each at a place of chance.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Finding, FindingCode } from '../../../lib/domain/verify/findings.ts';
import type { Random } from '../random.ts';
import { DAY, type MemoryLog, type MemoryVersion } from './memory-log.ts';
import {
  batchTime,
  entriesKey,
  HOUR,
  type LogPlan,
  newLogKey,
  sha256,
  signedCheckpoint,
  type Written,
  writeLog,
} from './test-log.ts';

export type Scene = { readonly log: MemoryLog; readonly plan: LogPlan; readonly written: readonly Written[] };

/** What must be found: one of these codes, and at this key and index where they are told. */
export type Expected = {
  readonly codes: readonly FindingCode[];
  readonly key?: string;
  readonly index?: number;
};

export function isExpected({ codes, key, index }: Expected, finding: Finding): boolean {
  return (
    codes.includes(finding.code) &&
    (key === undefined || finding.key === key) &&
    (index === undefined || finding.index === index)
  );
}

const ofKind = ({ stored }: MemoryLog, prefix: string): MemoryVersion[] =>
  stored.filter(({ key }) => key.startsWith(prefix));
const entriesOf = (log: MemoryLog, least = 1): MemoryVersion[] =>
  ofKind(log, 'entries/').filter(({ bytes }) => linesOf(bytes).length >= least);
const linesOf = (bytes: Buffer): string[] => gunzipSync(bytes).toString().split('\n').slice(0, -1);
const firstOf = (key: string): number => Number(/(\d+)\.ndjson\.gz$/.exec(key)?.[1]);
/** The pointer's versions are copies: what happens to one of them is another matter. */
const copies = ({ stored }: MemoryLog): MemoryVersion[] => stored.filter(({ key }) => key !== 'checkpoint');

function editLines(version: MemoryVersion, edit: (lines: string[]) => void): void {
  const lines = linesOf(version.bytes);
  edit(lines);
  version.bytes = gzipSync(`${lines.join('\n')}\n`);
}

const CHANGED_ENTRY: readonly FindingCode[] = [
  'ENTRY_CHANGED',
  'ENTRY_INSERTED',
  'ENTRY_DELETED',
  'UNREADABLE',
];
const CHANGED: readonly (readonly [string, readonly FindingCode[]])[] = [
  ['entries/', CHANGED_ENTRY],
  ['tile/', ['TILE_CHANGED']],
  ['checkpoint', ['SIGNATURE_INVALID', 'OTHER_KEY', 'UNREADABLE']],
  ['vkey', ['UNREADABLE']],
  ['', ['BYTES_CHANGED']],
];

export function bitFlip({ log }: Scene, random: Random): Expected {
  const version = random.pick(log.stored);
  const packed = version.key.startsWith('entries/');
  const bytes = Buffer.from(packed ? gunzipSync(version.bytes) : version.bytes);
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  version.bytes = packed ? gzipSync(bytes) : bytes;
  const codes = CHANGED.find(([prefix]) => version.key.startsWith(prefix))?.[1] ?? [];
  return { codes, key: version.key };
}

export function deleteObject({ log }: Scene, random: Random): Expected {
  const version = random.pick(copies(log));
  log.remove(version);
  return version.key.startsWith('entries/')
    ? { codes: ['OBJECT_MISSING'], index: firstOf(version.key) }
    : { codes: ['OBJECT_MISSING'], key: version.key };
}

export function deleteEntry({ log }: Scene, random: Random): Expected {
  const version = random.pick(entriesOf(log, 2));
  const at = random.below(linesOf(version.bytes).length);
  editLines(version, (lines) => lines.splice(at, 1));
  return { codes: ['ENTRY_DELETED'], key: version.key, index: firstOf(version.key) + at };
}

export function insertEntry({ log }: Scene, random: Random): Expected {
  const version = random.pick(entriesOf(log));
  const at = random.below(linesOf(version.bytes).length + 1);
  const index = firstOf(version.key) + at;
  editLines(version, (lines) => lines.splice(at, 0, `{"at":"2026-11-22T08:00:00.000Z","index":${index}}`));
  return { codes: ['ENTRY_INSERTED'], key: version.key, index };
}

export function swapEntries({ log }: Scene, random: Random): Expected {
  const version = random.pick(entriesOf(log, 2));
  const lines = linesOf(version.bytes);
  const one = random.below(lines.length - 1);
  const other = one + 1 + random.below(lines.length - one - 1);
  editLines(version, (all) => {
    [all[one], all[other]] = [lines[other] ?? '', lines[one] ?? ''];
  });
  return { codes: ['ENTRIES_SWAPPED'], key: version.key, index: firstOf(version.key) + one };
}

export function duplicateEntry({ log }: Scene, random: Random): Expected {
  const version = random.pick(entriesOf(log));
  const lines = linesOf(version.bytes);
  const at = random.below(lines.length);
  editLines(version, (all) => all.splice(at, 0, lines[at] ?? ''));
  return { codes: ['ENTRY_DUPLICATED'], key: version.key, index: firstOf(version.key) + at + 1 };
}

/** One entry is changed, and everything from there on made anew and signed, by a key of the forger's own. */
export function rechain({ log, plan, written }: Scene, random: Random): Expected {
  const from = random.pick(
    [...plan.batches.keys()].filter((batch) => (plan.batches[batch]?.length ?? 0) > 0),
  );
  const batches = plan.batches.map((lines, batch) =>
    batch === from ? lines.map((line, at) => (at === 0 ? line.replace('"at"', '"aT"') : line)) : lines,
  );
  const forged = writeLog({ ...plan, batches, resigned: { from, key: newLogKey() } });
  for (const [at, version] of log.stored.entries()) {
    const { bytes, at: time } = forged[at] ?? { bytes: version.bytes, at: 0 };
    if (time >= batchTime(from)) version.bytes = bytes;
  }
  const first = written.find(({ key, at }) => key.startsWith('checkpoints/') && at === batchTime(from));
  return { codes: ['OTHER_KEY'], ...(first && { key: first.key }) };
}

export function cutTail({ log, plan }: Scene, random: Random): Expected {
  const kept = 1 + random.below(plan.batches.length - 1);
  for (const version of log.stored.filter(({ lastModified }) => lastModified >= batchTime(kept))) {
    log.remove(version);
  }
  return { codes: ['TAIL_CUT'] };
}

export function newVersion({ log }: Scene, random: Random): Expected {
  const { key } = random.pick(copies(log));
  const { versionId } = log.put(key, Buffer.from('forged'), log.takenAt);
  return { codes: ['NEW_VERSION'], key, ...(versionId && {}) };
}

/** The pointer is the one object that is overwritten: never with an older checkpoint. */
export function turnPointerBack({ log, plan }: Scene, random: Random): Expected {
  const versions = ofKind(log, 'checkpoint').filter(({ key }) => key === 'checkpoint');
  const older = versions[random.below(plan.batches.length - 1)];
  if (older !== undefined) log.put('checkpoint', older.bytes, log.takenAt);
  return { codes: ['POINTER_BACKWARDS', 'POINTER_STALE'], key: 'checkpoint' };
}

export function putDeleteMarker({ log }: Scene, random: Random): Expected {
  const { key } = random.pick(log.stored);
  log.put(key, Buffer.alloc(0), log.takenAt, true);
  return { codes: ['DELETE_MARKER'], key };
}

export function shortenRetention({ log }: Scene, random: Random): Expected {
  const version = random.pick(log.stored);
  const until = (version.lock?.until ?? 0) - (1 + random.below(3000)) * DAY;
  version.lock = { mode: 'COMPLIANCE', until };
  return { codes: ['RETENTION_SHORT'], key: version.key };
}

export function removeLock({ log }: Scene, random: Random): Expected {
  const version = random.pick(log.stored);
  version.lock = null;
  return { codes: ['LOCK_MISSING'], key: version.key };
}

export function weakenLock({ log }: Scene, random: Random): Expected {
  const version = random.pick(log.stored);
  version.lock = { mode: 'GOVERNANCE', until: version.lock?.until ?? 0 };
  return { codes: ['LOCK_WEAKER'], key: version.key };
}

/** An object is moved to another hour, another place in the log, or another size. */
export function moveKey({ log }: Scene, random: Random): Expected {
  const movable = log.stored.filter(({ key }) => /^(entries|checkpoints)\//.test(key));
  const version = random.pick(movable);
  const { key, lastModified } = version;
  if (key.startsWith('entries/') && random.chance(0.5)) {
    const hours = random.pick([-30, -3, -1, 1, 2, 50]);
    version.key = entriesKey(firstOf(key), lastModified + hours * HOUR);
  } else if (key.startsWith('entries/')) {
    version.key = entriesKey(firstOf(key) + 1 + random.below(1000), lastModified);
  } else {
    version.key = key.replace(/^checkpoints\/\d+/, `checkpoints/${10_000 + random.below(1000)}`);
  }
  return { codes: ['KEY_MOVED'], key: version.key };
}

/** The log's own key signs another history: beside a copy, in its place, or in the pointer. */
export function fork({ log, plan }: Scene, random: Random): Expected {
  const copy = random.pick(ofKind(log, 'checkpoints/'));
  const size = Number(/^checkpoints\/(\d+)/.exec(copy.key)?.[1]);
  const root = sha256(Buffer.from(`another history ${random.next()}`));
  const note = (at: number) => signedCheckpoint(plan.key, { size, root, at });
  const way = random.below(3);
  if (way === 0) copy.bytes = note(copy.lastModified);
  if (way === 1) log.put('checkpoint', note(copy.lastModified), log.takenAt);
  const hour = new Date(log.takenAt).toISOString().slice(0, 13);
  const idle = `checkpoints/${size}.idle/${hour}`;
  if (way === 2 && log.stored.some(({ key }) => key === idle)) copy.bytes = note(copy.lastModified);
  else if (way === 2) log.put(idle, note(log.takenAt), log.takenAt);
  return { codes: ['FORK'] };
}

/** An entries object that nobody's head ever counted. */
export function addStray(scene: Scene, random: Random): Expected {
  const { log } = scene;
  const first = random.below(400);
  const key = entriesKey(first, batchTime(random.below(200)));
  if (log.stored.some((version) => version.key === key)) return addStray(scene, random);
  log.put(key, gzipSync(`{"at":"2026-11-22T08:00:00.000Z","index":${first}}\n`), log.takenAt);
  return { codes: ['STRAY_OBJECT'], key };
}
