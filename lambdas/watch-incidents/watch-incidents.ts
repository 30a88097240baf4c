import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type ClockRow, clocksOf } from '../../lib/domain/incident/clocks.ts';
import type { Incidents } from '../../lib/domain/incident/incidents.ts';

export type WatchIncidentsDeps = {
  readonly incidents: Pick<Incidents, 'all'>;
  /** Hand entries to the log that a crash kept back. */
  readonly outboxes: readonly { logOverdue(): Promise<number> }[];
  readonly rows: readonly ClockRow[];
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** Nobody has said yet what an incident is about, an hour after it was reported. */
const UNASSESSED_MS = 3_600_000;

/** Tells how many clocks run out within a day, or ran out, and how many incidents nobody has looked at. */
export function createWatchIncidents(deps: WatchIncidentsDeps): () => Promise<void> {
  return async () => {
    const { incidents, outboxes, rows, telemetry } = deps;
    for (const outbox of outboxes) await outbox.logOverdue();
    const now = deps.now();
    const open = (await incidents.all()).filter(({ state }) => state !== 'CLOSED');
    const states = open.flatMap((incident) => clocksOf(incident, rows, now).map((clock) => clock.state));
    telemetry.metric('IncidentClockDueCount', states.filter((state) => state === 'DUE').length);
    telemetry.metric('IncidentClockLateCount', states.filter((state) => state === 'LATE').length);
    const unassessed = open.filter(
      ({ state, receivedAt }) => state === 'REPORTED' && now - receivedAt > UNASSESSED_MS,
    );
    telemetry.metric('IncidentUnassessedCount', unassessed.length);
  };
}
