import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONFIRMATION_EVENT,
  EventBridgeConfirmations,
} from '../../lib/adapters/event-bridge/confirmations.ts';
import type { Confirmation } from '../../lib/domain/opt-out/confirmation.ts';
import { leaks } from '../support/canary.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, NOON, suppression } from '../support/facts.ts';
import { createMessageWorld } from '../support/messages.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { account, clientsOf, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

const MINUTE_MS = 60_000;
let numbers = 0;
function newNumber(): string {
  numbers += 1;
  return `+178155501${String(numbers).padStart(2, '0')}`;
}
const at = (time: number) => new Date(time).toISOString();

describe('R9: the confirmation of an opt-out', () => {
  it('is announced once, with all that its sender needs and no number', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const messageId = 'SM0123456789abcdef0123456789abcdef';
    await world.send({ from, text: 'Arrêt', seller: 'acme', messageId });
    expect(world.announced).toEqual([
      {
        confirmationId: expect.stringMatching(/^[0-9a-f]{32}$/),
        token: tokenOfNumber(from, PEPPER),
        messageId,
        language: 'fr',
        seller: 'acme',
        sendBefore: at(NOON + 5 * MINUTE_MS),
      },
    ]);
    expect(leaks(JSON.stringify(world.announced), [from])).toEqual([]);
  });

  it('is not announced again for the same message, nor for another STOP of the same person', async () => {
    const world = createMessageWorld(db.client);
    const message = { from: newNumber(), messageId: 'message-a' };
    await world.send(message);
    expect(await world.send(message)).toMatchObject({ confirmation: 'NONE' });
    expect(await world.send({ ...message, messageId: 'message-b' })).toMatchObject({
      changed: true,
      confirmation: 'NONE',
    });
    expect(world.announced).toHaveLength(1);
  });

  it('is announced once where twenty STOPs arrive at once', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.send({ from })));
    const taken = answers.filter(({ status }) => status === 201);
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.filter((answer) => answer['confirmation'] === 'DUE')).toHaveLength(1);
    expect(world.announced).toHaveLength(1);
  });

  it('is announced again where the person had consented anew', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    await world.send({ from });
    await world.contactPoints.change(tokenOfNumber(from, PEPPER), ({ state }) => ({
      state: { ...state, consents: { 'SMS#MARKETING#*': { GRANTED: consent({ effectiveAt: NOON + 1 }) } } },
      now: NOON,
    }));
    world.clock.now += 2;
    expect(await world.send({ from })).toMatchObject({ confirmation: 'DUE' });
  });

  it('is announced where only part of all contact had been ended before', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const { kind: _fact, ...record } = suppression({ channel: 'SMS', reason: 'CUSTOMER_REQUEST' });
    await world.contactPoints.change(tokenOfNumber(from, PEPPER), ({ state }) => ({
      state: {
        ...state,
        suppressions: { 'SMS#CUSTOMER_REQUEST#*#IVR': { ...record, firstEffectiveAt: NOON } },
      },
      now: NOON,
    }));
    expect(await world.send({ from })).toMatchObject({ confirmation: 'DUE' });
  });

  it.each([
    [5 * MINUTE_MS - 1, 'DUE'],
    [5 * MINUTE_MS, 'NONE'],
  ])('of a message that is %d ms old is %s', async (age, confirmation) => {
    const world = createMessageWorld(db.client);
    const answer = await world.send({ from: newNumber(), receivedAt: at(NOON - age) });
    expect(answer).toMatchObject({ status: 201, confirmation });
    expect(world.announced).toHaveLength(confirmation === 'DUE' ? 1 : 0);
  });

  it.each([
    ['a doubt', { text: 'stop please' }],
    ['an e-mail', { channel: 'EMAIL', from: 'robin.reply@example.com' }],
    ['a message that asks for messages', { text: 'START' }],
  ])('is never due for %s', async (_what, fields) => {
    const world = createMessageWorld(db.client);
    await world.send({ from: newNumber(), ...fields });
    expect(world.announced).toEqual([]);
  });

  it('that cannot be announced does not undo the opt-out, and is not tried again', async () => {
    const refused: Confirmation[] = [];
    const world = createMessageWorld(db.client, {
      confirmations: {
        due: async (confirmation) => {
          refused.push(confirmation);
          throw new Error(`no bus for ${confirmation.messageId}`);
        },
      },
    });
    const message = { from: newNumber(), messageId: 'message-d' };
    expect(await world.send(message)).toMatchObject({ status: 201, changed: true, confirmation: 'NONE' });
    await world.send(message);
    expect(refused).toHaveLength(1);
    expect(world.lines.join()).toContain('CONFIRMATION_NOT_ANNOUNCED');
    expect(world.lines.join()).not.toContain('no bus for');
  });
});

describe('the event', () => {
  it('reaches a rule on the default bus, as the sender of text messages would see it', async () => {
    const folder = temporaryFolder();
    const aws = await startLocalAws(folder.path);
    try {
      const queue = aws.sqs.createQueue({ QueueName: 'sender' });
      aws.eventBridge.putRule({
        Name: 'confirmations',
        EventBusName: 'default',
        EventPattern: {
          source: [CONFIRMATION_EVENT.source],
          'detail-type': [CONFIRMATION_EVENT.detailType],
        },
        Targets: [{ Id: 'sender', Arn: queue.arn }],
      });
      const confirmations = new EventBridgeConfirmations(clientsOf(aws.endpoint).events);
      const world = createMessageWorld(db.client, { confirmations });
      const from = newNumber();
      expect(await world.send({ from, messageId: 'message-e' })).toMatchObject({ confirmation: 'DUE' });
      await world.send({ from, messageId: 'message-e' });
      const bodies = (await queue.receive({ max: 10, waitMs: 0 })).map(({ body }) => body);
      expect(bodies.map((body) => JSON.parse(body))).toEqual([
        expect.objectContaining({
          source: 'dialguard',
          'detail-type': 'dialguard.opt-out.confirmation-due',
          detail: expect.objectContaining({ messageId: 'message-e', language: 'en', seller: '*' }),
        }),
      ]);
      expect(leaks(bodies.join(), [from])).toEqual([]);
    } finally {
      await aws.close();
      folder.remove();
    }
  });

  it('that EventBridge does not take is an error, never a silence', async () => {
    const client = new EventBridgeClient({ ...account, credentials });
    client.middlewareStack.add(
      () => async () => ({
        response: {},
        output: {
          $metadata: {},
          FailedEntryCount: 1,
          Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'told to' }],
        },
      }),
      { step: 'initialize' },
    );
    const confirmation = {
      confirmationId: 'a',
      token: tokenOfNumber(newNumber(), PEPPER),
      messageId: 'message-f',
      language: 'en',
      seller: '*',
      sendBefore: at(NOON),
    } as const;
    await expect(new EventBridgeConfirmations(client).due(confirmation)).rejects.toMatchObject({
      code: 'EVENT_REFUSED',
    });
  });
});
