import { describe, expect, it } from 'vitest';
import { createWatchIncidents } from '../../../lambdas/watch-incidents/watch-incidents.ts';
import { clockRows } from '../../../lib/domain/incident/clocks.ts';
import type { Incident } from '../../../lib/domain/incident/incident.ts';
import { HOUR, incidentOf, KNOWN } from '../../support/incidents.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';

/** Looks once, some time after the incidents were known. */
async function look(incidents: readonly Incident[], after: number) {
  const now = () => KNOWN + after;
  const { telemetry, values } = recordedTelemetry(now);
  let handedOn = 0;
  const outbox = {
    logOverdue: async () => {
      handedOn += 1;
      return 1;
    },
  };
  await createWatchIncidents({
    incidents: { all: async () => incidents },
    outboxes: [outbox, outbox],
    rows: clockRows(),
    telemetry,
    now,
  })();
  return {
    handedOn,
    due: values('IncidentClockDueCount'),
    late: values('IncidentClockLateCount'),
    unassessed: values('IncidentUnassessedCount'),
  };
}

const RISK = incidentOf({ state: 'ASSESSED', risk: 'RISK' });

describe('a look at incidents', () => {
  it.each<{ what: string; incidents: Incident[]; after: number; counts: [number, number, number] }>([
    { what: 'nothing', incidents: [], after: 0, counts: [0, 0, 0] },
    { what: 'a day and more is left', incidents: [RISK], after: 48 * HOUR - 1, counts: [0, 0, 0] },
    { what: 'a day is left', incidents: [RISK, RISK], after: 48 * HOUR, counts: [2, 0, 0] },
    { what: 'it is too late', incidents: [RISK], after: 72 * HOUR + 1, counts: [0, 1, 0] },
    { what: 'it is closed', incidents: [{ ...RISK, state: 'CLOSED' }], after: 99 * HOUR, counts: [0, 0, 0] },
    { what: 'it was reported an hour ago', incidents: [incidentOf()], after: HOUR, counts: [0, 0, 0] },
    { what: 'nobody looked for an hour', incidents: [incidentOf()], after: HOUR + 1, counts: [0, 0, 1] },
  ])('counts: $what', async ({ incidents, after, counts: [due, late, unassessed] }) => {
    expect(await look(incidents, after)).toEqual({
      due: [due],
      late: [late],
      unassessed: [unassessed],
      handedOn: 2,
    });
  });
});
