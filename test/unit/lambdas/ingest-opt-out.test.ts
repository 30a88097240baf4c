import { describe, expect, test } from 'vitest';
import { open } from '../../../lib/adapters/secrets-manager/sealing.ts';
import { parseEmailAddress } from '../../../lib/domain/contact-point/email-address.ts';
import { tokenOf } from '../../../lib/domain/contact-point/token.ts';
import { decide } from '../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../../lib/domain/state/state.ts';
import { contextOf } from '../../support/contexts.ts';
import { NOON } from '../../support/facts.ts';
import { eventText, OTHER_CODE, outboundOptOut, sqsRecord } from '../../support/genesys-events.ts';
import { apiEvent, createMemoryIntake, KEK, stateBytes } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';

const A = '+17815550131';
const B = '+17815550132';
const CONVERSATION = 'a0000000-c0c0-4c0c-8c0c-cccccccccccc';
const FACET = 'ALL#CUSTOMER_REQUEST#*#GENESYS_AGENT_DISPOSITION';

type Intake = ReturnType<typeof createMemoryIntake>;
const stateOf = ({ contactPoints }: Intake, number: string) =>
  contactPoints.items.get(tokenOfNumber(number, PEPPER))?.state ?? EMPTY_STATE;
const isBlocked = (intake: Intake, number: string) =>
  decide(contextOf({ state: stateOf(intake, number) }), DEFAULT_POLICY, 'DIAL').effect === 'BLOCK';
const ingest = (intake: Intake, ...bodies: string[]) =>
  intake.ingest({ Records: bodies.map((body, index) => sqsRecord(body, `m-${index}`)) });
