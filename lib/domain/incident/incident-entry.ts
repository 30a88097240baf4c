import type { IncidentEntry } from '../log/entry.ts';
import type { IncidentEvent } from './advance.ts';
import type { Incident } from './incident.ts';

/** What happened, as the log is told: the event, or that an incident was reported. */
type Told = IncidentEvent | { readonly kind: 'REPORTED'; readonly by: string; readonly at: number };

/** The audit entry of what happened to an incident: ids, states and counts. */
export function incidentEntry(
  incident: Incident,
  event: Told,
  { id, client }: { readonly id: string; readonly client?: string },
): IncidentEntry {
  return {
    kind: 'incident',
    id,
    at: iso(event.at),
    subjects: [],
    ...(client === undefined ? {} : { client }),
    incidentId: incident.id,
    reference: incident.reference,
    event: event.kind,
    state: incident.state,
    by: event.by,
    knownAt: iso(incident.knownAt),
    ...(incident.risk === undefined ? {} : { risk: incident.risk }),
    ...detailsOf(event),
  };
}

function detailsOf(event: Told): Partial<IncidentEntry> {
  switch (event.kind) {
    case 'AFFECTED_ATTACHED':
      return { affectedSha256: event.affected.sha256, counts: { affected: event.affected.rows } };
    case 'PREPARED':
      return { template: event.template.name };
    case 'NOTIFIED':
      return { counts: { ...event.counts } };
    case 'AUTHORITY_NOTIFIED': {
      const { clock, authority, at, delayReason } = event.notice;
      return { clock, authority, notifiedAt: iso(at), ...(delayReason === undefined ? {} : { delayReason }) };
    }
    case 'EXEMPTED':
      return { ground: event.ground };
    case 'WAIVED':
      return { clock: event.clock };
    default:
      return {};
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
