import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_REVIEWS } from '../../lib/domain/opt-out/message-facts.ts';
import { standingSuppressions } from '../../lib/domain/state/position.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, NOON } from '../support/facts.ts';
import { apiEvent } from '../support/intake.ts';
import { createMessageWorld } from '../support/messages.ts';
import { PEPPER, tokenOfAddress, tokenOfNumber } from '../support/numbers.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

const MINUTE_MS = 60_000;
let numbers = 0;
/** Nobody has written yet from this number. */
function newNumber(): string {
  numbers += 1;
  return `+1${['781', '617', '508', '413'][numbers % 4]}55501${String(numbers).padStart(2, '0')}`;
}

async function stateOf(from: string) {
  const token = from.includes('@') ? tokenOfAddress(from, PEPPER) : tokenOfNumber(from, PEPPER);
  const [found] = await createMessageWorld(db.client).contactPoints.read([token]);
  if (found === undefined) throw new Error('expected a contact point');
  return found;
}

async function blockedOn(from: string, now = NOON) {
  const { state } = await stateOf(from);
  return (['VOICE', 'SMS', 'EMAIL'] as const).filter(
    (channel) => standingSuppressions(state, { channel, purpose: 'MARKETING' }, now).length > 0,
  );
}

describe('a text message that is an opt-out', () => {
  it('R8, R10: ends contact on every channel for every seller at once, and keeps what it answered', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    expect(await world.send({ from, text: 'Stop!', seller: 'acme' })).toEqual({
      status: 201,
      accepted: true,
      classified: 'OPT_OUT',
      keyword: 'en:stop',
      effectiveAt: new Date(NOON).toISOString(),
      changed: true,
      confirmation: 'DUE',
    });
    expect(await blockedOn(from)).toEqual(['VOICE', 'SMS', 'EMAIL']);
    const { state, pendingCount, sealed } = await stateOf(from);
    expect(state.suppressions).toEqual({
      'ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD': {
        effectiveAt: NOON,
        firstEffectiveAt: NOON,
        receivedAt: NOON,
        by: 'client-a',
        eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
        evidence: { reference: 'keyword:en:stop' },
        asked: { channel: 'SMS', seller: 'acme' },
      },
    });
    expect({ pendingCount, sealed }).toEqual({ pendingCount: 1, sealed: true });
  });

  it('is one fact however often it is delivered, and keeps the time of its first arrival', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const message = { from, messageId: 'message-a' };
    await world.send(message);
    const first = await stateOf(from);
    world.clock.now += MINUTE_MS;
    expect(await world.send(message)).toMatchObject({ status: 200, changed: false });
    expect(await stateOf(from)).toEqual(first);
  });

  it('does not undo consent given since, when it is delivered again', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    await world.send({ from, messageId: 'message-a' });
    const token = tokenOfNumber(from, PEPPER);
    const granted = consent({ effectiveAt: NOON + 1 });
    await world.contactPoints.change(token, ({ state }) => ({
      state: { ...state, consents: { 'VOICE#MARKETING#*': { GRANTED: { ...granted } } } },
      now: NOON,
    }));
    world.clock.now += MINUTE_MS;
    await world.send({ from, messageId: 'message-a' });
    const { state } = await stateOf(from);
    expect(state.suppressions['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD']?.effectiveAt).toBe(NOON);
  });

  it('counts from when it reached the gateway, never from the future', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const receivedAt = new Date(NOON - 3 * MINUTE_MS).toISOString();
    expect(await world.send({ from, receivedAt })).toMatchObject({ effectiveAt: receivedAt });
    const ahead = await world.send({ from: newNumber(), receivedAt: '2030-01-01T00:00:00Z' });
    expect(ahead).toMatchObject({ status: 201, effectiveAt: new Date(NOON).toISOString() });
    expect(world.values('OptOutFutureDatedCount')).toEqual([1]);
  });

  it('blocks whoever a number can be that cannot be read for certain, and says so', async () => {
    const world = createMessageWorld(db.client);
    const [optOut, doubt] = [newNumber(), newNumber()];
    expect(await world.send({ from: `${optOut} x1` })).toMatchObject({
      status: 422,
      code: 'UNREADABLE_INPUT',
      suppressed: 1,
    });
    expect(await world.send({ from: `${doubt} x1`, text: 'stop please' })).toMatchObject({
      status: 422,
      suppressed: 1,
    });
    expect(await blockedOn(optOut)).toHaveLength(3);
    expect(await blockedOn(doubt)).toHaveLength(3);
    expect(await world.send({ from: 'x' })).toMatchObject({ status: 422, suppressed: 0 });
  });

  it('of another region is stored nowhere', async () => {
    const world = createMessageWorld(db.client);
    for (const text of ['STOP', 'stop please']) {
      expect(await world.send({ from: '+442079460106', text })).toMatchObject({ status: 421, region: 'EU' });
    }
    expect(await stateOf('+442079460106')).toMatchObject({ version: 0 });
  });
});

