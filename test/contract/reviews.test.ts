import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportOverdueReviews } from '../../lambdas/append-audit-log/report-overdue-reviews.ts';
import type { Reviews } from '../../lib/domain/opt-out/review.ts';
import { standingSuppressions } from '../../lib/domain/state/position.ts';
import { PENDING_LIMIT } from '../../lib/domain/state/record-fact.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { NOON } from '../support/facts.ts';
import { createMessageWorld } from '../support/messages.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

let numbers = 0;
function newNumber(): string {
  numbers += 1;
  return `+161755501${String(numbers).padStart(2, '0')}`;
}

const newWorld = () => createMessageWorld(db.client);
type World = ReturnType<typeof newWorld>;

async function doubt(world: World, from: string, text = 'stop please'): Promise<string> {
  const { reviewId } = await world.send({ from, text });
  return String(reviewId);
}

/** The reasons that stand against a call. */
async function standing(from: string): Promise<readonly string[]> {
  const [found] = await newWorld().contactPoints.read([tokenOfNumber(from, PEPPER)]);
  const call = { channel: 'VOICE', purpose: 'MARKETING' } as const;
  return found === undefined
    ? []
    : standingSuppressions(found.state, call, NOON + 1).map(({ reason }) => reason);
}

describe('a reviewer who has read a message', () => {
  it('makes it the opt-out that it was, from when it was said', async () => {
    const world = newWorld();
    const from = newNumber();
    const id = await doubt(world, from);
    expect(await standing(from)).toEqual(['PROVISIONAL']);
    world.clock.now += 60_000;
    expect(await world.resolve(id, { outcome: 'OPT_OUT' })).toEqual({
      status: 200,
      accepted: true,
      outcome: 'OPT_OUT',
      by: 'officer-1',
      resolvedAt: new Date(NOON + 60_000).toISOString(),
    });
    expect(await standing(from)).toEqual(['CUSTOMER_REQUEST']);
    const [found] = await world.contactPoints.read([tokenOfNumber(from, PEPPER)]);
    expect(found?.state.suppressions['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD']).toMatchObject({
      effectiveAt: NOON,
      eventId: id,
      asked: { channel: 'SMS', seller: '*' },
    });
    expect(found?.pendingCount).toBe(3);
    expect(world.announced).toEqual([]);
  });

  it('lifts the block where it was none', async () => {
    const world = newWorld();
    const from = newNumber();
    const id = await doubt(world, from, 'When does the sale end?');
    await world.resolve(id, { outcome: 'NOT_OPT_OUT' });
    expect(await standing(from)).toEqual([]);
  });

  it('lifts no block of another message, and no opt-out', async () => {
    const world = newWorld();
    const from = newNumber();
    const [first] = [await doubt(world, from), await doubt(world, from)];
    await world.resolve(first ?? '', { outcome: 'NOT_OPT_OUT' });
    expect(await standing(from)).toEqual(['PROVISIONAL']);
    const other = newNumber();
    const id = await doubt(world, other);
    await world.send({ from: other });
    await world.resolve(id, { outcome: 'NOT_OPT_OUT' });
    expect(await standing(other)).toEqual(['CUSTOMER_REQUEST']);
  });

  it('is told the same again, and otherwise who was first', async () => {
    const world = newWorld();
    const from = newNumber();
    const id = await doubt(world, from);
    const first = await world.resolve(id, { outcome: 'NOT_OPT_OUT' });
    world.clock.now += 1;
    expect(await world.resolve(id, { outcome: 'NOT_OPT_OUT', by: 'officer-2' })).toEqual(first);
    expect(await world.resolve(id, { outcome: 'OPT_OUT', by: 'officer-2' })).toEqual({
      status: 409,
      accepted: false,
      code: 'REVIEW_DECIDED',
      outcome: 'NOT_OPT_OUT',
    });
    expect(await standing(from)).toEqual([]);
  });

  it('and another, who say different things at once: one is heard, the other told', async () => {
    const world = newWorld();
    const from = newNumber();
    const id = await doubt(world, from);
    const outcomes = ['OPT_OUT', 'NOT_OPT_OUT', 'OPT_OUT', 'NOT_OPT_OUT'] as const;
    const answers = await Promise.all(outcomes.map((outcome) => world.resolve(id, { outcome })));
    const heard = new Set(answers.map(({ outcome }) => outcome));
    expect(heard.size).toBe(1);
    expect(await standing(from)).toEqual(heard.has('OPT_OUT') ? ['CUSTOMER_REQUEST'] : []);
  });

  it('empties the queue, and a late delivery of the message does not fill it again', async () => {
    const world = newWorld();
    const message = { from: newNumber(), text: 'stop please', messageId: 'message-a' };
    const { reviewId } = await world.send(message);
    const id = String(reviewId);
    await world.resolve(id, { outcome: 'NOT_OPT_OUT' });
    expect(await world.send(message)).toMatchObject({ status: 200, changed: false });
    expect((await world.reviews.waiting()).map((review) => review.id)).not.toContain(id);
    expect(await standing(message.from)).toEqual([]);
  });

  it.each([
    ['an unknown id', '0123456789abcdef0123456789abcdef', { outcome: 'OPT_OUT' }, 404, 'UNKNOWN_REVIEW'],
    ['a number as id', '+16175550100', { outcome: 'OPT_OUT' }, 404, 'UNKNOWN_REVIEW'],
    ['no outcome', '0123456789abcdef0123456789abcdef', {}, 400, 'INVALID_REQUEST'],
    ['a name as by', '0'.repeat(32), { outcome: 'OPT_OUT', by: 'Casey Officer' }, 400, 'INVALID_REQUEST'],
  ])('is refused with %s', async (_what, id, fields, status, code) => {
    expect(await newWorld().resolve(id, fields)).toMatchObject({ status, code });
  });
});

