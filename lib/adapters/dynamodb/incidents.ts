import * as z from 'zod';
import { Incident } from '../../domain/incident/incident.ts';
import type { IncidentChange, Incidents } from '../../domain/incident/incidents.ts';
import { LoggedCases, type LoggedCasesDeps } from './logged-cases.ts';

const Stored = z.object({ incident: Incident });

/** Incidents in the table of cases, one item each. */
export class DynamoIncidents implements Incidents {
  readonly #cases: LoggedCases;

  constructor(deps: LoggedCasesDeps) {
    this.#cases = new LoggedCases('incident', deps);
  }

  async create({ incident, entry }: IncidentChange) {
    const { id, version } = incident;
    return (await this.#cases.create(id, { version, set: { incident }, entry })) ? 'CREATED' : 'EXISTS';
  }

  async read(id: string): Promise<Incident | undefined> {
    const item = await this.#cases.read(id);
    return item === undefined ? undefined : Stored.parse(item).incident;
  }

  async save({ incident, entry }: IncidentChange) {
    const { id, version } = incident;
    return (await this.#cases.update(id, { version, set: { incident }, entry })) ? 'SAVED' : 'CONFLICT';
  }

  async all(): Promise<readonly Incident[]> {
    const incidents = (await this.#cases.all()).map((item) => Stored.parse(item).incident);
    return incidents.toSorted((a, b) => a.receivedAt - b.receivedAt);
  }

  async logOverdue(): Promise<number> {
    return await this.#cases.logOverdue();
  }
}
