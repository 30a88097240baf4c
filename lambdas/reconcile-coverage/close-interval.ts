import { decisionsWithin } from '../../lib/adapters/audit-log/entries.ts';
import { inParallel } from '../../lib/adapters/in-parallel.ts';
import type { OutboundContact } from '../../lib/domain/coverage/contact.ts';
import { type Interval, type IntervalResult, intervalResult } from '../../lib/domain/coverage/interval.ts';
import { CoverageMatcher } from '../../lib/domain/coverage/match.ts';
import type { ContactRecords, CoverageProgress } from '../../lib/domain/coverage/ports.ts';
import { dailyReport, dayOf } from '../../lib/domain/coverage/report.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { ReconcileCoverageDeps } from './reconcile-coverage.ts';

/** By how much the clocks of the platform and of the checks may differ. */
export const SKEW_MS = 60_000;
const HOUR_MS = 3_600_000;
const HOURS_OF_A_DAY = 24;
const POLL_MS = 10_000;
const WRITES_AT_ONCE = 16;

type Deps = ReconcileCoverageDeps & {
  readonly records: ContactRecords;
  /** Until when the platform is waited for; epoch milliseconds. */
  readonly until: number;
};

/**
 * Holds the contacts of one interval against the decisions. Its result is written before anything follows from it; every
 * step after that can be done again.
 *
 * @param jobId - what was asked of the platform for this interval, if that is known.
 * @returns how far the checks have come; undefined while the platform is at it, and where another run was faster.
 * @throws ComplianceError COVERAGE_JOB_LOST where the platform failed; the next run asks it anew.
 */
export async function closeInterval(
  deps: Deps,
  interval: Interval,
  jobId: string | undefined,
): Promise<CoverageProgress | undefined> {
  const { ledger, gaps, results, telemetry } = deps;
  const result = (await results.read(interval.from)) ?? (await resultOf(deps, interval, jobId));
  if (result === undefined) return undefined;
  await inParallel(result.gaps, WRITES_AT_ONCE, (gap) => gaps.open(gap, result.checkedAt));
  if (dayOf(interval.to) !== dayOf(interval.from))
    await reportDay(deps, interval.to - HOURS_OF_A_DAY * HOUR_MS);
  if ((await ledger.close(result, deps.now())) === 'CONFLICT') return undefined;
  telemetry.log('COVERAGE_CLOSED', { count: result.gaps.length });
  return { closedUntil: result.to };
}

async function resultOf(
  deps: Deps,
  interval: Interval,
  known: string | undefined,
): Promise<IntervalResult | undefined> {
  const { records, ledger, results } = deps;
  let jobId = known;
  if (jobId === undefined) {
    jobId = await records.submit(interval);
    await ledger.keepJob(interval.from, { id: jobId, ...interval });
  }
  try {
    if (!(await isDone(deps, jobId))) return undefined;
    return await results.settle(await check(deps, interval, jobId));
  } catch (error) {
    // Whatever it was, it is not to be met again with the same job.
    await ledger.keepJob(interval.from, undefined);
    throw error;
  }
}

/** False where it is not done in time: the next run asks again. */
async function isDone({ records, now, until, wait }: Deps, jobId: string): Promise<boolean> {
  for (;;) {
    const state = await records.stateOf(jobId);
    if (state === 'DONE') return true;
    if (state === 'GONE') {
      throw new ComplianceError({
        code: 'COVERAGE_JOB_LOST',
        message: 'expected the records of an interval, but the platform failed; it is asked anew',
      });
    }
    if (now() + POLL_MS >= until) return false;
    await wait(POLL_MS);
  }
}

async function check(deps: Deps, interval: Interval, jobId: string): Promise<IntervalResult> {
  const { from, to } = interval;
  const found = new Map<string, OutboundContact>();
  const leftOut = { own: 0, consults: 0 };
  for await (const page of deps.records.contacts(jobId, interval)) {
    // The platform may tell a conversation twice.
    for (const contact of page.contacts) found.set(contact.id, contact);
    leftOut.own += page.leftOut.own;
    leftOut.consults += page.leftOut.consults;
  }
  const contacts = [...found.values()];
  const window = { beforeMs: deps.windowMs, skewMs: SKEW_MS };
  const before = await deps.results.read(from - HOUR_MS);
  const matcher = new CoverageMatcher({ contacts, window, used: new Set(before?.used) });
  const tokens = new Set(contacts.flatMap(({ reached }) => (typeof reached === 'string' ? [] : reached)));
  const span = { since: from - window.beforeMs, until: to + window.skewMs };
  for await (const decision of decisionsWithin(deps.log, span, (token) => tokens.has(token)))
    matcher.add(decision);
  const matched = matcher.outcomes();
  return intervalResult({
    ...{ interval, contacts, leftOut, matched, window },
    entryId: deps.newId(),
    now: deps.now(),
  });
}

/** Written again with the same content where a run was killed after it. */
async function reportDay({ results }: Deps, from: number): Promise<void> {
  const hours = Array.from({ length: HOURS_OF_A_DAY }, (_, hour) => from + hour * HOUR_MS);
  const intervals = await Promise.all(hours.map((hour) => results.read(hour)));
  await results.report(
    dailyReport(
      dayOf(from),
      intervals.flatMap((interval) => interval ?? []),
    ),
  );
}