const failedIds = (answer: Awaited<ReturnType<Intake['ingest']>>) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe('an opt-out', () => {
  test('TB17 of a real event blocks the next check, on every channel, for every seller', async () => {
    const intake = createMemoryIntake();
    expect(isBlocked(intake, A)).toBe(false);
    expect(await ingest(intake, outboundOptOut(A))).toEqual({ batchItemFailures: [] });
    for (const channel of ['VOICE', 'SMS', 'EMAIL'] as const) {
      const context = contextOf({ state: stateOf(intake, A), scope: { channel, seller: 'any-brand' } });
      expect(decide(context, DEFAULT_POLICY, 'DIAL').effect).toBe('BLOCK');
    }
    expect(stateOf(intake, A).suppressions[FACET]).toEqual({
      effectiveAt: NOON - 1200,
      firstEffectiveAt: NOON - 1200,
      receivedAt: NOON,
      by: 'f0f0f0f0-f0f0-4f0f-8f0f-ffffffffffff',
      eventId: expect.stringMatching(/^[0-9a-f]{64}$/),
      evidence: { reference: CONVERSATION },
    });
    expect(intake.values('OptOutLatencyMs')).toEqual([1200]);
  });

  test('that comes again, as a replay does, is no late opt-out', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A), outboundOptOut(A));
    expect(intake.values('OptOutLatencyMs')).toEqual([1200]);
  });

  test('is recorded with its entry, and the number sealed for the diallers', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A));
    const token = tokenOfNumber(A, PEPPER);
    const [entry] = intake.contactPoints.entries.values();
    const fact = { kind: 'suppression', evidence: { reference: CONVERSATION } };
    expect(entry).toMatchObject({ kind: 'fact', subjects: [token], fact });
    const sealed = intake.contactPoints.sealed.get(token);
    expect(sealed && open(KEK, token, sealed)).toBe(`tel:${A}`);
  });

  test('of an e-mail conversation is held under the address', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, eventText('wrapup-email-inbound'));
    const address = parseEmailAddress('casey.customer@example.com');
    if (address.kind === 'unreadable') throw new Error(address.cause);
    expect([...intake.contactPoints.items.keys()]).toEqual([tokenOf(PEPPER, address)]);
  });

  test('TB21 another wrap-up code is acknowledged, counted and changes nothing', async () => {
    const intake = createMemoryIntake();
    const answer = await ingest(
      intake,
      outboundOptOut(A, { wrapupCode: OTHER_CODE }),
      eventText('acw-transfer'),
    );
    expect(answer.batchItemFailures).toEqual([]);
    expect(intake.values('OptOutIgnoredCount')).toEqual([1, 1]);
    expect(intake.contactPoints.items.size + intake.deadLetters.length).toBe(0);
  });

  test('TB22 delivered again, with another envelope id and at another time, changes nothing', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A));
    const before = stateBytes(intake.contactPoints);
    const again = JSON.stringify({ ...JSON.parse(outboundOptOut(A)), id: 'another-envelope' });
    intake.clock.now += 60_000;
    await intake.ingest({ Records: [sqsRecord(again, 'm-9', NOON + 60_000)] });
    expect(stateBytes(intake.contactPoints)).toBe(before);
    expect(intake.contactPoints.entries.size).toBe(1);
  });

  test('TB8 TB22 the first request time survives later ones', async () => {
    const intake = createMemoryIntake();
    const later = { eventTime: NOON - 10, sessionId: 'another' };
    await ingest(intake, outboundOptOut(A, later), outboundOptOut(A));
    expect(stateOf(intake, A).suppressions[FACET]).toMatchObject({
      firstEffectiveAt: NOON - 1200,
      effectiveAt: NOON - 10,
    });
  });

  test('TB23 a later change of the code to opt-out counts, a correction away from it lifts nothing', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A, { wrapupCode: OTHER_CODE }));
    expect(isBlocked(intake, A)).toBe(false);
    await ingest(intake, outboundOptOut(A));
    expect(isBlocked(intake, A)).toBe(true);
    await ingest(intake, outboundOptOut(A, { wrapupCode: OTHER_CODE, eventTime: NOON }));
    expect(isBlocked(intake, A)).toBe(true);
  });

  test('TB18 own caller ids, transfer targets and sip: addresses are never suppressed', async () => {
    const intake = createMemoryIntake();
    const own = ['+16175550190', '+16175550191', '+16175550192', '+16175550193'];
    await ingest(
      intake,
      ...own.map((number) => outboundOptOut(number)),
      outboundOptOut(A, { dnis: 'sip:+17815550131@host' }),
    );
    expect(intake.contactPoints.items.size).toBe(0);
    expect(intake.deadLetters.map(({ cause }) => cause)).toEqual([
      ...own.map(() => 'ONLY_OWN_NUMBERS'),
      'UNREADABLE_ADDRESS',
    ]);
  });

  test.each([
    ['within clock error', 4 * 60_000, []],
    ['beyond any clock error: counted', 6 * 60_000, [1]],
  ])('threat 22: a time in the future counts from its arrival, %s', async (_, ahead, counted) => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A, { eventTime: NOON + ahead }));
    expect(stateOf(intake, A).suppressions[FACET]).toMatchObject({ effectiveAt: NOON, receivedAt: NOON });
    expect(intake.values('OptOutFutureDatedCount')).toEqual(counted);
  });

  test('an agent id that could be a number is not logged', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A, { userId: '+17815550199' }));
    expect(stateOf(intake, A).suppressions[FACET]?.by).toBe('genesys');
  });
});

describe('what cannot be read', () => {
  test('TB19 an opt-out without a number is parked whole, recorded, counted and acknowledged', async () => {
    const intake = createMemoryIntake();
    const body = outboundOptOut(A, { dnis: undefined, ani: undefined });
    expect(await ingest(intake, body)).toEqual({ batchItemFailures: [] });
    expect(intake.deadLetters).toEqual([{ id: 'm-0', body, cause: 'NO_CUSTOMER_ADDRESS' }]);
    expect([...intake.contactPoints.entries.values()]).toMatchObject([
      { kind: 'parked', cause: 'NO_CUSTOMER_ADDRESS', suppressed: 0, subjects: [] },
    ]);
    expect(intake.values('OptOutParkedCount')).toEqual([1]);
  });

  test('TB20 a poison message suppresses whom it names and stops nothing behind it', async () => {
    const intake = createMemoryIntake();
    const broken = outboundOptOut(A).slice(0, -20);
    expect(await ingest(intake, broken, outboundOptOut(B))).toEqual({ batchItemFailures: [] });
    expect([isBlocked(intake, A), isBlocked(intake, B)]).toEqual([true, true]);
    expect(intake.deadLetters).toEqual([{ id: 'm-0', body: broken, cause: 'BAD_JSON' }]);
  });

  test('a broken event that plainly carries another code suppresses nobody, but is looked at', async () => {
    const intake = createMemoryIntake();
    await ingest(intake, outboundOptOut(A, { wrapupCode: OTHER_CODE }).slice(0, -1));
    expect(intake.contactPoints.items.size).toBe(0);
    expect(intake.deadLetters.map(({ cause }) => cause)).toEqual(['BAD_JSON']);
  });

  test('delivered again after a failure, a message leaves one entry', async () => {
    const intake = createMemoryIntake();
    intake.contactPoints.failures.push(new Error('the store is down'));
    const body = outboundOptOut(A, { dnis: undefined });
    expect(failedIds(await ingest(intake, body))).toEqual(['m-0']);
    expect(failedIds(await ingest(intake, body))).toEqual([]);
    expect(failedIds(await ingest(intake, body))).toEqual([]);
    expect(intake.contactPoints.entries.size).toBe(1);
    expect(new Set(intake.deadLetters.map(({ id }) => id))).toEqual(new Set(['m-0']));
  });

  test('a number of another region is not stored here, but parked', async () => {
    const intake = createMemoryIntake('EU');
    await ingest(intake, outboundOptOut(A), outboundOptOut('+442079460106'));
    expect([...intake.contactPoints.items.keys()]).toEqual([tokenOfNumber('+442079460106', PEPPER)]);
    expect(intake.deadLetters).toMatchObject([{ id: 'm-0', cause: 'WRONG_REGION' }]);
    expect([...intake.contactPoints.entries.values()][0]).toMatchObject({
      cause: 'WRONG_REGION',
      suppressed: 0,
    });
  });
});