describe('an e-mail reply', () => {
  it('counts by what its writer wrote, on every channel', async () => {
    const world = createMessageWorld(db.client);
    const from = 'robin.reply@example.com';
    const header = `"Robin, Reply" <${from}>`;
    const text = 'Unsubscribe\n\nOn Mon, Nov 16, 2026 Acme <news@example.com> wrote:\n> Offers';
    const answer = await world.send({
      channel: 'EMAIL',
      from: header,
      text,
      messageId: '<a.1@mail.example.com>',
    });
    expect(answer).toMatchObject({ status: 201, classified: 'OPT_OUT', confirmation: 'NONE' });
    expect(Object.keys((await stateOf(from)).state.suppressions)).toEqual([
      'ALL#CUSTOMER_REQUEST#*#EMAIL_REPLY',
    ]);
    expect(world.announced).toEqual([]);
  });

  it('with our own footer alone says nothing', async () => {
    const world = createMessageWorld(db.client);
    const message = { channel: 'EMAIL', from: 'sam.silent@example.com', text: 'Thanks!\n> unsubscribe here' };
    expect(await world.send(message)).toEqual({ status: 200, accepted: true, classified: 'NONE' });
  });
});

describe('a message in doubt', () => {
  it('R6, R8: blocks at once and waits for a reviewer, at most ten business days', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const answer = await world.send({ from, text: "please don't stop", seller: 'acme' });
    // Friday 20 November 2026, and Thanksgiving lies between.
    expect(answer).toEqual({
      status: 201,
      accepted: true,
      classified: 'DOUBTFUL',
      keyword: 'en:stop',
      effectiveAt: '2026-11-20T15:00:00.000Z',
      changed: true,
      reviewId: expect.stringMatching(/^[0-9a-f]{32}$/),
      dueAt: '2026-12-07T15:00:00.000Z',
    });
    expect(await blockedOn(from)).toEqual(['VOICE', 'SMS', 'EMAIL']);
    expect(world.announced).toEqual([]);
    const token = tokenOfNumber(from, PEPPER);
    const review = (await world.reviews.waiting()).find((waiting) => waiting.token === token);
    expect(review).toMatchObject({ channel: 'SMS', seller: 'acme', keyword: 'en:stop' });
    const place = { token, reviewId: review?.id ?? '' };
    expect(await world.reviewText.open(place, review?.text ?? new Uint8Array())).toBe("please don't stop");
  });

  it('is one review however often it is delivered', async () => {
    const world = createMessageWorld(db.client);
    const message = { from: newNumber(), text: 'stop please', messageId: 'message-b' };
    const before = (await world.reviews.waiting()).length;
    const first = await world.send(message);
    const again = await world.send(message);
    expect(again).toEqual({ ...first, status: 200, changed: false });
    expect(await world.reviews.waiting()).toHaveLength(before + 1);
  });

  it('whose review could not be opened answers 503, blocks, and is opened by the next delivery', async () => {
    let failures = 1;
    const world = createMessageWorld(db.client, {
      around: (reviews) => ({
        open: async (review) => {
          failures -= 1;
          if (failures >= 0) throw new Error(`cannot open ${review.id}`);
          await reviews.open(review);
        },
        decide: (...args) => reviews.decide(...args),
        close: (review) => reviews.close(review),
        waiting: () => reviews.waiting(),
      }),
    });
    const message = { from: newNumber(), text: 'stop please', messageId: 'message-c' };
    expect(await world.send(message)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    expect(await blockedOn(message.from)).toHaveLength(3);
    const again = await world.send(message);
    expect(again).toMatchObject({ status: 200, reviewId: expect.any(String) });
    expect((await world.reviews.waiting()).map(({ id }) => id)).toContain(again['reviewId']);
  });

  it('of somebody who wants no contact anyhow needs no review', async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    await world.send({ from });
    const answer = await world.send({ from, text: 'stop please' });
    expect(answer).toMatchObject({ status: 200, classified: 'DOUBTFUL', changed: false });
    expect(answer).not.toHaveProperty('reviewId');
  });

  it(`is an opt-out after ${MOST_REVIEWS} others, so that no item grows without end`, async () => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    const messages = Array.from({ length: MOST_REVIEWS }, (_, nth) => `message-${nth}`);
    for (const messageId of messages) await world.send({ from, text: 'stop please', messageId });
    expect(await world.send({ from, text: 'stop please', messageId: 'message-0' })).toMatchObject({
      changed: false,
      reviewId: expect.any(String),
    });
    const beyond = await world.send({ from, text: 'stop please' });
    expect(beyond).toMatchObject({ status: 201, classified: 'DOUBTFUL' });
    expect(beyond).not.toHaveProperty('reviewId');
    const { state } = await stateOf(from);
    expect(Object.keys(state.suppressions)).toHaveLength(MOST_REVIEWS + 1);
    expect(state.suppressions).toHaveProperty(['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD']);
  });
});

