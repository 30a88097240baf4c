import { advance, type IncidentEvent } from '../../lib/domain/incident/advance.ts';
import { type ClockRow, clockRows } from '../../lib/domain/incident/clocks.ts';
import { Incident } from '../../lib/domain/incident/incident.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the incident of these tests was known. */
export const KNOWN = Date.parse('2026-11-20T15:00:00Z');

export const CONTACT = {
  url: 'https://example.com/incident',
  phone: '+13175550199',
  email: 'privacy@example.com',
  preferencesUrl: 'https://example.com/preferences',
};

/** A reported incident, read by the production schema. */
export function incidentOf(changes: Partial<Incident> = {}): Incident {
  return Incident.parse({
    id: '01990000-0000-7000-8000-000000000001',
    version: 1,
    kind: 'PERSONAL_DATA_BREACH',
    state: 'REPORTED',
    reference: 'SEC-17',
    receivedAt: KNOWN,
    receivedBy: 'soc-1',
    source: 'API',
    knownAt: KNOWN,
    role: 'CONTROLLER',
    dataElements: [],
    jurisdictions: ['DE'],
    documents: [],
    authorityNotices: [],
    ...changes,
  });
}

type Unstamped<Event> = Event extends IncidentEvent
  ? Omit<Event, 'by' | 'at'> & { readonly by?: string; readonly at?: number }
  : never;
export type Step = Unstamped<IncidentEvent>;

export const SHA = 'a'.repeat(64);
export const AFFECTED = { bucketKey: 'incidents/1/affected.csv', versionId: 'v1', sha256: SHA, rows: 3 };
export const ASSESSED = {
  kind: 'ASSESSED',
  assessment: { risk: 'HIGH', dataElements: ['EMAIL_ADDRESS'], contact: CONTACT },
  documents: [],
} satisfies Step;
export const DOCUMENTED = {
  kind: 'ASSESSED',
  assessment: {},
  documents: (['FACTS', 'EFFECTS', 'REMEDIAL_ACTION'] as const).map((about) => ({
    about,
    id: `doc:${about}`,
    sha256: SHA,
  })),
} satisfies Step;
export const ATTACHED = { kind: 'AFFECTED_ATTACHED', affected: AFFECTED } satisfies Step;
export const PREPARED = {
  kind: 'PREPARED',
  template: { name: 'breach-standard', purpose: 'BREACH_NOTICE' },
} satisfies Step;
export const RELEASED = { kind: 'RELEASED', by: 'legal-1' } satisfies Step;
export const NOTIFIED = { kind: 'NOTIFIED', by: 'send-notices', counts: { SENT: 3 } } satisfies Step;
export const EXEMPTED = {
  kind: 'EXEMPTED',
  ground: 'UNINTELLIGIBLE_DATA',
  document: 'doc:exemption',
} satisfies Step;

/** What a step says, by dpo-1 an hour after the breach was known where it says nothing else. */
export function eventOf(step: Step): IncidentEvent {
  return { by: 'dpo-1', at: KNOWN + HOUR, ...step };
}

/** The incident after these steps. */
export function afterSteps(
  steps: readonly Step[],
  start = incidentOf(),
  rows: readonly ClockRow[] = clockRows(),
): Incident {
  return steps.reduce((incident, step) => advance(incident, eventOf(step), rows), start);
}