describe('a failure between two steps', () => {
  it.each(['OPT_OUT', 'NOT_OPT_OUT'] as const)(
    'leaves the block of %s until a repetition ends it',
    async (outcome) => {
      let failures = 1;
      const failing = (reviews: Reviews): Reviews => ({
        open: (review) => reviews.open(review),
        decide: (...args) => reviews.decide(...args),
        waiting: () => reviews.waiting(),
        close: async (review) => {
          failures -= 1;
          if (failures >= 0) throw new Error('cannot close');
          await reviews.close(review);
        },
      });
      const world = createMessageWorld(db.client, { around: failing });
      const from = newNumber();
      const id = await doubt(world, from);
      expect(await world.resolve(id, { outcome })).toMatchObject({ status: 503 });
      expect((await world.reviews.waiting()).map((review) => review.id)).toContain(id);
      const [before] = await world.contactPoints.read([tokenOfNumber(from, PEPPER)]);
      world.clock.now += 60_000;
      expect(await world.resolve(id, { outcome })).toMatchObject({ status: 200 });
      const [after] = await world.contactPoints.read([tokenOfNumber(from, PEPPER)]);
      expect(after).toEqual(before);
      expect((await world.reviews.waiting()).map((review) => review.id)).not.toContain(id);
    },
  );
});

describe('a contact point with as many entries waiting for the log as may wait', () => {
  it('takes an opt-out, and lifts nothing', async () => {
    const world = newWorld();
    const from = newNumber();
    const [kept, lifted] = [await doubt(world, from), await doubt(world, from)];
    const messages = Array.from({ length: PENDING_LIMIT }, (_, nth) => `message-${nth}`);
    for (const messageId of messages) {
      world.clock.now += 1;
      await world.send({ from, messageId });
    }
    expect(await world.resolve(kept, { outcome: 'OPT_OUT' })).toMatchObject({ status: 200 });
    expect(await world.resolve(lifted, { outcome: 'NOT_OPT_OUT' })).toMatchObject({
      status: 503,
      code: 'AUDIT_BACKLOG',
    });
    expect(await standing(from)).toEqual(expect.arrayContaining(['PROVISIONAL', 'CUSTOMER_REQUEST']));
  });
});

describe('the queue', () => {
  it('has what is due first in front, and an alarm counts what is overdue to the millisecond', async () => {
    const fresh = await startDynalite();
    try {
      const world = createMessageWorld(fresh.client);
      world.clock.now += 86_400_000;
      await doubt(world, newNumber());
      await world.send({ from: newNumber(), text: 'pls stop', receivedAt: new Date(NOON).toISOString() });
      const dueAt = (await world.reviews.waiting()).map((review) => review.dueAt);
      expect(dueAt.map((at) => new Date(at).toISOString())).toEqual([
        '2026-12-07T15:00:00.000Z',
        '2026-12-07T15:00:00.000Z',
      ]);
      const overdue = async (now: number) => {
        const { telemetry, values } = recordedTelemetry();
        await reportOverdueReviews({ reviews: world.reviews, telemetry, now: () => now });
        return values('ReviewOverdueCount');
      };
      const [due = 0] = dueAt;
      expect(await overdue(due - 1)).toEqual([0]);
      expect(await overdue(due)).toEqual([2]);
    } finally {
      await fresh.stop();
    }
  });
});
