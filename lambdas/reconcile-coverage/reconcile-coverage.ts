import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { closableUntil, hourOf, nextInterval } from '../../lib/domain/coverage/interval.ts';
import type {
  ContactRecords,
  CoverageGaps,
  CoverageLedger,
  CoverageProgress,
  CoverageResults,
} from '../../lib/domain/coverage/ports.ts';
import type { LogObjects, LogProgress } from '../../lib/domain/log/log-ports.ts';
import { closeInterval, SKEW_MS } from './close-interval.ts';

export type ReconcileCoverageDeps = {
  /** Undefined where no platform is connected. */
  readonly records: ContactRecords | undefined;
  readonly ledger: CoverageLedger;
  readonly gaps: Pick<CoverageGaps, 'open' | 'countOpen'>;
  readonly results: CoverageResults;
  readonly log: Pick<LogObjects, 'texts'>;
  readonly progress: LogProgress;
  /** How long before a contact its decision may lie. */
  readonly windowMs: number;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
};

/** What is begun later is left to the next run, which comes within ten minutes. */
const RUN_MS = 5 * 60_000;

/**
 * Holds the outbound contacts of each hour that is over against the decisions on record, the oldest first. An hour waits
 * until the platform's records and the log are whole. May be killed anywhere and run by several processes: an hour's result
 * is written once, and closed once.
 */
export function createReconcileCoverage(deps: ReconcileCoverageDeps): () => Promise<void> {
  return async () => {
    const { records, ledger, now } = deps;
    await ledger.logOverdue();
    if (records === undefined) {
      deps.telemetry.metric('CoverageLateMs', 0);
      return;
    }
    const until = now() + RUN_MS;
    let progress = await ledger.begin(hourOf(now()));
    try {
      const availableUntil = await records.availableUntil();
      while (now() < until) {
        const closed = await closeNext({ ...deps, records, until }, progress, availableUntil);
        if (closed === undefined) break;
        progress = closed;
      }
      const behind = closableUntil({ now: now(), availableUntil }) - progress.closedUntil;
      deps.telemetry.metric('CoverageLateMs', Math.max(0, behind));
    } finally {
      deps.telemetry.metric('CoverageAgeMs', now() - progress.closedUntil);
      deps.telemetry.metric('CoverageGapCount', await deps.gaps.countOpen());
    }
  };
}

/** Undefined where there is nothing to close yet, or another run was faster. */
async function closeNext(
  deps: ReconcileCoverageDeps & { readonly records: ContactRecords; readonly until: number },
  { closedUntil, job }: CoverageProgress,
  availableUntil: number,
): Promise<CoverageProgress | undefined> {
  const interval = nextInterval(closedUntil, closableUntil({ now: deps.now(), availableUntil }));
  if (interval === undefined) return undefined;
  if (!(await deps.progress.isLoggedUntil(interval.to + SKEW_MS))) {
    deps.telemetry.log('COVERAGE_WAITS_FOR_LOG');
    return undefined;
  }
  const known = job?.from === interval.from && job.to === interval.to ? job.id : undefined;
  return await closeInterval(deps, interval, known);
}
