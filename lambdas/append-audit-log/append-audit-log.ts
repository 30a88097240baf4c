import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { type BatchLimit, batchText, nextBatch, placesOf, readBatch } from '../../lib/domain/log/batch.ts';
import type { LoggedEntry } from '../../lib/domain/log/entry.ts';
import type { LogHead } from '../../lib/domain/log/head.ts';
import type {
  Collected,
  LegalAlertOutbox,
  LogHeads,
  LogObjects,
  PendingEntries,
} from '../../lib/domain/log/log-ports.ts';
import { logObjectKey } from '../../lib/domain/log/object-key.ts';
import type { PendingEntry } from '../../lib/domain/log/pending.ts';
import type { Reviews } from '../../lib/domain/opt-out/review.ts';
import type { PolicyArchive } from '../../lib/domain/policy/archive.ts';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import type { LegalAlerts } from '../../lib/domain/ports.ts';
import { deliverLegalAlerts } from './deliver-legal-alerts.ts';
import { createKeepPolicies, type KeepPolicies } from './keep-policies.ts';
import { reportOverdueReviews } from './report-overdue-reviews.ts';

export type AppendAuditLogDeps = {
  readonly heads: LogHeads;
  readonly pending: PendingEntries;
  readonly objects: LogObjects;
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

/**
 * Moves what waits into the log, in numbered, write-once objects. May be killed anywhere and run by any number of
 * processes at once: docs/adr/0003-audit-log-writer.md argues why no entry is lost, logged twice or left a gap.
 *
 * @returns how many entries this run appended, or `undefined` where another writer holds the lease.
 */
export function createAppendAuditLog(given: AppendAuditLogDeps) {
  const deps = { ...given, keepPolicies: createKeepPolicies(given) };
  return async (): Promise<{ readonly appended: number } | undefined> => {
    const startedAt = deps.now();
    const lease = { owner: deps.newId(), now: startedAt, leaseUntil: startedAt + LEASE_MS };
    const head = await deps.heads.acquire(lease);
    if (head === undefined) {
      deps.telemetry.log('LEASE_HELD');
      return undefined;
    }
    try {
      return await appendAll(deps, head, startedAt);
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

type Deps = AppendAuditLogDeps & { readonly keepPolicies: KeepPolicies };

async function appendAll(
  deps: Deps,
  acquired: LogHead,
  startedAt: number,
): Promise<{ readonly appended: number }> {
  let head = await clearFormer(deps, acquired);
  let collected = await deps.pending.collect(deps.batchLimit);
  reportWaiting(deps, collected, startedAt);
  const sizeBefore = head.size;
  while (collected.entries.length > 0) {
    const next = await appendBatch(deps, head, collected.entries);
    const all = next.size - head.size >= collected.entries.length && !isFull(collected, deps.batchLimit);
    head = next;
    // What came in meanwhile is the next run's: one object a minute, not one for every few entries.
    if (all || deps.now() - startedAt > RUN_MS) break;
    collected = await deps.pending.collect(deps.batchLimit);
  }
  await deps.heads.release(head.fence);
  const appended = head.size - sizeBefore;
  deps.telemetry.metric('AuditEntriesCount', appended);
  return { appended };
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
async function appendBatch(deps: Deps, head: LogHead, found: readonly PendingEntry[]): Promise<LogHead> {
  const { fence, size: first } = head;
  const key = head.batch?.key ?? logObjectKey(first, deps.now());
  if (head.batch === undefined) await deps.heads.intend(fence, { state: 'INTENDED', key, first });
  const batch = nextBatch(found, deps.batchLimit);
  await deps.keepPolicies(batch.map(({ entry }) => entry));
  const { text, sha256 } = await deps.objects.settle(key, batchText(first, batch));
  const logged = readBatch(first, text);
  await deps.heads.commit(fence, { state: 'COMMITTED', key, first, count: logged.length, sha256 });
  return await endBatch(deps, { fence, size: first + logged.length }, { logged, found });
}

/** All that must happen before the batch may be forgotten; each step may be done twice. */
async function endBatch(
  deps: AppendAuditLogDeps,
  { fence, size }: LogHead,
  { logged, found }: { readonly logged: readonly LoggedEntry[]; readonly found: readonly PendingEntry[] },
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

/** The lag is told by the entries' own times: an item that is never empty keeps its `pendingSince` for ever. */
function reportWaiting(
  { telemetry }: AppendAuditLogDeps,
  { entries, unreadable }: Collected,
  now: number,
): void {
  const oldest = entries.reduce((least, { entry }) => Math.min(least, Date.parse(entry.at)), now);
  telemetry.metric('AuditLagMs', now - oldest);
  telemetry.metric('AuditUnreadableCount', unreadable);
  if (unreadable > 0) telemetry.log('PENDING_ENTRY_UNREADABLE', { count: unreadable });
}
