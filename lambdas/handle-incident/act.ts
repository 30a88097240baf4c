import type * as z from 'zod';
import { type ApiRequest, type ApiResponse, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { respondRefused } from '../../lib/adapters/http/refusals.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { type Assessment, advance, type IncidentEvent } from '../../lib/domain/incident/advance.ts';
import { Incident } from '../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../lib/domain/incident/incident-entry.ts';
import { registered } from '../../lib/domain/incident/register.ts';
import { HAPPENINGS, Happening } from './event.ts';
import type { HandleIncidentDeps } from './handle-incident.ts';

type Said = z.infer<(typeof HAPPENINGS)[keyof typeof HAPPENINGS]>;

/** What somebody says happened to an incident: one change, one entry. */
export async function act(request: ApiRequest, deps: HandleIncidentDeps): Promise<ApiResponse> {
  const named = Happening.safeParse(request.body);
  if (!named.success) return respondInvalid(named.error);
  const said = HAPPENINGS[named.data.event].safeParse(request.body);
  if (!said.success) return respondInvalid(said.error);
  const id = Incident.shape.id.safeParse(request.pathParameters['id']);
  const incident = id.success ? await deps.incidents.read(id.data) : undefined;
  if (incident === undefined) return respondRefused({ code: 'UNKNOWN_INCIDENT' });
  const event = await eventOf(incident, said.data, deps);
  const next = advance(incident, event, deps.rows);
  const entry = incidentEntry(next, event, { id: deps.newId(), client: request.client });
  if ((await deps.incidents.save({ incident: next, entry })) === 'SAVED') {
    return respond(200, { accepted: true, ...registered(next, deps.rows, event.at) });
  }
  throw new ComplianceError({
    code: 'INCIDENT_BUSY',
    message: 'expected an incident that nobody else was changing; nothing was written, send it again',
  });
}

async function eventOf(incident: Incident, said: Said, deps: HandleIncidentDeps): Promise<IncidentEvent> {
  const at = deps.now();
  switch (said.kind) {
    case 'ASSESSED':
      return { ...said, at, assessment: assessmentOf(incident, said.assessment, deps) };
    case 'AFFECTED_ATTACHED':
      return {
        ...{ kind: said.kind, by: said.by, at },
        affected: await deps.measured(incident.id, said.versionId),
      };
    case 'PREPARED':
      await refuseUnapproved(said.template.name, deps);
      return { ...said, at };
    default:
      return { ...said, at };
  }
}

/** A ticket does not say how people reach the operator: the settings do, unless somebody says otherwise. */
function assessmentOf(
  incident: Incident,
  said: Extract<Said, { kind: 'ASSESSED' }>['assessment'],
  deps: HandleIncidentDeps,
): Assessment {
  const contact = said.contact ?? incident.contact ?? deps.contact;
  return { ...given(said), ...(contact === undefined ? {} : { contact }) };
}

/** Nobody releases notices whose words Legal has not seen. */
async function refuseUnapproved(name: string, { templates }: HandleIncidentDeps): Promise<void> {
  const versions = await templates.list();
  if (versions.some((version) => version.name === name && version.approval !== undefined)) return;
  throw new ComplianceError({
    code: 'TEMPLATE_NOT_APPROVED',
    message: 'expected a template with an approved version, got one without; nothing was changed',
  });
}

/** Without what was not said. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const said: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in values) {
    const value = values[key];
    if (isGiven(value)) said[key] = value;
  }
  return said;
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
