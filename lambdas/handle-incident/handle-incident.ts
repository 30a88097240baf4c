import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import {
  type ApiRequest,
  type ApiResponse,
  readApiRequest,
  respond,
  respondInvalid,
} from '../../lib/adapters/http/api.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { ClockRow } from '../../lib/domain/incident/clocks.ts';
import { Incident, type NoticeContact } from '../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../lib/domain/incident/incident-entry.ts';
import type { Incidents } from '../../lib/domain/incident/incidents.ts';
import { registered } from '../../lib/domain/incident/register.ts';
import type { TemplateDrafts } from '../../lib/domain/incident/templates.ts';
import { act } from './act.ts';
import { NewIncident } from './event.ts';
import { approveTemplate, listTemplates, showTemplate, writeTemplate } from './notice-templates.ts';

export type HandleIncidentDeps = {
  readonly incidents: Incidents;
  readonly templates: TemplateDrafts;
  /** The list of who is to be told, as it lies there. */
  readonly measured: (incidentId: string, versionId?: string) => Promise<NonNullable<Incident['affected']>>;
  /** How many notices of an incident are in which state; undefined where none were begun. */
  readonly noticeCounts: (incidentId: string) => Promise<Readonly<Record<string, number>> | undefined>;
  readonly rows: readonly ClockRow[];
  readonly contact: NoticeContact | undefined;
  readonly residency: Residency;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/** Incidents and the texts of their notices over HTTP. What follows from a release is done by send-notices. */
export function createHandleIncident(deps: HandleIncidentDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const request = readApiRequest(event);
    try {
      return await answer(request, deps);
    } catch (error) {
      if (error instanceof ComplianceError && error.code in STATUS) {
        const status = STATUS[error.code] ?? 409;
        return respond(status, { accepted: false, code: error.code, message: error.message });
      }
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}

/** What may not be done, or not now: said as it is, since it holds nothing about a person. */
const STATUS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [
      ...['WRONG_STATE', 'SAME_PERSON', 'RISK_NOT_JUDGED', 'AFFECTED_MISSING', 'CONTACT_MISSING', 'EXEMPT'],
      ...['UNKNOWN_CLOCK', 'NOT_YET_KNOWN', 'IN_THE_FUTURE', 'DELAY_REASON_MISSING', 'TOLD_BEFORE'],
      ...['NOT_TOLD_BEFORE', 'DOCUMENTS_MISSING', 'CLOCKS_OPEN', 'INCIDENT_BUSY', 'TEMPLATE_NOT_APPROVED'],
      ...['OTHER_TEXT', 'TEMPLATE_BUSY'],
    ].map((code) => [code, 409]),
  ),
  UNKNOWN_TEMPLATE: 404,
  LIST_MISSING: 422,
  LIST_REFUSED: 422,
  LIST_EMPTY: 422,
};

async function answer(request: ApiRequest, deps: HandleIncidentDeps): Promise<ApiResponse> {
  switch (request.route) {
    case 'POST /v1/incidents':
      return await report(request, deps);
    case 'GET /v1/incidents':
      return await list(deps);
    case 'GET /v1/incidents/{id}':
      return await show(request, deps);
    case 'POST /v1/incidents/{id}/events':
      return await act(request, deps);
    case 'POST /v1/notice-templates':
      return await writeTemplate(request, deps);
    case 'GET /v1/notice-templates':
      return await listTemplates(deps);
    case 'GET /v1/notice-templates/{name}/{language}/{channel}/{version}':
      return await showTemplate(request, deps);
    case 'POST /v1/notice-template-approvals':
      return await approveTemplate(request, deps);
    default:
      return respondRefused({ code: 'UNKNOWN_ROUTE' });
  }
}

async function report({ body, client }: ApiRequest, deps: HandleIncidentDeps): Promise<ApiResponse> {
  const parsed = NewIncident.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const { by, id = deps.newId(), ...said } = parsed.data;
  const at = deps.now();
  const knownAt = said.knownAt ?? at;
  if (knownAt > at) {
    throw new ComplianceError({
      code: 'IN_THE_FUTURE',
      message: 'expected a breach that is known by now; nothing was written',
    });
  }
  const incident: Incident = {
    ...{ id, version: 1, kind: 'PERSONAL_DATA_BREACH', state: 'REPORTED', source: 'API' },
    ...{ reference: said.reference, receivedAt: at, receivedBy: by, knownAt, role: said.role },
    dataElements: said.dataElements,
    // As long as nobody knows where the people are, the clocks of this region run.
    jurisdictions: said.jurisdictions ?? [deps.residency],
    documents: [],
    authorityNotices: [],
    ...(deps.contact === undefined ? {} : { contact: deps.contact }),
  };
  const entry = incidentEntry(incident, { kind: 'REPORTED', by, at }, { id: deps.newId(), client });
  const outcome = await deps.incidents.create({ incident, entry });
  const kept = outcome === 'CREATED' ? incident : ((await deps.incidents.read(id)) ?? incident);
  const status = outcome === 'CREATED' ? 201 : 200;
  return respond(status, { accepted: true, ...registered(kept, deps.rows, at) });
}

async function list({ incidents, rows, now }: HandleIncidentDeps): Promise<ApiResponse> {
  const all = await incidents.all();
  return respond(200, { incidents: all.map((incident) => registered(incident, rows, now())) });
}

async function show({ pathParameters }: ApiRequest, deps: HandleIncidentDeps): Promise<ApiResponse> {
  const id = Incident.shape.id.safeParse(pathParameters['id']);
  const incident = id.success ? await deps.incidents.read(id.data) : undefined;
  if (incident === undefined) return respondRefused({ code: 'UNKNOWN_INCIDENT' });
  const notices = await deps.noticeCounts(incident.id);
  return respond(200, {
    ...registered(incident, deps.rows, deps.now()),
    ...(notices === undefined ? {} : { notices }),
  });
}
