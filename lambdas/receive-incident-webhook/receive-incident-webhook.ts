import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type ApiResponse, respond } from '../../lib/adapters/http/api.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { Incident } from '../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../lib/domain/incident/incident-entry.ts';
import type { Incidents } from '../../lib/domain/incident/incidents.ts';
import {
  incidentIdOf,
  isSigned,
  readJira,
  readPagerDuty,
  referenceOf,
  type Ticket,
  type WebhookReading,
  type WebhookSettings,
} from '../../lib/domain/incident/webhook.ts';
import { parsedJson } from '../../lib/domain/json.ts';
import { readWebhook, type Webhook } from './event.ts';

export type ReceiveIncidentWebhookDeps = {
  readonly incidents: Pick<Incidents, 'create'>;
  readonly secrets: () => Promise<{ readonly jira: string; readonly pagerDuty: string }>;
  readonly settings: WebhookSettings;
  readonly residency: Residency;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/** Both systems repeat what was not answered for up to two days; what is older was recorded and is being played again. */
const REPLAY_WINDOW_MS = 72 * 3_600_000;
const CLOCK_ERROR_MS = 5 * 60_000;

/**
 * Takes an incident in that a ticket reports: nothing but its id and its moment, and nothing is sent by it. A ticket reports
 * one incident, however often it is told of. Before its signature is checked no byte of a body is looked at.
 */
export function createReceiveIncidentWebhook(
  deps: ReceiveIncidentWebhookDeps,
): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    try {
      return await answer(readWebhook(event), deps);
    } catch (error) {
      deps.telemetry.log('WEBHOOK_FAILED', { errorCode: errorCode(error) });
      return respond(503, { accepted: false, code: 'UNAVAILABLE' });
    }
  };
}

async function answer(webhook: Webhook, deps: ReceiveIncidentWebhookDeps): Promise<ApiResponse> {
  const reading = await readSigned(webhook, deps);
  if (reading === undefined) return refused(401, 'UNAUTHENTICATED', deps);
  if (reading === 'UNREADABLE') return refused(422, 'UNREADABLE_INPUT', deps);
  if (reading === 'IGNORED') return respond(200, { accepted: false, code: 'IGNORED' });
  const now = deps.now();
  if (now - reading.at > REPLAY_WINDOW_MS || reading.at - now > CLOCK_ERROR_MS) {
    return refused(422, 'OUTSIDE_WINDOW', deps);
  }
  return await report(reading, now, deps);
}

/** Undefined where nobody who may has signed it. */
async function readSigned(
  { route, headers, bytes }: Webhook,
  { settings: { jira, pagerDuty }, secrets }: ReceiveIncidentWebhookDeps,
): Promise<WebhookReading | undefined> {
  if (route === 'POST /v1/webhooks/jira' && jira !== undefined) {
    const header = headers['x-hub-signature'] ?? '';
    if (!isSigned(bytes, { header, scheme: 'sha256', secret: (await secrets()).jira })) return undefined;
    return readJira(jsonOf(bytes), jira);
  }
  if (route === 'POST /v1/webhooks/pagerduty' && pagerDuty !== undefined) {
    const header = headers['x-pagerduty-signature'] ?? '';
    if (!isSigned(bytes, { header, scheme: 'v1', secret: (await secrets()).pagerDuty })) return undefined;
    return readPagerDuty(jsonOf(bytes), pagerDuty);
  }
  return undefined;
}

function jsonOf(bytes: Uint8Array): unknown {
  return parsedJson(Buffer.from(bytes).toString('utf8'));
}

async function report(ticket: Ticket, now: number, deps: ReceiveIncidentWebhookDeps): Promise<ApiResponse> {
  const by = `webhook:${ticket.system.toLowerCase()}`;
  // A clock of theirs that is ahead of ours does not give anybody more time.
  const knownAt = Math.min(ticket.at, now);
  const incident: Incident = {
    ...{ id: incidentIdOf(ticket), version: 1, kind: 'PERSONAL_DATA_BREACH', state: 'REPORTED' },
    ...{ reference: referenceOf(ticket), source: ticket.system, receivedAt: now, receivedBy: by },
    ...{ knownAt, role: 'CONTROLLER', dataElements: [], documents: [], authorityNotices: [] },
    // As long as nobody knows where the people are, the clocks of this region run.
    jurisdictions: [deps.residency],
  };
  const entry = incidentEntry(incident, { kind: 'REPORTED', by, at: now }, { id: deps.newId() });
  const outcome = await deps.incidents.create({ incident, entry });
  if (outcome === 'CREATED') deps.telemetry.metric('IncidentReportedCount', 1);
  return respond(outcome === 'CREATED' ? 201 : 200, { accepted: true, id: incident.id });
}

function refused(status: number, code: string, { telemetry }: ReceiveIncidentWebhookDeps): ApiResponse {
  telemetry.log('WEBHOOK_REFUSED', { reason: code });
  telemetry.metric('IncidentWebhookRefusedCount', 1);
  return respond(status, { accepted: false, code });
}
