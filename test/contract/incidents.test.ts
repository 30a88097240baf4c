import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../lib/adapters/audit-log/entries.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { advance } from '../../lib/domain/incident/advance.ts';
import { clockRows } from '../../lib/domain/incident/clocks.ts';
import type { Incident } from '../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../lib/domain/incident/incident-entry.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { ASSESSED, eventOf, incidentOf, KNOWN } from '../support/incidents.ts';

let db: TestDynamoDb;
let ids = 0;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

function newId(): string {
  ids += 1;
  return `01990000-0000-7000-8000-${String(ids).padStart(12, '0')}`;
}

/** A store whose way to the log can be cut. */
function newStore() {
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const state = { cut: false, keptBack: 0 };
  const incidents = new DynamoIncidents({
    client: db.client,
    table: TABLES.cases,
    contactPoints: {
      record: async (entry, now) => {
        if (state.cut) throw new Error('the table is down');
        await contactPoints.record(entry, now);
      },
    },
    keptBack: () => {
      state.keptBack += 1;
    },
    now: () => 1,
  });
  return { incidents, state };
}

function reported(changes: Partial<Incident> = {}) {
  const incident = incidentOf({ id: newId(), ...changes });
  const told = { kind: 'REPORTED', by: 'soc-1', at: KNOWN } as const;
  return { incident, entry: incidentEntry(incident, told, { id: newId() }) };
}

function assessed(incident: Incident) {
  const event = eventOf(ASSESSED);
  const next = advance(incident, event, clockRows());
  return { incident: next, entry: incidentEntry(next, event, { id: newId() }) };
}

/** Events of an incident that wait for the log. */
async function waiting(incidentId: string): Promise<readonly string[]> {
  const { entries } = await new DynamoPendingEntries(db.client, TABLES.contactPoints).collect(EVERYTHING);
  return entries
    .flatMap(({ entry }) =>
      entry.kind === 'incident' && entry.incidentId === incidentId ? [entry.event] : [],
    )
    .toSorted();
}

describe('a kept incident', () => {
  it('comes back as it was, and is taken in once', async () => {
    const { incidents } = newStore();
    const change = reported();
    const { incident } = change;
    expect(await incidents.create(change)).toBe('CREATED');
    expect(await incidents.read(incident.id)).toEqual(incident);
    const other = reported({ id: incident.id, reference: 'SEC-18' });
    expect(await incidents.create(other)).toBe('EXISTS');
    expect((await incidents.read(incident.id))?.reference).toBe('SEC-17');
    expect(await incidents.read(newId())).toBeUndefined();
    expect(await waiting(incident.id)).toEqual(['REPORTED']);
  });

  it('is changed by one of two who read the same version, with one entry', async () => {
    const { incidents } = newStore();
    const change = reported();
    await incidents.create(change);
    const outcomes = await Promise.all([1, 2].map(() => incidents.save(assessed(change.incident))));
    expect(outcomes.toSorted()).toEqual(['CONFLICT', 'SAVED']);
    expect(await waiting(change.incident.id)).toEqual(['ASSESSED', 'REPORTED']);
    expect(await incidents.read(change.incident.id)).toMatchObject({ state: 'ASSESSED', version: 2 });
  });

  it('has its entries even if the way to the log was cut, once each', async () => {
    const { incidents, state } = newStore();
    const change = reported();
    state.cut = true;
    await incidents.create(change);
    expect(await incidents.save(assessed(change.incident))).toBe('SAVED');
    expect([state.keptBack, await waiting(change.incident.id)]).toEqual([2, []]);
    await expect(incidents.logOverdue()).rejects.toThrow('down');
    state.cut = false;
    expect(await incidents.logOverdue()).toBe(2);
    expect(await incidents.logOverdue()).toBe(0);
    expect(await waiting(change.incident.id)).toEqual(['ASSESSED', 'REPORTED']);
  });

  it('is among all, the one received first in front', async () => {
    const { incidents } = newStore();
    const made = [3, 1, 2].map((at) => reported({ receivedAt: at, reference: `R-${at}` }));
    for (const change of made) await incidents.create(change);
    expect((await incidents.all()).map(({ reference }) => reference).slice(0, 3)).toEqual([
      'R-1',
      'R-2',
      'R-3',
    ]);
  });
});
