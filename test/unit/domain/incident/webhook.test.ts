import { describe, expect, it } from 'vitest';
import {
  incidentIdOf,
  isSigned,
  readJira,
  readPagerDuty,
  referenceOf,
  type WebhookReading,
} from '../../../../lib/domain/incident/webhook.ts';
import { OpaqueId } from '../../../../lib/domain/vocabulary.ts';
import { KNOWN } from '../../../support/incidents.ts';
import { hmacHex, jiraBody, pagerDutyBody, WEBHOOK_SETTINGS } from '../../../support/ticket-webhooks.ts';

const BODY = '{"a":1}';
const RIGHT = hmacHex(BODY, 'secret');
const WRONG = hmacHex(BODY, 'other');

describe('a signature', () => {
  it.each<{ header: string; scheme: 'v1' | 'sha256'; signed: boolean }>([
    { header: `sha256=${RIGHT}`, scheme: 'sha256', signed: true },
    { header: `sha256=${RIGHT.toUpperCase()}`, scheme: 'sha256', signed: true },
    { header: `v1=${RIGHT}`, scheme: 'v1', signed: true },
    // While a secret is being exchanged there are two.
    { header: `v1=${WRONG},v1=${RIGHT}`, scheme: 'v1', signed: true },
    { header: `v1=${RIGHT}, v1=${WRONG}`, scheme: 'v1', signed: true },
    { header: `v1=${WRONG}`, scheme: 'v1', signed: false },
    { header: `v2=${RIGHT}`, scheme: 'v1', signed: false },
    { header: `v1=${RIGHT}`, scheme: 'sha256', signed: false },
    { header: RIGHT, scheme: 'sha256', signed: false },
    { header: `sha256=${RIGHT.slice(1)}`, scheme: 'sha256', signed: false },
    { header: `sha256=${RIGHT}00`, scheme: 'sha256', signed: false },
    { header: 'sha256=', scheme: 'sha256', signed: false },
    { header: '', scheme: 'sha256', signed: false },
  ])('$scheme of $header: $signed', ({ header, scheme, signed }) => {
    expect(isSigned(Buffer.from(BODY), { header, scheme, secret: 'secret' })).toBe(signed);
  });

  it('is of these bytes and no others, and of no empty secret', () => {
    expect(isSigned(Buffer.from(`${BODY} `), { header: `v1=${RIGHT}`, scheme: 'v1', secret: 'secret' })).toBe(
      false,
    );
    const header = `v1=${hmacHex(BODY, '')}`;
    expect(isSigned(Buffer.from(BODY), { header, scheme: 'v1', secret: '' })).toBe(false);
  });
});

describe('a ticket of Jira', () => {
  const ticket = { system: 'JIRA', id: '10002', key: 'SEC-17', at: KNOWN };

  it.each<{ what: string; body: unknown; reading: WebhookReading | object }>([
    { what: 'that names the field', body: jiraBody(), reading: ticket },
    { what: 'that was changed so', body: jiraBody({ webhookEvent: 'jira:issue_updated' }), reading: ticket },
    {
      what: 'with several options',
      body: jiraBody({}, { customfield_10050: [{ value: 'Other' }, { value: 'Personal data breach' }] }),
      reading: ticket,
    },
    {
      what: 'with a text',
      body: jiraBody({}, { customfield_10050: 'Personal data breach' }),
      reading: ticket,
    },
    {
      what: 'of another value',
      body: jiraBody({}, { customfield_10050: { value: 'Other' } }),
      reading: 'IGNORED',
    },
    { what: 'without the field', body: jiraBody({}, { customfield_10050: null }), reading: 'IGNORED' },
    {
      what: 'of another project',
      body: jiraBody({ issue: { ...jiraBody().issue, key: 'OPS-17' } }),
      reading: 'IGNORED',
    },
    {
      what: 'of a project whose name begins so',
      body: jiraBody({ issue: { ...jiraBody().issue, key: 'SECRET-17' } }),
      reading: 'IGNORED',
    },
    { what: 'that was deleted', body: jiraBody({ webhookEvent: 'jira:issue_deleted' }), reading: 'IGNORED' },
    { what: 'that is none', body: jiraBody({ issue: undefined }), reading: 'UNREADABLE' },
    {
      what: 'whose id is a text',
      body: jiraBody({ issue: { id: 'x', key: 'SEC-1' } }),
      reading: 'UNREADABLE',
    },
    { what: 'without a moment', body: jiraBody({ timestamp: 'today' }), reading: 'UNREADABLE' },
    { what: 'that is no object', body: 'SEC-17', reading: 'UNREADABLE' },
  ])('$what: $reading', ({ body, reading }) => {
    expect(readJira(body, WEBHOOK_SETTINGS.jira)).toEqual(reading);
  });
});

describe('an incident of PagerDuty', () => {
  const ticket = { system: 'PAGERDUTY', id: 'PT4KHLK', key: 'PT4KHLK', at: KNOWN };

  it.each<{ what: string; body: unknown; reading: WebhookReading | object }>([
    { what: 'of a service and a priority', body: pagerDutyBody(), reading: ticket },
    {
      what: 'raised to it',
      body: pagerDutyBody({ event_type: 'incident.priority_updated' }),
      reading: ticket,
    },
    {
      what: 'of another priority',
      body: pagerDutyBody({}, { priority: { summary: 'P3' } }),
      reading: 'IGNORED',
    },
    { what: 'without one', body: pagerDutyBody({}, { priority: null }), reading: 'IGNORED' },
    {
      what: 'of another service',
      body: pagerDutyBody({}, { service: { id: 'POTHER' } }),
      reading: 'IGNORED',
    },
    {
      what: 'that was resolved',
      body: pagerDutyBody({ event_type: 'incident.resolved' }),
      reading: 'IGNORED',
    },
    {
      what: 'that is a test',
      body: pagerDutyBody({ event_type: 'pagey.ping', data: { message: 'hi' } }),
      reading: 'IGNORED',
    },
    { what: 'without an id', body: pagerDutyBody({}, { id: undefined }), reading: 'UNREADABLE' },
    { what: 'without a moment', body: pagerDutyBody({ occurred_at: 'now' }), reading: 'UNREADABLE' },
    { what: 'that is none', body: {}, reading: 'UNREADABLE' },
  ])('$what: $reading', ({ body, reading }) => {
    expect(readPagerDuty(body, WEBHOOK_SETTINGS.pagerDuty)).toEqual(reading);
  });

  it('of every priority, where the settings name none', () => {
    const body = pagerDutyBody({}, { priority: null });
    expect(readPagerDuty(body, { services: ['PSAMPLE1'] })).toEqual(ticket);
  });
});

describe('the incident of a ticket', () => {
  it('has one id, whatever is told of the ticket, and another than every other ticket', () => {
    const id = incidentIdOf({ system: 'JIRA', id: '10002' });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(incidentIdOf({ system: 'JIRA', id: '10002' })).toBe(id);
    const others = [
      incidentIdOf({ system: 'PAGERDUTY', id: '10002' }),
      incidentIdOf({ system: 'JIRA', id: '10003' }),
    ];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  it.each(['SEC-17', 'SEC-12345678', 'PT4KHLK'])('is called by what can be logged: %s', (key) => {
    const reference = referenceOf({ key });
    expect(OpaqueId.parse(reference)).toBe(reference);
    expect(reference === key).toBe(key !== 'SEC-12345678');
  });
});
