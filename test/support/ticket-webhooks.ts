import { createHmac } from 'node:crypto';
import { KNOWN } from './incidents.ts';

export const WEBHOOK_SETTINGS = {
  jira: { projects: ['SEC'], field: 'customfield_10050', value: 'Personal data breach' },
  pagerDuty: { services: ['PSAMPLE1'], priorities: ['P1'] },
};
export const WEBHOOK_SECRETS = { jira: 'jira-secret', pagerDuty: 'pager-secret' };

/** What people write into tickets, none of which may be kept. */
export const TICKET_CANARIES = ['+13175550142', 'jane.doe@example.org'];
const WORDS = `Leak: Jane Doe, ${TICKET_CANARIES.join(', ')}, card 4111 1111 1111 1111`;

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
export function jiraBody(changes: object = {}, fields: object = {}) {
  return {
    timestamp: KNOWN,
    webhookEvent: 'jira:issue_created',
    issue_event_type_name: 'issue_created',
    user: {
      accountId: '5b10a2844c20165700ede21g',
      displayName: 'Jane Doe',
      emailAddress: TICKET_CANARIES[1],
    },
    issue: {
      id: '10002',
      self: 'https://example.atlassian.net/rest/api/3/issue/10002',
      key: 'SEC-17',
      fields: {
        summary: WORDS,
        description: WORDS,
        priority: { name: 'Highest', id: '1' },
        customfield_10050: { value: 'Personal data breach', id: '10100' },
        ...fields,
      },
    },
    comment: { body: WORDS },
    ...changes,
  };
}

/** https://developer.pagerduty.com/docs/webhooks-overview */
export function pagerDutyBody(event: object = {}, data: object = {}) {
  return {
    event: {
      id: '5ac64822-4adc-4fda-ade0-410becf0de4f',
      event_type: 'incident.triggered',
      resource_type: 'incident',
      occurred_at: new Date(KNOWN).toISOString(),
      agent: { id: 'PXPGF42', summary: 'Jane Doe', type: 'user_reference' },
      data: {
        id: 'PT4KHLK',
        type: 'incident',
        html_url: 'https://example.pagerduty.com/incidents/PT4KHLK',
        number: 1234,
        status: 'triggered',
        title: WORDS,
        service: { id: 'PSAMPLE1', summary: 'Data', type: 'service_reference' },
        priority: { id: 'PRIO1', summary: 'P1', type: 'priority_reference' },
        body: { details: WORDS },
        ...data,
      },
      ...event,
    },
  };
}

export function hmacHex(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** An HTTP API event, payload format 2.0, of a route without an authorizer. */
export function webhookEvent(
  system: 'jira' | 'pagerduty',
  body: string,
  headers: Readonly<Record<string, string>>,
) {
  const path = `/v1/webhooks/${system}`;
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: path,
    headers,
    requestContext: { http: { method: 'POST', path } },
    body,
    isBase64Encoded: false,
  };
}

/** The same, signed as the ticket system signs. */
export function signedEvent(system: 'jira' | 'pagerduty', payload: object) {
  const body = JSON.stringify(payload);
  return system === 'jira'
    ? webhookEvent(system, body, { 'x-hub-signature': `sha256=${hmacHex(body, WEBHOOK_SECRETS.jira)}` })
    : webhookEvent(system, body, {
        'x-pagerduty-signature': `v1=${hmacHex(body, WEBHOOK_SECRETS.pagerDuty)}`,
      });
}
