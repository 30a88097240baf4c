import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDataKey } from '../../lib/adapters/dynamodb/data-key.ts';
import { open } from '../../lib/adapters/secrets-manager/sealing.ts';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { DAY_MS, NOON, PROOF } from '../support/facts.ts';
import { KEK } from '../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { dyingAt, Killed } from './audit-log-fixture.ts';
import { createErasureWorld, type ErasureWorld } from './erasure-fixture.ts';

let db: TestDynamoDb;
let world: ErasureWorld;
beforeAll(async () => {
  db = await startDynalite();
  world = createErasureWorld(db);
});
afterAll(() => db.stop());

let people = 0;

/** Somebody of whom everything is known: consent, a purchase, an opt-out by a message, a message in doubt. */
async function knownPerson(): Promise<string> {
  people += 1;
  const phoneNumber = `+1617555${String(100 + people).padStart(4, '0')}`;
  const said = { phoneNumber, source: 'WEBSITE_FORM', by: 'web' };
  const grant = { ...said, channel: 'EMAIL', purpose: 'SERVICE', seller: 'acme', status: 'GRANTED' };
  for (const [route, body] of [
    ['consents', { ...grant, proof: PROOF }],
    [
      'relationships',
      { ...said, seller: 'acme', event: 'TRANSACTION', at: '2026-11-01T10:00:00Z', eventId: 'order-7' },
    ],
    ['opt-outs', { ...said, channel: 'VOICE' }],
  ] as const) {
    expect((await world.tell(route, body)).status).toBe(201);
  }
  await world.messages.send({ from: phoneNumber, text: 'please stop being so kind to me and call again' });
  return phoneNumber;
}

function erasuresIn(pending: Record<string, string>): readonly unknown[] {
  return Object.values(pending)
    .map((line): { kind: string } => JSON.parse(line))
    .filter(({ kind }) => kind === 'erasure');
}

const GONE = {
  destroyed: { dataKey: true, suppressions: 2, consents: 1, events: 1, reviews: 0, attempts: 0 },
};

