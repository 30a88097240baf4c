import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { isOpaque } from '../vocabulary.ts';

/** A system whose tickets report incidents. */
export const TicketSystem = z.enum(['JIRA', 'PAGERDUTY']);
export type TicketSystem = z.infer<typeof TicketSystem>;

const ticketId = z.string().min(1).max(64);

/** Which tickets are about personal data: everything else is heard and let go. */
export const WebhookSettings = z.strictObject({
  jira: z
    .strictObject({
      /** Keys of projects. */
      projects: z.array(z.string().regex(/^[A-Z][A-Z0-9_]{1,19}$/, 'expected the key of a project')).min(1),
      /** The field, and what stands in it where personal data is concerned: the name of an option. */
      field: z.string().regex(/^customfield_\d{1,9}$/, 'expected an id such as customfield_10050'),
      value: ticketId,
    })
    .optional(),
  pagerDuty: z
    .strictObject({
      /** Ids of services, of whose incidents those with these priorities are meant, or all. */
      services: z.array(z.string().regex(/^[A-Z0-9]{1,32}$/, 'expected the id of a service')).min(1),
      priorities: z.array(ticketId).min(1).optional(),
    })
    .optional(),
});
export type WebhookSettings = z.infer<typeof WebhookSettings>;

/** What a ticket says, none of it in its own words. */
export type Ticket = {
  readonly system: TicketSystem;
  /** What the ticket system calls it for good. */
  readonly id: string;
  /** What people call it. */
  readonly key: string;
  /** When it happened; epoch milliseconds. */
  readonly at: number;
};

/** `IGNORED`: nothing that the settings name. */
export type WebhookReading = Ticket | 'IGNORED' | 'UNREADABLE';

/**
 * Whether one of the signatures is the HMAC-SHA-256 of the bytes as they came. Every comparison takes the same time.
 *
 * @param header `v1=<hex>,v1=<hex>` of PagerDuty, where secrets are being exchanged, or `sha256=<hex>` of Jira.
 */
export function isSigned(
  body: Uint8Array,
  {
    header,
    scheme,
    secret,
  }: { readonly header: string; readonly scheme: 'v1' | 'sha256'; readonly secret: string },
): boolean {
  if (secret === '') return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = header.split(',').flatMap((part) => {
    const [, hex] = new RegExp(`^${scheme}=([0-9a-f]{64})$`, 'i').exec(part.trim()) ?? [];
    return hex === undefined ? [] : [Buffer.from(hex, 'hex')];
  });
  return given.reduce((found, one) => timingSafeEqual(one, expected) || found, false);
}

const Option = z.object({ value: z.string() });
const JiraEvent = z.object({
  webhookEvent: z.string(),
  timestamp: z.number().int().positive(),
  issue: z
    .object({
      id: z.string().regex(/^\d{1,18}$/),
      key: z.string().regex(/^[A-Z][A-Z0-9_]{1,19}-\d{1,18}$/),
      fields: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
});
const JIRA_EVENTS = ['jira:issue_created', 'jira:issue_updated'];

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
export function readJira(
  body: unknown,
  { projects, field, value }: NonNullable<WebhookSettings['jira']>,
): WebhookReading {
  const read = JiraEvent.safeParse(body);
  if (!read.success) return 'UNREADABLE';
  const { webhookEvent, timestamp, issue } = read.data;
  if (!JIRA_EVENTS.includes(webhookEvent)) return 'IGNORED';
  if (issue === undefined) return 'UNREADABLE';
  const project = issue.key.slice(0, issue.key.lastIndexOf('-'));
  const stands = z.union([Option, z.array(Option), z.string()]).safeParse(issue.fields[field]).data;
  const values = typeof stands === 'string' ? [stands] : [stands ?? []].flat().map((option) => option.value);
  if (!projects.includes(project) || !values.includes(value)) return 'IGNORED';
  return { system: 'JIRA', id: issue.id, key: issue.key, at: timestamp };
}

const PagerDutyEvent = z.object({
  event: z.object({
    event_type: z.string(),
    occurred_at: z.iso.datetime({ offset: true }),
    data: z.unknown(),
  }),
});
const PagerDutyIncident = z.object({
  id: z.string().regex(/^[A-Z0-9]{1,64}$/),
  service: z.object({ id: z.string() }),
  priority: z.object({ summary: z.string() }).nullish(),
});
const PAGERDUTY_EVENTS = ['incident.triggered', 'incident.priority_updated', 'incident.reopened'];

/** https://developer.pagerduty.com/docs/webhooks-overview, version 3 */
export function readPagerDuty(
  body: unknown,
  { services, priorities }: NonNullable<WebhookSettings['pagerDuty']>,
): WebhookReading {
  const read = PagerDutyEvent.safeParse(body);
  if (!read.success) return 'UNREADABLE';
  const { event_type: kind, occurred_at: at, data } = read.data.event;
  if (!PAGERDUTY_EVENTS.includes(kind)) return 'IGNORED';
  const incident = PagerDutyIncident.safeParse(data);
  if (!incident.success) return 'UNREADABLE';
  const { id, service, priority } = incident.data;
  const isMeant = priorities === undefined || priorities.includes(priority?.summary ?? '');
  if (!services.includes(service.id) || !isMeant) return 'IGNORED';
  return { system: 'PAGERDUTY', id, key: id, at: Date.parse(at) };
}

/**
 * The id of the incident that a ticket reports: the same however often, and in whatever order, it is told of. RFC 9562,
 * section 5.8.
 */
export function incidentIdOf({ system, id }: Pick<Ticket, 'system' | 'id'>): string {
  const hex = createHash('sha256').update(`incident ${system} ${id}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4];
  return [
    ...[hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`],
    hex.slice(20, 32),
  ].join('-');
}

/** What the register calls the ticket: its key, where that can pass for no number. */
export function referenceOf({ key }: Pick<Ticket, 'key'>): string {
  return isOpaque(key) ? key : createHash('sha256').update(key).digest('hex');
}