describe('I21 when something fails', () => {
  test('the message and all behind it in its group come again; nothing is lost, nothing overtakes', async () => {
    const intake = createMemoryIntake();
    // The two numbers are read at the same time, A first.
    intake.contactPoints.failures.push(undefined, new Error('throttled'));
    expect(failedIds(await ingest(intake, outboundOptOut(A), outboundOptOut(B), outboundOptOut(A)))).toEqual([
      'm-1',
      'm-2',
    ]);
    expect([isBlocked(intake, A), isBlocked(intake, B)]).toEqual([true, false]);
    expect(await ingest(intake, outboundOptOut(B))).toEqual({ batchItemFailures: [] });
    expect(isBlocked(intake, B)).toBe(true);
  });

  test('what is said of one number later waits for what was said before', async () => {
    const intake = createMemoryIntake();
    intake.contactPoints.failures.push(new Error('throttled'));
    const bodies = [outboundOptOut(A), outboundOptOut(A, { sessionId: 'later' }), outboundOptOut(B)];
    expect(failedIds(await ingest(intake, ...bodies))).toEqual(['m-0', 'm-1', 'm-2']);
    expect([isBlocked(intake, A), isBlocked(intake, B)]).toEqual([false, true]);
    expect(failedIds(await ingest(intake, ...bodies))).toEqual([]);
    expect(intake.contactPoints.entries.size).toBe(3);
  });

  test('TB24 other groups go on', async () => {
    const intake = createMemoryIntake();
    intake.contactPoints.failures.push(new Error('throttled'));
    const records = [outboundOptOut(A), outboundOptOut(B)].map((body, index) => {
      const record = sqsRecord(body, `m-${index}`);
      return { ...record, attributes: { SentTimestamp: String(NOON), MessageGroupId: `group-${index}` } };
    });
    expect(failedIds(await intake.ingest({ Records: records }))).toEqual(['m-0']);
    expect(isBlocked(intake, B)).toBe(true);
  });

  test('a message that cannot be parked is not acknowledged', async () => {
    const intake = createMemoryIntake();
    intake.deadLetterFailures.push(new Error('no queue'));
    expect(failedIds(await ingest(intake, 'no event', outboundOptOut(B)))).toEqual(['m-0', 'm-1']);
    expect(intake.values('OptOutParkedCount')).toEqual([]);
  });

  test('a batch of another form is refused whole', async () => {
    await expect(createMemoryIntake().ingest({ Records: [{ body: '' }] })).rejects.toThrow();
  });
});

test('TB37 the bus is one way among many: HTTP and bus end in one state', async () => {
  const intake = createMemoryIntake();
  await ingest(intake, outboundOptOut(A));
  const body = { phoneNumber: A, channel: 'SMS', source: 'SMS_KEYWORD', by: 'gateway' };
  await intake.preferences(apiEvent('POST /v1/opt-outs', body));
  expect(Object.keys(stateOf(intake, A).suppressions).toSorted()).toEqual([
    FACET,
    'SMS#CUSTOMER_REQUEST#*#SMS_KEYWORD',
  ]);
});
