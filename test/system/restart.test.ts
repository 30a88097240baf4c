import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acwEntry, outboundCall } from '../../lib/local/sample/wrap-up-event.ts';
import { check } from './ask.ts';
import { appendAuditLog, type Line, logLines } from './log-entries.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';
import { leaksIn, sinksOf } from './sinks.ts';
import { storedItems } from './stored-state.ts';
import { malformedEntry } from './wrap-up-events.ts';

const LONDON = '+442079460106';
const BERLIN = '+493023125007';
const NEW_YORK = '+12125550100';
const ADDRESS = 'casey.fixture@example.com';
const IN_FLIGHT = 40;
const PROOF = { textVersion: 'terms-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) };

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('EU');
});
afterAll(async () => {
  await running.stop();
});

describe('the EU deployment', () => {
  const marketing = { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme', technology: 'LIVE' };

  it.each([
    ['a British number', { phoneNumber: LONDON }, 'VOICE'],
    ['a German number', { phoneNumber: BERLIN }, 'SMS'],
    ['an address', { email: ADDRESS, defaultRegion: 'GB' }, 'EMAIL'],
  ])('calls %s for marketing with proved consent only', async (_who, contact, channel) => {
    const request = { ...contact, ...marketing, channel };
    expect(await codes(request)).toContain('CONSENT_MISSING');
    const grant = {
      ...contact,
      channel,
      ...{ purpose: 'MARKETING', seller: 'acme', source: 'WEBSITE_FORM', by: 'web' },
      status: 'GRANTED',
      effectiveAt: '2026-01-15T10:00:00Z',
    };
    expect((await running.connection.post('/v1/consents', grant)).status).toBe(400);
    expect(await codes(request)).toContain('CONSENT_MISSING');
    expect((await running.connection.post('/v1/consents', { ...grant, proof: PROOF })).status).toBe(201);
    expect(await codes(request)).toEqual([]);
    // One seller's consent is no other's.
    expect(await codes({ ...request, seller: 'other' })).toContain('CONSENT_MISSING');
  });

  it('needs no consent for a service call', async () => {
    expect(
      await check(running.connection, { phoneNumber: LONDON, ...marketing, purpose: 'SERVICE' }),
    ).toMatchObject({
      decision: 'ALLOW',
    });
  });

  it('leaves a number of the US to the US', async () => {
    const before = (await storedItems(running.connection)).length;
    const answer = await check(running.connection, { phoneNumber: NEW_YORK, ...marketing });
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'WRONG_REGION' });
    expect(answer.reasons[0]?.ruleId).toBe('residency:US');
    // The record of the decision, and nothing of the person.
    expect(await storedItems(running.connection)).toHaveLength(before + 1);
  });

  async function codes(request: object): Promise<readonly string[]> {
    const { reasons } = await check(running.connection, request);
    // What the clock says is no part of these tests.
    return reasons.map(({ code }) => code).filter((code) => code !== 'OUTSIDE_CALLING_HOURS');
  }
});

describe('a stack that is stopped and started again', () => {
  const told = numbers('+4420794601', 10, 20);
  const inFlight = numbers('+4420794602', 10, 10 + IN_FLIGHT);
  let before: readonly Line[];
  let client: RunningStack['stack']['endpoints']['oauth'];

  beforeAll(async () => {
    for (const phoneNumber of told) {
      const request = { phoneNumber, channel: 'ALL', source: 'LETTER', by: 'desk-1' };
      expect((await running.connection.post('/v1/opt-outs', request)).status).toBe(201);
    }
    const { eventBusName, optOutWrapUpCodes, oauth } = running.stack.endpoints;
    client = oauth;
    const code = optOutWrapUpCodes?.[0] ?? '';
    await put([malformedEntry(eventBusName, 0, code)]);
    await eventually('the malformed event is parked', async () =>
      (await parked()) === 1 ? true : undefined,
    );
    await appendAuditLog(running.connection);
    before = await logLines(running.connection);
    // Stopped at once: most of these are still on their way.
    const calls = inFlight.map((dnis) => outboundCall({ dnis, wrapupCode: code, eventTime: Date.now() }));
    for (let start = 0; start < calls.length; start += 10) {
      await put(calls.slice(start, start + 10).map((call) => acwEntry(eventBusName, call)));
    }
    running = await running.restart();
  });

  it('still blocks who had opted out', async () => {
    for (const phoneNumber of told) expect(await blocked(phoneNumber)).toBe(true);
  });

  it('takes up the events that were on their way', async () => {
    await eventually('the last event has taken effect', async () =>
      (await blocked(inFlight.at(-1) ?? '')) ? true : undefined,
    );
    for (const phoneNumber of inFlight) expect(await blocked(phoneNumber)).toBe(true);
  });

  it('keeps what lies in its queues', async () => {
    expect(await parked()).toBe(1);
    const { Messages } = await new SQSClient(running.connection.aws).send(
      new ReceiveMessageCommand({
        QueueUrl: running.stack.endpoints.queues.optOutDlq,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    expect(Messages?.[0]?.MessageAttributes?.['cause']?.StringValue).toBe('NO_CUSTOMER_ADDRESS');
  });

  it('goes on with the log where it was, without a gap', async () => {
    await appendAuditLog(running.connection);
    const after = await logLines(running.connection);
    expect(after.length).toBeGreaterThanOrEqual(before.length + IN_FLIGHT);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.map(({ index }) => index)).toEqual(after.map((_, place) => place));
    const facts = after.slice(before.length).filter(({ kind }) => kind === 'fact');
    expect(new Set(facts.flatMap(({ subjects }) => subjects)).size).toBe(IN_FLIGHT);
    expect(facts).toHaveLength(IN_FLIGHT);
  });

  it('keeps its OAuth client', () => {
    expect(running.stack.endpoints.oauth).toMatchObject({
      clientId: client.clientId,
      clientSecret: client.clientSecret,
    });
  });

  it('has written no number and no address in clear', async () => {
    const sinks = await sinksOf(running);
    expect(leaksIn(sinks, [LONDON, BERLIN, NEW_YORK, ADDRESS, ...told, ...inFlight])).toEqual([]);
    expect(running.faults).toEqual([]);
  });

  async function blocked(phoneNumber: string): Promise<boolean> {
    return (
      (await check(running.connection, { phoneNumber, channel: 'VOICE', purpose: 'SERVICE' })).decision ===
      'BLOCK'
    );
  }
});

async function put(Entries: ReturnType<typeof acwEntry>[]): Promise<void> {
  const { FailedEntryCount } = await new EventBridgeClient(running.connection.aws).send(
    new PutEventsCommand({ Entries }),
  );
  expect(FailedEntryCount).toBe(0);
}

async function parked(): Promise<number> {
  const { Attributes = {} } = await new SQSClient(running.connection.aws).send(
    new GetQueueAttributesCommand({
      QueueUrl: running.stack.endpoints.queues.optOutDlq,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes['ApproximateNumberOfMessages']);
}

function numbers(start: string, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, place) => `${start}${from + place}`);
}
