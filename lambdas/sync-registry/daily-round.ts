import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { RegistrySnapshotStore } from '../../lib/domain/registry/import-registry.ts';
import { newestDate, type RegistryVersion } from '../../lib/domain/registry/version.ts';
import type { RegistrySettings } from './config.ts';

export type DailyRoundDeps = {
  readonly snapshots: Pick<RegistrySnapshotStore, 'current'>;
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  /** Puts the source's list into the registry's incoming folder, unless its date is that of the version in use. */
  readonly fetchList: (
    registry: string,
    source: NonNullable<RegistrySettings['source']>,
    newerThan: number,
  ) => Promise<'STORED' | 'NOTHING_NEW'>;
  readonly now: () => number;
  readonly telemetry: Telemetry;
};

const DAY_MS = 86_400_000;
/** The round comes once a day, some minutes early or late. */
const ROUND_GRACE_MS = DAY_MS / 2;

/**
 * Fetches the lists that are due, and counts the registries whose version is older than its settings want. Once a day,
 * since the FTC lets each file be downloaded once in 24 hours; a fetch that failed is tried again the next day.
 */
export async function dailyRound(deps: DailyRoundDeps): Promise<void> {
  let overdue = 0;
  for (const [registry, settings] of Object.entries(deps.registries)) {
    const current = await deps.snapshots.current(registry);
    await fetchIfDue(registry, { settings, current }, deps);
    if (isOverdue(settings, current, deps.now())) overdue += 1;
  }
  deps.telemetry.metric('RegistryOverdueCount', overdue);
}

async function fetchIfDue(
  registry: string,
  { settings, current }: { settings: RegistrySettings; current: RegistryVersion | undefined },
  { fetchList, now, telemetry }: DailyRoundDeps,
): Promise<void> {
  const { source } = settings;
  if (source === undefined) return;
  const dueAt = (current?.accessedAt ?? 0) + source.everyDays * DAY_MS - ROUND_GRACE_MS;
  if (now() < dueAt) return;
  try {
    const outcome = await fetchList(registry, source, current === undefined ? 0 : newestDate(current));
    telemetry.log(outcome === 'STORED' ? 'REGISTRY_FETCHED' : 'REGISTRY_NOTHING_NEW');
  } catch (error) {
    telemetry.metric('RegistryFetchFailedCount', 1);
    telemetry.log('REGISTRY_FETCH_FAILED', { errorCode: errorCode(error) });
  }
}

/** A registry that was never imported is not overdue: whatever depends on it is blocked, which nobody overlooks. */
function isOverdue(
  { overdueDays }: RegistrySettings,
  current: RegistryVersion | undefined,
  now: number,
): boolean {
  return current !== undefined && now - current.versionAt > overdueDays * DAY_MS;
}
