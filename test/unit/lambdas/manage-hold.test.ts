import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { decide } from '../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../../lib/domain/state/state.ts';
import { contextOf } from '../../support/contexts.ts';
import { NOON, PROOF } from '../../support/facts.ts';
import { apiEvent, createMemoryIntake } from '../../support/intake.ts';
import { ADDRESS, PEPPER, tokenOfNumber } from '../../support/numbers.ts';

const A = '+17815550161';
const CASE = { phoneNumber: A, caseId: 'case-a' };
type Intake = ReturnType<typeof createMemoryIntake>;
const Body = z.record(z.string(), z.unknown());

async function post({ holds, clock }: Intake, route: 'holds' | 'hold-releases', body: unknown) {
  clock.now += 1000;
  const { statusCode, body: text } = await holds(apiEvent(`POST /v1/${route}`, body));
  return { statusCode, ...Body.parse(JSON.parse(text)) };
}

function isBlocked({ contactPoints }: Intake): boolean {
  const state = contactPoints.items.get(tokenOfNumber(A, PEPPER))?.state ?? EMPTY_STATE;
  const { reasons } = decide(contextOf({ state }), DEFAULT_POLICY, 'DIAL');
  return reasons[0]?.code === 'LITIGATION_HOLD';
}

describe('I7 litigation hold', () => {
  test('stands until two different people have released it', async () => {
    const intake = createMemoryIntake();
    expect(await post(intake, 'holds', { ...CASE, by: 'anna' })).toEqual({
      statusCode: 201,
      accepted: true,
      changed: true,
      status: 'HELD',
      releasedBy: 0,
      standingHolds: 1,
    });
    expect(isBlocked(intake)).toBe(true);
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'anna' })).toMatchObject({
      statusCode: 201,
      status: 'AWAITING_SECOND_RELEASE',
      releasedBy: 1,
      standingHolds: 1,
    });
    expect(isBlocked(intake)).toBe(true);
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'bert' })).toMatchObject({
      statusCode: 201,
      status: 'RELEASED',
      releasedBy: 2,
      standingHolds: 0,
    });
    expect(isBlocked(intake)).toBe(false);
  });

  test.each(['anna', 'ANNA', 'Anna'])('released twice by one person (%s) it stands', async (by) => {
    const intake = createMemoryIntake();
    await post(intake, 'holds', { ...CASE, by: 'carl' });
    await post(intake, 'hold-releases', { ...CASE, by: 'anna' });
    expect(await post(intake, 'hold-releases', { ...CASE, by })).toMatchObject({
      statusCode: 200,
      changed: false,
      status: 'AWAITING_SECOND_RELEASE',
      releasedBy: 1,
    });
    expect(isBlocked(intake)).toBe(true);
  });

  test('placed again after a release it needs two people anew; placed twice it stays as it is', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'holds', { ...CASE, by: 'carl' });
    expect(await post(intake, 'holds', { ...CASE, by: 'carl' })).toMatchObject({
      statusCode: 200,
      changed: false,
    });
    await post(intake, 'hold-releases', { ...CASE, by: 'anna' });
    expect(await post(intake, 'holds', { ...CASE, by: 'carl' })).toMatchObject({
      statusCode: 201,
      status: 'HELD',
    });
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'bert' })).toMatchObject({
      status: 'AWAITING_SECOND_RELEASE',
    });
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'anna' })).toMatchObject({
      status: 'RELEASED',
    });
    expect(await post(intake, 'holds', { ...CASE, by: 'carl' })).toMatchObject({
      status: 'HELD',
      standingHolds: 1,
    });
  });

  test('a clock that runs behind changes none of this', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'holds', { ...CASE, by: 'carl' });
    intake.clock.now = NOON - 60_000;
    await post(intake, 'hold-releases', { ...CASE, by: 'anna' });
    expect(await post(intake, 'holds', { ...CASE, by: 'carl' })).toMatchObject({
      status: 'HELD',
      releasedBy: 0,
    });
    await post(intake, 'hold-releases', { ...CASE, by: 'anna' });
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'bert' })).toMatchObject({
      status: 'RELEASED',
    });
  });

  test('cases are apart: one released leaves the other', async () => {
    const intake = createMemoryIntake();
    for (const caseId of ['case-a', 'constructor'])
      await post(intake, 'holds', { ...CASE, caseId, by: 'carl' });
    for (const by of ['anna', 'tostring']) await post(intake, 'hold-releases', { ...CASE, by });
    expect(await post(intake, 'hold-releases', { ...CASE, by: 'dora' })).toMatchObject({
      status: 'RELEASED',
      standingHolds: 1,
    });
    expect(isBlocked(intake)).toBe(true);
  });

  test('TB35 nothing but releases lifts it', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'holds', { ...CASE, by: 'carl' });
    intake.clock.now += 1000;
    const grant = {
      phoneNumber: A,
      channel: 'ALL',
      purpose: 'ALL',
      seller: '*',
      status: 'GRANTED',
      proof: PROOF,
    };
    await intake.preferences(apiEvent('POST /v1/consents', { ...grant, source: 'WEBSITE_FORM', by: 'form' }));
    expect(isBlocked(intake)).toBe(true);
  });

  test('releasing a hold that was never placed is refused, and stores nothing', async () => {
    const intake = createMemoryIntake();
    for (const caseId of ['case-a', 'constructor']) {
      const answer = await post(intake, 'hold-releases', { ...CASE, caseId, by: 'anna' });
      expect(answer).toEqual({ statusCode: 404, accepted: false, code: 'UNKNOWN_HOLD' });
    }
    expect(intake.contactPoints.items.size).toBe(0);
  });

  test('an address can be held', async () => {
    const intake = createMemoryIntake();
    expect(await post(intake, 'holds', { email: ADDRESS, caseId: 'case-a', by: 'carl' })).toMatchObject({
      status: 'HELD',
    });
  });
});

test.each<[string, number, object, string]>([
  ['unreadable', 422, { phoneNumber: '781 555 0161' }, 'UNREADABLE_INPUT'],
  ['another region', 421, { phoneNumber: '+442079460161' }, 'WRONG_REGION'],
  ['no case', 400, { caseId: undefined }, 'INVALID_REQUEST'],
  ['a name for a case', 400, { caseId: 'Doe vs. Acme' }, 'INVALID_REQUEST'],
  ['two contact points', 400, { email: ADDRESS }, 'INVALID_REQUEST'],
])('%s is %i', async (_, statusCode, given, code) => {
  const intake = createMemoryIntake();
  expect(await post(intake, 'holds', { ...CASE, by: 'carl', ...given })).toMatchObject({ statusCode, code });
  expect(intake.contactPoints.items.size).toBe(0);
});

test('a store that fails is 503', async () => {
  const intake = createMemoryIntake();
  intake.contactPoints.failures.push(new Error('down'));
  expect(await post(intake, 'holds', { ...CASE, by: 'carl' })).toEqual({
    statusCode: 503,
    accepted: false,
    code: 'UNAVAILABLE',
  });
});

test('another route is unknown', async () => {
  expect(await createMemoryIntake().holds(apiEvent('DELETE /v1/holds', CASE))).toMatchObject({
    statusCode: 404,
  });
});