describe('a message that asks for messages, or says nothing of it', () => {
  it.each([
    ['START', 'OPT_IN'],
    ['What are your hours?', 'NONE'],
  ])('%s stores nothing and lifts nothing', async (text, classified) => {
    const world = createMessageWorld(db.client);
    const from = newNumber();
    await world.send({ from });
    const before = await stateOf(from);
    expect(await world.send({ from, text })).toEqual({ status: 200, accepted: true, classified });
    expect(await stateOf(from)).toEqual(before);
    const other = newNumber();
    await world.send({ from: other, text });
    expect(await stateOf(other)).toMatchObject({ version: 0 });
  });
});

describe('what is refused', () => {
  it.each([
    ['another channel', { channel: 'VOICE' }],
    ['a number as the id of a message', { messageId: '+17815550101' }],
    ['an address as the id of a text message', { messageId: '<a@example.com>' }],
    ['no id', { messageId: undefined }],
    ['no text', { text: undefined }],
    ['a text without end', { text: 'x'.repeat(100_001) }],
    ['a time without offset', { receivedAt: '2026-11-20T15:00:00' }],
    ['an unknown field', { subject: 'Stop' }],
  ])('%s', async (_what, fields) => {
    expect(await createMessageWorld(db.client).send(fields)).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    });
  });

  it.each([
    'SM0123456789abcdef0123456789abcdef',
    '01a20144-d9a7-70af-a312-2e1154c20698',
    '14762070468292kw2fuqty55yp2b2',
    '01FC66621XXXXX119Z8PMV1QPQ',
    'msg-17',
  ])('not a provider id such as %s', async (messageId) => {
    expect(await createMessageWorld(db.client).send({ text: 'hello', messageId })).toMatchObject({
      status: 200,
    });
  });

  it('another route, a body that is no JSON', async () => {
    const world = createMessageWorld(db.client);
    expect(await world.sendRaw(apiEvent('POST /v1/messages', {}))).toMatchObject({ status: 404 });
    expect(await world.sendRaw(apiEvent('POST /v1/messages/inbound', '{'))).toMatchObject({ status: 400 });
  });
});
