import { describe, expect, test } from 'vitest';
import { PENDING_LIMIT } from '../../../lib/domain/state/record-fact.ts';
import { NOON } from '../../support/facts.ts';
import { createMemoryIntake } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';
import { A, type Intake, iso, LONDONER, post, stateOf } from '../../support/preferences.ts';

const REPORT = { phoneNumber: A, at: iso(NOON - 1000), source: 'AGENT', by: 'agent-1' };
const CASES = [
  { route: 'conversations', body: { ...REPORT, seller: 'acme' }, key: 'CONVERSATION#acme' },
  { route: 'conversations', body: { ...REPORT, seller: '*' }, key: 'CONVERSATION#*' },
  {
    route: 'relationships',
    body: { ...REPORT, seller: 'acme', event: 'TRANSACTION' },
    key: 'TRANSACTION#acme',
  },
  { route: 'relationships', body: { ...REPORT, seller: 'acme', event: 'INQUIRY' }, key: 'INQUIRY#acme' },
  { route: 'reassignments', body: { ...REPORT, answer: 'YES' }, key: 'REASSIGNED_YES#*' },
  { route: 'reassignments', body: { ...REPORT, answer: 'NO_DATA' }, key: 'REASSIGNED_NO_DATA#*' },
] as const;
const [CONVERSATION, , RELATIONSHIP, , REASSIGNMENT] = CASES;
const eventAt = (intake: Intake, key: string) => stateOf(intake).events?.[key]?.effectiveAt;

describe('POST /v1/conversations, /v1/relationships and /v1/reassignments', () => {
  test.each(CASES)('$key is recorded once, with its entry', async ({ route, body, key }) => {
    const intake = createMemoryIntake();
    const first = await post(intake, route, body);
    const at = iso(NOON - 1000);
    const eventId = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(first).toEqual({ statusCode: 201, body: { accepted: true, eventId, at, changed: true } });
    expect(stateOf(intake).events).toEqual({
      [key]: expect.objectContaining({ effectiveAt: NOON - 1000, source: 'AGENT', by: 'agent-1' }),
    });
    intake.clock.now += 60_000;
    const again = await post(intake, route, body);
    expect(again).toMatchObject({
      statusCode: 200,
      body: { changed: false, eventId: first.body['eventId'] },
    });
    const entries = [...intake.contactPoints.entries.values()];
    expect(entries).toMatchObject([{ kind: 'fact', client: 'client-a', fact: { effectiveAt: NOON - 1000 } }]);
  });

  test('the latest counts, whatever arrives last', async () => {
    const intake = createMemoryIntake();
    const { route, body, key } = CONVERSATION;
    await post(intake, route, body);
    expect(await post(intake, route, { ...body, at: iso(NOON - 2000) })).toMatchObject({ statusCode: 200 });
    expect(eventAt(intake, key)).toBe(NOON - 1000);
    expect(await post(intake, route, { ...body, at: iso(NOON) })).toMatchObject({ statusCode: 201 });
    expect(eventAt(intake, key)).toBe(NOON);
  });

  test.each([CONVERSATION, REASSIGNMENT])(
    'dated ahead, what keeps people from contact counts from its first arrival: $key',
    async ({ route, body, key }) => {
      const intake = createMemoryIntake();
      const ahead = { ...body, at: iso(NOON + 3_600_000), eventId: 'call-1' };
      expect(await post(intake, route, ahead)).toMatchObject({ statusCode: 201 });
      intake.clock.now += 60_000;
      expect(await post(intake, route, ahead)).toMatchObject({ statusCode: 200 });
      expect(eventAt(intake, key)).toBe(NOON);
    },
  );

  test('dated ahead of any clock error, what permits contact is refused', async () => {
    const intake = createMemoryIntake();
    const { route, body } = RELATIONSHIP;
    const refused = await post(intake, route, { ...body, at: iso(NOON + 300_001) });
    expect(refused).toMatchObject({ statusCode: 400, body: { code: 'FUTURE_EFFECTIVE_AT' } });
    expect(await post(intake, route, { ...body, at: iso(NOON + 300_000) })).toMatchObject({
      statusCode: 201,
    });
    expect(eventAt(intake, 'TRANSACTION#acme')).toBe(NOON);
  });

  test.each([
    { route: CONVERSATION.route, body: { ...CONVERSATION.body, seller: undefined } },
    { route: CONVERSATION.route, body: { ...CONVERSATION.body, at: undefined } },
    { route: CONVERSATION.route, body: { ...CONVERSATION.body, email: 'a@example.com' } },
    { route: CONVERSATION.route, body: { ...CONVERSATION.body, answer: 'YES' } },
    { route: RELATIONSHIP.route, body: { ...RELATIONSHIP.body, seller: '*' } },
    { route: RELATIONSHIP.route, body: { ...RELATIONSHIP.body, event: 'CONVERSATION' } },
    { route: REASSIGNMENT.route, body: { ...REASSIGNMENT.body, answer: 'MAYBE' } },
    {
      route: REASSIGNMENT.route,
      body: { ...REASSIGNMENT.body, phoneNumber: undefined, email: 'a@example.com' },
    },
  ])('refuses $route with $body', async ({ route, body }) => {
    const intake = createMemoryIntake();
    expect(await post(intake, route, body)).toMatchObject({ statusCode: 400 });
    expect(intake.contactPoints.items.size).toBe(0);
  });

  test.each([
    { phoneNumber: '911', answer: { statusCode: 422, body: { code: 'UNREADABLE_INPUT' } } },
    { phoneNumber: LONDONER, answer: { statusCode: 421, body: { code: 'WRONG_REGION', region: 'EU' } } },
  ])('stores nothing of $phoneNumber', async ({ phoneNumber, answer }) => {
    const intake = createMemoryIntake();
    expect(await post(intake, CONVERSATION.route, { ...CONVERSATION.body, phoneNumber })).toMatchObject(
      answer,
    );
    expect(intake.contactPoints.items.size).toBe(0);
  });

  test('under a backlog takes what keeps from contact, and not what permits it', async () => {
    const intake = createMemoryIntake();
    await post(intake, CONVERSATION.route, CONVERSATION.body);
    const token = tokenOfNumber(A, PEPPER);
    const item = intake.contactPoints.items.get(token);
    if (item === undefined) throw new Error('expected an item');
    intake.contactPoints.items.set(token, { ...item, pendingCount: PENDING_LIMIT });
    expect(await post(intake, REASSIGNMENT.route, REASSIGNMENT.body)).toMatchObject({ statusCode: 201 });
    expect(await post(intake, RELATIONSHIP.route, RELATIONSHIP.body)).toMatchObject({
      statusCode: 503,
      body: { code: 'AUDIT_BACKLOG' },
    });
  });

  test('a store that fails is a request to send again', async () => {
    const intake = createMemoryIntake();
    intake.contactPoints.failures.push(new Error('down'));
    const { route, body } = CONVERSATION;
    expect(await post(intake, route, body)).toMatchObject({ statusCode: 503, body: { code: 'UNAVAILABLE' } });
  });
});
