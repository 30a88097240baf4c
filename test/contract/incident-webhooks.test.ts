import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReceiveIncidentWebhook } from '../../lambdas/receive-incident-webhook/receive-incident-webhook.ts';
import { leaks } from '../support/canary.ts';
import { TABLES } from '../support/dynalite.ts';
import { CONTACT, HOUR, KNOWN } from '../support/incidents.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import {
  hmacHex,
  jiraBody,
  pagerDutyBody,
  signedEvent,
  TICKET_CANARIES,
  WEBHOOK_SECRETS,
  WEBHOOK_SETTINGS,
  webhookEvent,
} from '../support/ticket-webhooks.ts';
import { type IncidentWorld, startIncidentWorld } from './incident-fixture.ts';

let world: IncidentWorld;
beforeAll(async () => {
  world = await startIncidentWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  world.clock.now = KNOWN + HOUR;
});

async function send(event: object) {
  const { statusCode, body } = await world.webhook(event);
  return { status: statusCode, ...JSON.parse(body) };
}

async function reported(): Promise<number> {
  return (await world.incidents.all()).length;
}

describe('a ticket', () => {
  it.each([
    { system: 'jira' as const, payload: jiraBody(), source: 'JIRA', reference: 'SEC-17' },
    { system: 'pagerduty' as const, payload: pagerDutyBody(), source: 'PAGERDUTY', reference: 'PT4KHLK' },
  ])(
    'of $source reports one incident, however often it is told of, and nothing but that',
    async ({ system, payload, source, reference }) => {
      const event = signedEvent(system, payload);
      const before = await reported();
      const answers = await Promise.all([1, 2, 3].map(() => send(event)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 201]);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(await reported()).toBe(before + 1);
      const incident = await world.incidents.read(answers[0]?.id);
      expect(incident).toEqual({
        ...{
          id: answers[0]?.id,
          version: 1,
          kind: 'PERSONAL_DATA_BREACH',
          state: 'REPORTED',
          source,
          reference,
        },
        ...{ receivedAt: KNOWN + HOUR, receivedBy: `webhook:${source.toLowerCase()}`, knownAt: KNOWN },
        ...{
          role: 'CONTROLLER',
          dataElements: [],
          jurisdictions: ['EU'],
          documents: [],
          authorityNotices: [],
        },
      });
    },
  );

  it('that somebody has assessed since stays as it is when it is told of again', async () => {
    const event = signedEvent(
      'jira',
      jiraBody({ issue: { ...jiraBody().issue, id: '10003', key: 'SEC-18' } }),
    );
    const { id } = await send(event);
    const assess = { event: 'assess', by: 'dpo-1', risk: 'UNLIKELY' };
    await world.ask('POST /v1/incidents/{id}/events', assess, { id });
    expect(await send(event)).toMatchObject({ status: 200, id });
    expect(await world.incidents.read(id)).toMatchObject({
      ...{ state: 'ASSESSED', risk: 'UNLIKELY' },
      // What a ticket cannot say is in the settings.
      contact: CONTACT,
    });
  });

  it('from a clock that is ahead gives nobody more time', async () => {
    const payload = pagerDutyBody(
      { occurred_at: new Date(KNOWN + HOUR + 60_000).toISOString() },
      { id: 'PAHEAD' },
    );
    const { id } = await send(signedEvent('pagerduty', payload));
    expect(await world.incidents.read(id)).toMatchObject({ knownAt: KNOWN + HOUR });
  });
});