describe('X1: an erased contact point', () => {
  it('holds a suppression, the entries that wait, and nothing else', async () => {
    const phoneNumber = await knownPerson();
    const asked = { phoneNumber, channel: 'SMS', purpose: 'SERVICE', requestId: 'request-1' };
    await new CheckConsentWorld(db).post(asked);
    const before = await world.item(phoneNumber);
    expect(before).toMatchObject({ sealed: expect.anything(), dataKey: expect.anything() });
    expect(before['answers']).not.toEqual({});
    expect(await world.erase({ phoneNumber, caseId: 'dsr-17' })).toEqual({
      status: 201,
      accepted: true,
      changed: true,
      erasedAt: new Date(NOON).toISOString(),
      ...GONE,
      kept: { suppressions: 1, endedHolds: 0 },
      messagesDestroyed: 1,
    });
    const { pending, lastEntry: _id, ...item } = await world.item(phoneNumber);
    expect(Object.keys(item).sort()).toEqual(
      ['answers', 'attempts', 'consents', 'erasedAt', 'holds', 'pendingShard', 'pendingSince', 'suppressions']
        .concat(['token', 'version'])
        // Nothing hands changes on to diallers here, so the mark of an earlier one waits still.
        .concat(['pushShard', 'pushSince', 'pushVersion'])
        .sort(),
    );
    const { consents, holds, attempts, answers, erasedAt } = item;
    expect({ consents, holds, attempts, answers, erasedAt }).toEqual({
      ...{ consents: {}, holds: {}, attempts: [], answers: {} },
      erasedAt: NOON,
    });
    // What waited still waits, and the erasure with it.
    expect(Object.keys(pending)).toEqual(expect.arrayContaining(Object.keys(before.pending)));
    expect(erasuresIn(pending)).toMatchObject([
      { reason: 'SUBJECT_REQUEST', by: 'privacy-2', caseId: 'dsr-17' },
    ]);
  });

  it('cannot be opened any more, nor can a message of its', async () => {
    const phoneNumber = await knownPerson();
    const token = tokenOfNumber(phoneNumber, PEPPER);
    const { sealed } = await world.item(phoneNumber);
    const [review] = (await world.messages.reviews.waiting()).filter((one) => one.token === token);
    if (!(sealed instanceof Uint8Array) || review?.text === undefined) throw new Error('expected ciphertext');
    const key = () => readDataKey(db.client, { table: TABLES.contactPoints, token });
    const wrappedKey = await key();
    expect(open(KEK, token, { ciphertext: sealed, wrappedKey: wrappedKey ?? sealed })).toBe(
      `tel:${phoneNumber}`,
    );
    await world.erase({ phoneNumber });
    expect(await key()).toBeUndefined();
    expect(await world.messages.reviewText.open({ token, reviewId: review.id }, review.text)).toBeUndefined();
    const left = (await world.cases()).filter((item) => item['token'] === token);
    expect(left).toMatchObject([{ pk: 'review-closed', decision: { outcome: 'OPT_OUT', by: 'privacy-2' } }]);
    expect(left[0]).not.toHaveProperty('text');
  });

  it('is blocked on every channel, and is so by a check', async () => {
    const phoneNumber = await knownPerson();
    await world.erase({ phoneNumber });
    const checks = new CheckConsentWorld(db);
    for (const channel of ['VOICE', 'SMS']) {
      for (const purpose of ['MARKETING', 'SERVICE']) {
        const answer = await checks.check({ phoneNumber, channel, purpose });
        expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'SUPPRESSED' });
      }
    }
  });

  it('is not brought back by what was said before, delivered again', async () => {
    const phoneNumber = await knownPerson();
    await world.erase({ phoneNumber });
    const { version } = await world.item(phoneNumber);
    const late = { phoneNumber, source: 'WEBSITE_FORM', by: 'web', effectiveAt: '2026-11-01T10:00:00Z' };
    expect(await world.tell('opt-outs', { ...late, channel: 'VOICE' })).toMatchObject({ changed: false });
    expect(await world.item(phoneNumber)).toMatchObject({ version });
    expect(await world.item(phoneNumber)).not.toHaveProperty('sealed');
  });

  it('can say something new, and is then known again under a new key', async () => {
    const phoneNumber = await knownPerson();
    const { dataKey } = await world.item(phoneNumber);
    await world.erase({ phoneNumber });
    world.clock.now += DAY_MS;
    const body = { phoneNumber, channel: 'VOICE', purpose: 'SERVICE', seller: 'acme', status: 'GRANTED' };
    expect(
      await world.tell('consents', { ...body, source: 'WEBSITE_FORM', by: 'web', proof: PROOF }),
    ).toMatchObject({ status: 201 });
    const again = await world.item(phoneNumber);
    expect(again).toHaveProperty('sealed');
    expect(again['dataKey']).not.toEqual(dataKey);
    const checks = new CheckConsentWorld(db);
    checks.now = world.clock.now + 1000;
    expect(await checks.check({ phoneNumber, purpose: 'SERVICE' })).toMatchObject({ decision: 'ALLOW' });
    expect(await world.erase({ phoneNumber })).toMatchObject({ status: 201, changed: true });
  });
});

