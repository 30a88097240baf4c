import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import {
  type BatchLimit,
  batchText,
  leavesOf,
  nextBatch,
  placesOf,
  readBatch,
} from '../../lib/domain/log/batch.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { LogHead } from '../../lib/domain/log/head.ts';
import type {
  Collected,
  LegalAlertOutbox,
  LogHeads,
  LogObjects,
  LogSigner,
  PendingEntries,
  TreeObjects,
} from '../../lib/domain/log/log-ports.ts';
import { logObjectKey } from '../../lib/domain/log/object-key.ts';
import type { PendingEntry } from '../../lib/domain/log/pending.ts';
import type { Reviews } from '../../lib/domain/opt-out/review.ts';
import type { PolicyArchive } from '../../lib/domain/policy/archive.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import type { LegalAlerts } from '../../lib/domain/ports.ts';
import { deliverLegalAlerts } from './deliver-legal-alerts.ts';
import { createKeepPolicies, type KeepPolicies } from './keep-policies.ts';
import { createPublishTree, type Leaves, type PublishTree } from './publish-tree.ts';
import { reportOverdueReviews } from './report-overdue-reviews.ts';

export type AppendAuditLogDeps = {
  readonly heads: LogHeads;
  readonly pending: PendingEntries;
  readonly objects: LogObjects;
  readonly tree: TreeObjects;
  readonly signer: LogSigner;
  /** The log's name: the origin of its checkpoints. */
  readonly origin: string;
  readonly outbox: LegalAlertOutbox;
  readonly alerts: LegalAlerts;
  readonly reviews: Pick<Reviews, 'waiting'>;
  readonly policies: Pick<PolicyArchive, 'keep' | 'has'>;
  /** The policy of this deployment: its document is kept before the first decision under it is logged. */
  readonly policy: Policy;
  readonly batchLimit: BatchLimit;
  readonly now: () => number;
  readonly newId: () => string;
  readonly telemetry: Telemetry;
};

/** The Lambda's own time-out: a run that holds the lease any longer is dead. Only liveness hangs on it. */
const LEASE_MS = 55_000;
/** No batch is begun later than this into a run. */
const RUN_MS = 40_000;
/** No entries object is read later than this into a run, to bring a tree that lags up to them. */
const CATCH_UP_MS = 45_000;

/**
 * Moves what waits into the log, in numbered, write-once objects. May be killed anywhere and run by any number of
 * processes at once: docs/adr/0003-audit-log-writer.md argues why no entry is lost, logged twice or left a gap.
 *
 * @returns how many entries this run appended, or `undefined` where another writer holds the lease.
 */
export function createAppendAuditLog(given: AppendAuditLogDeps) {
  const deps = { ...given, keepPolicies: createKeepPolicies(given), publishTree: createPublishTree(given) };
  return async (): Promise<{ readonly appended: number } | undefined> => {
    const startedAt = deps.now();
    // Before the head: what was signed by then, the head must count, however many writers there are.
    const signed = await signedSize(deps);
    const lease = { owner: deps.newId(), now: startedAt, leaseUntil: startedAt + LEASE_MS };
    const head = await deps.heads.acquire(lease);
    if (head === undefined) {
      deps.telemetry.log('LEASE_HELD');
      return undefined;
    }
    try {
      if (head.size < signed) throw headBehind(head, signed);
      return await appendAndPublish(deps, head, startedAt);
    } catch (error) {
      if (!(error instanceof ComplianceError && error.code === 'FENCED')) throw error;
      deps.telemetry.log('FENCED');
      return undefined;
    } finally {
      await deliverLegalAlerts(deps);
      await reportOverdueReviews(deps);
    }
  };
}

type Deps = AppendAuditLogDeps & { readonly keepPolicies: KeepPolicies; readonly publishTree: PublishTree };

async function appendAndPublish(
  deps: Deps,
  head: LogHead,
  startedAt: number,
): Promise<{ readonly appended: number }> {
  const { size, fresh, seenUntil } = await appendAll(deps, head, startedAt);
  const appended = size - head.size;
  deps.telemetry.metric('AuditEntriesCount', appended);
  const newest = await deps.publishTree({ size, fresh, until: startedAt + CATCH_UP_MS });
  deps.telemetry.metric('AuditCheckpointAgeMs', deps.now() - newest.at);
  const loggedUntil = Math.max(seenUntil, head.loggedUntil ?? 0);
  await deps.heads.release(head.fence, newest.size === size ? loggedUntil : head.loggedUntil);
  return { appended };
}

type Appended = {
  readonly size: number;
  readonly fresh: readonly Leaves[];
  /** Epoch milliseconds: nothing that was recorded before still waits. */
  readonly seenUntil: number;
};

