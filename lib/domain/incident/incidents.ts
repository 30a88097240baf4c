import type { IncidentEntry } from '../log/entry.ts';
import type { Incident } from './incident.ts';

/** An incident as it is to be, and the entry that says what happened to it. */
export type IncidentChange = { readonly incident: Incident; readonly entry?: IncidentEntry };

/** Where incidents are kept. No change is without its entry: what was written and not yet logged is found again. */
export interface Incidents {
  /** Takes an incident in; one that is there already stays as it is. */
  create(change: IncidentChange): Promise<'CREATED' | 'EXISTS'>;
  /** Strongly consistent; undefined if there is none. */
  read(id: string): Promise<Incident | undefined>;
  /** Writes unless the incident was changed since the version before. */
  save(change: IncidentChange): Promise<'SAVED' | 'CONFLICT'>;
  /** Every incident, the one received first in front. */
  all(): Promise<readonly Incident[]>;
  /** Hands entries to the log that a crash kept back; how many. */
  logOverdue(): Promise<number>;
}