describe('the request', () => {
  it('is refused while a litigation hold stands, and destroys nothing (X4)', async () => {
    const phoneNumber = await knownPerson();
    await world.hold('holds', { phoneNumber, caseId: 'case-9', by: 'legal-1' });
    const before = await world.item(phoneNumber);
    expect(await world.erase({ phoneNumber })).toEqual({
      status: 409,
      accepted: false,
      code: 'LITIGATION_HOLD',
      standingHolds: 1,
    });
    expect(await world.item(phoneNumber)).toEqual(before);
    for (const by of ['legal-2', 'legal-3']) {
      await world.hold('hold-releases', { phoneNumber, caseId: 'case-9', by });
    }
    expect(await world.erase({ phoneNumber })).toMatchObject({ status: 201, kept: { endedHolds: 1 } });
    expect(await world.item(phoneNumber)).toMatchObject({ holds: { 'case-9': { placedBy: 'legal-1' } } });
  });

  it('is refused by a hold that is placed while it runs', async () => {
    const phoneNumber = await knownPerson();
    let placed = false;
    const late = world.eraser(async (request) => {
      // After the first read, before the write.
      await request();
      if (placed) return;
      placed = true;
      await world.hold('holds', { phoneNumber, caseId: 'case-10', by: 'legal-1' });
    });
    expect(await late({ phoneNumber })).toMatchObject({ status: 409, code: 'LITIGATION_HOLD' });
    expect(await world.item(phoneNumber)).toHaveProperty('dataKey');
  });

  it('may be repeated: the second time there is nothing to destroy, and nothing to log', async () => {
    const phoneNumber = await knownPerson();
    await world.erase({ phoneNumber });
    const before = await world.item(phoneNumber);
    expect(await world.erase({ phoneNumber })).toMatchObject({
      status: 200,
      changed: false,
      messagesDestroyed: 0,
    });
    expect(await world.item(phoneNumber)).toEqual(before);
  });

  it('may name the token alone, as the log does, after a restore', async () => {
    const phoneNumber = await knownPerson();
    const token = tokenOfNumber(phoneNumber, PEPPER);
    expect(await world.erase({ token, reason: 'AFTER_RESTORE' })).toMatchObject({ status: 201, ...GONE });
  });

  it.each<[string, object, number, string]>([
    ['a number of another region', { phoneNumber: '+442079460106' }, 421, 'WRONG_REGION'],
    ['an unreadable number', { phoneNumber: '617 555' }, 422, 'UNREADABLE_INPUT'],
    ['nobody', {}, 400, 'INVALID_REQUEST'],
    ['no token', { token: 'p1.x' }, 400, 'INVALID_REQUEST'],
    [
      'two people',
      { phoneNumber: '+16175550199', email: 'casey.fixture@example.com' },
      400,
      'INVALID_REQUEST',
    ],
    ['a reason in words', { phoneNumber: '+16175550199', reason: 'she asked' }, 400, 'INVALID_REQUEST'],
    ['a name', { phoneNumber: '+16175550199', by: 'Dana Doe' }, 400, 'INVALID_REQUEST'],
  ])('%s: nothing is done', async (_, fields, status, code) => {
    expect(await world.erase(fields)).toMatchObject({ status, code });
  });
});

describe('killed anywhere', () => {
  it.each(['BEFORE', 'AFTER'] as const)(
    '%s a request, it is finished by the next run: one entry, no key, no message',
    async (moment) => {
      for (let nth = 1; ; nth += 1) {
        const phoneNumber = await knownPerson();
        const token = tokenOfNumber(phoneNumber, PEPPER);
        const first = await world.eraser(dyingAt(nth, moment))({ phoneNumber });
        const { dataKey, pending } = await world.item(phoneNumber);
        // Neither is ever without the other.
        expect(erasuresIn(pending)).toHaveLength(dataKey === undefined ? 1 : 0);
        expect(await world.erase({ phoneNumber })).toMatchObject({ accepted: true });
        const after = await world.item(phoneNumber);
        expect(after).not.toHaveProperty('dataKey');
        expect(erasuresIn(after.pending)).toHaveLength(1);
        expect((await world.messages.reviews.waiting()).filter((one) => one.token === token)).toEqual([]);
        if (first['accepted'] === true) return expect(nth).toBeGreaterThan(4);
      }
    },
  );

  it('by a failure it says so, and that it may be sent again', async () => {
    const phoneNumber = await knownPerson();
    const dying = world.eraser(async () => {
      throw new Killed();
    });
    expect(await dying({ phoneNumber })).toEqual({ status: 503, accepted: false, code: 'UNAVAILABLE' });
  });
});