async function appendAll(deps: Deps, acquired: LogHead, startedAt: number): Promise<Appended> {
  let head = await clearFormer(deps, acquired);
  let collectedAt = startedAt;
  let collected = await deps.pending.collect(deps.batchLimit);
  reportWaiting(deps, collected, { startedAt, loggedUntil: acquired.loggedUntil });
  const fresh: Leaves[] = [];
  while (collected.entries.length > 0) {
    const { next, text } = await appendBatch(deps, head, collected.entries);
    fresh.push({ first: head.size, leaves: leavesOf(text) });
    const all = next.size - head.size >= collected.entries.length && !isFull(collected, deps.batchLimit);
    head = next;
    // What came in meanwhile is the next run's: one object a minute, not one for every few entries.
    if (all) break;
    if (deps.now() - startedAt > RUN_MS) {
      return { size: head.size, fresh, seenUntil: oldestOf(collected, collectedAt) };
    }
    collectedAt = deps.now();
    collected = await deps.pending.collect(deps.batchLimit);
  }
  return { size: head.size, fresh, seenUntil: collectedAt };
}

/** How many entries are signed, as far as the pointer says; it is verified before anything is built on it. */
async function signedSize({ tree }: AppendAuditLogDeps): Promise<number> {
  const pointer = await tree.pointer();
  return Number(pointer?.note.split('\n')[1] ?? 0);
}

/** What is signed is in the log: a head that counts less was taken back, and would number entries a second time. */
function headBehind({ size }: LogHead, signed: number): ComplianceError {
  return new ComplianceError({
    code: 'LOG_HEAD_BEHIND',
    message: `expected a head of at least the ${signed} entries that are signed, got ${size}; nothing was appended`,
  });
}

function isFull({ entries }: Collected, limit: BatchLimit): boolean {
  return entries.length >= limit.entries || entries.reduce((sum, { size }) => sum + size, 0) >= limit.size;
}

/** A former run counted its batch, but was stopped before its end: what follows the count is done again. */
async function clearFormer(deps: AppendAuditLogDeps, head: LogHead): Promise<LogHead> {
  const { batch } = head;
  if (batch?.state !== 'COMMITTED') return head;
  const { text } = await deps.objects.read(batch.key);
  return await endBatch(deps, head, { logged: readBatch(batch.first, text), found: [] });
}

/**
 * Fixes the key, writes the object, counts it, clears it. A key that a former run fixed is kept, so that there is one
 * key for each first index; whoever writes it first has written the batch, and everybody else adopts that.
 */
async function appendBatch(
  deps: Deps,
  head: LogHead,
  found: readonly PendingEntry[],
): Promise<{ readonly next: LogHead; readonly text: string }> {
  const { fence, size: first } = head;
  const key = head.batch?.key ?? logObjectKey(first, deps.now());
  if (head.batch === undefined) await deps.heads.intend(fence, { state: 'INTENDED', key, first });
  const batch = nextBatch(found, deps.batchLimit);
  await deps.keepPolicies(batch.map(({ entry }) => entry));
  const ours = batchText(first, batch);
  const { text, sha256 } = await deps.objects.settle(key, ours);
  const logged = text === ours ? batch.map(({ entry }) => entry) : readBatch(first, text);
  await deps.heads.commit(fence, { state: 'COMMITTED', key, first, count: logged.length, sha256 });
  const next = await endBatch(deps, { fence, size: first + logged.length }, { logged, found });
  return { next, text };
}

/** All that must happen before the batch may be forgotten; each step may be done twice. */
async function endBatch(
  deps: AppendAuditLogDeps,
  { fence, size }: LogHead,
  { logged, found }: { readonly logged: readonly Entry[]; readonly found: readonly PendingEntry[] },
): Promise<LogHead> {
  for (const entry of logged) {
    if (entry.kind !== 'decision' || entry.legalAlert !== 'FAILED') continue;
    const { decisionId, at, contact } = entry;
    await deps.outbox.add({ decisionId, at, campaignId: contact.campaignId });
  }
  await deps.pending.clear(placesOf(logged, found));
  await deps.heads.finish(fence);
  return { fence, size };
}

/**
 * The lag is how long something recorded has not been in the log and signed. It is told by the entries' own times: an
 * item that is never empty keeps its `pendingSince` for ever.
 */
function reportWaiting(
  { telemetry }: AppendAuditLogDeps,
  collected: Collected,
  {
    startedAt,
    loggedUntil = startedAt,
  }: { readonly startedAt: number; readonly loggedUntil?: number | undefined },
): void {
  const { unreadable } = collected;
  telemetry.metric('AuditLagMs', startedAt - Math.min(loggedUntil, oldestOf(collected, startedAt)));
  telemetry.metric('AuditUnreadableCount', unreadable);
  if (unreadable > 0) telemetry.log('PENDING_ENTRY_UNREADABLE', { count: unreadable });
}

/** When the oldest of the entries was made, or `now` if there is none older. Epoch milliseconds. */
function oldestOf({ entries }: Collected, now: number): number {
  return entries.reduce((least, { entry }) => Math.min(least, Date.parse(entry.at)), now);
}