describe('a call of a webhook', () => {
  const body = JSON.stringify(jiraBody({ issue: { ...jiraBody().issue, id: '66666' } }));
  const right = hmacHex(body, WEBHOOK_SECRETS.jira);

  it.each<{ what: string; event: object; status: number; code: string }>([
    {
      what: 'without a signature',
      event: webhookEvent('jira', body, {}),
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'signed by somebody else',
      event: webhookEvent('jira', body, { 'x-hub-signature': `sha256=${hmacHex(body, 'guessed')}` }),
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'changed on its way',
      event: webhookEvent('jira', body.replace('66666', '66667'), { 'x-hub-signature': `sha256=${right}` }),
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'with the signature of the other system',
      event: webhookEvent('pagerduty', body, { 'x-pagerduty-signature': `v1=${right}` }),
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'that is no JSON, though signed',
      event: webhookEvent('jira', 'Jane Doe', {
        'x-hub-signature': `sha256=${hmacHex('Jane Doe', WEBHOOK_SECRETS.jira)}`,
      }),
      status: 422,
      code: 'UNREADABLE_INPUT',
    },
    {
      what: 'of another form',
      event: signedEvent('jira', { hello: 'Jane Doe' }),
      status: 422,
      code: 'UNREADABLE_INPUT',
    },
    {
      what: 'played again after four days',
      event: signedEvent('jira', jiraBody({ timestamp: KNOWN - 95 * HOUR })),
      status: 422,
      code: 'OUTSIDE_WINDOW',
    },
    {
      what: 'from the future',
      event: signedEvent('jira', jiraBody({ timestamp: KNOWN + 2 * HOUR })),
      status: 422,
      code: 'OUTSIDE_WINDOW',
    },
    {
      what: 'about something else',
      event: signedEvent('jira', jiraBody({}, { customfield_10050: { value: 'Outage' } })),
      status: 200,
      code: 'IGNORED',
    },
    {
      what: 'of a test',
      event: signedEvent('pagerduty', pagerDutyBody({ event_type: 'pagey.ping' })),
      status: 200,
      code: 'IGNORED',
    },
  ])('$what reports nothing: $code', async ({ event, status, code }) => {
    const before = await reported();
    const refused = world.values('IncidentWebhookRefusedCount').length;
    expect(await send(event)).toEqual({ status, accepted: false, code });
    expect(await reported()).toBe(before);
    expect(world.values('IncidentWebhookRefusedCount').length - refused).toBe(code === 'IGNORED' ? 0 : 1);
  });

  it('is read as the bytes that were signed, also where API Gateway encodes them', async () => {
    const event = signedEvent(
      'jira',
      jiraBody({ issue: { ...jiraBody().issue, id: '10004', key: 'SEC-19' } }),
    );
    const encoded = { ...event, body: Buffer.from(event.body).toString('base64'), isBase64Encoded: true };
    expect(await send(encoded)).toMatchObject({ status: 201 });
  });

  it.each<{
    what: string;
    settings: typeof WEBHOOK_SETTINGS | object;
    secrets: typeof WEBHOOK_SECRETS;
    status: number;
  }>([
    { what: 'the settings do not name the system', settings: {}, secrets: WEBHOOK_SECRETS, status: 401 },
    {
      what: 'its secret was never put in',
      settings: WEBHOOK_SETTINGS,
      secrets: { jira: '', pagerDuty: '' },
      status: 401,
    },
  ])('is refused where $what', async ({ settings, secrets, status }) => {
    const unsigned = webhookEvent('jira', body, { 'x-hub-signature': `sha256=${hmacHex(body, '')}` });
    const receive = createReceiveIncidentWebhook({
      incidents: world.incidents,
      secrets: async () => secrets,
      settings,
      residency: 'EU',
      telemetry: recordedTelemetry().telemetry,
      now: () => KNOWN,
      newId: () => '01990000-0000-7000-8000-000000000009',
    });
    for (const event of [unsigned, signedEvent('jira', jiraBody())]) {
      expect((await receive(event)).statusCode).toBe(status);
    }
  });

  it('comes again where the store or the secret failed', async () => {
    const { telemetry, lines } = recordedTelemetry();
    const receive = createReceiveIncidentWebhook({
      incidents: {
        create: async () => {
          throw new Error(`cannot write ${TICKET_CANARIES[0]}`);
        },
      },
      secrets: async () => WEBHOOK_SECRETS,
      settings: WEBHOOK_SETTINGS,
      residency: 'EU',
      telemetry,
      now: () => KNOWN,
      newId: () => '01990000-0000-7000-8000-000000000009',
    });
    expect((await receive(signedEvent('jira', jiraBody()))).statusCode).toBe(503);
    expect(leaks(lines.join('\n'), TICKET_CANARIES)).toEqual([]);
    expect(lines.join('\n')).toContain('WEBHOOK_FAILED');
  });
});

it('what people wrote into tickets is in no item, no entry and no log', async () => {
  const tables = await Promise.all(
    [TABLES.cases, TABLES.contactPoints].map((TableName) =>
      world.db.client.send(new ScanCommand({ TableName })),
    ),
  );
  const seen = `${JSON.stringify(tables.map(({ Items }) => Items))}${world.lines.join('\n')}`;
  expect(seen).toContain('SEC-17');
  expect(leaks(seen, TICKET_CANARIES)).toEqual([]);
  for (const word of ['Jane', 'Leak', '4111', 'atlassian.net']) expect(seen).not.toContain(word);
});
