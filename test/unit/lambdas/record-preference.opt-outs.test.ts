import { describe, expect, test } from 'vitest';
import { open } from '../../../lib/adapters/secrets-manager/sealing.ts';
import { Source } from '../../../lib/domain/vocabulary.ts';
import { DAY_MS, NOON } from '../../support/facts.ts';
import { apiEvent, createMemoryIntake, KEK, stateBytes } from '../../support/intake.ts';
import { ADDRESS, PEPPER, tokenOfAddress } from '../../support/numbers.ts';
import { A, effectOf, GRANT, iso, LONDONER, OPT_OUT, post, stateOf } from '../../support/preferences.ts';

const B = '+17815550152';

describe('POST /v1/opt-outs', () => {
  test('is told to have succeeded once it is durable, and then blocks', async () => {
    const intake = createMemoryIntake();
    const { statusCode, body } = await post(intake, 'opt-outs', OPT_OUT);
    const consent = {
      MARKETING: 'NEVER_GIVEN',
      SERVICE: 'NEVER_GIVEN',
      COLLECTION: 'NEVER_GIVEN',
      BREACH_NOTICE: 'NEVER_GIVEN',
    };
    const standing = { suppressed: true, consent };
    expect({ statusCode, body }).toEqual({
      statusCode: 201,
      body: {
        accepted: true,
        eventId: expect.stringMatching(/^[0-9a-f]{64}$/),
        effectiveAt: iso(NOON),
        changed: true,
        standing: { VOICE: standing, SMS: standing, EMAIL: standing },
      },
    });
    expect(effectOf(intake)).toBe('BLOCK');
    const [entry] = intake.contactPoints.entries.values();
    expect(entry).toMatchObject({
      kind: 'fact',
      client: 'client-a',
      fact: { reason: 'CUSTOMER_REQUEST', seller: '*' },
    });
  });

  test.each(Source.options)('TB37 from %s', async (source) => {
    const intake = createMemoryIntake();
    expect(await post(intake, 'opt-outs', { ...OPT_OUT, source })).toMatchObject({ statusCode: 201 });
    expect(Object.keys(stateOf(intake).suppressions)).toEqual([`ALL#CUSTOMER_REQUEST#*#${source}`]);
  });

  test('TB16 I10 is about its channel and its seller alone', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', { ...OPT_OUT, channel: 'SMS', seller: 'acme' });
    expect(effectOf(intake, { scope: { channel: 'SMS', seller: 'acme' } })).toBe('BLOCK');
    expect(effectOf(intake, { scope: { channel: 'SMS', seller: 'other' } })).toBe('ALLOW');
    expect(effectOf(intake, { scope: { channel: 'VOICE', seller: 'acme' } })).toBe('ALLOW');
  });

  test('the clear value is sealed once', async () => {
    const intake = createMemoryIntake();
    const token = tokenOfAddress(ADDRESS, PEPPER);
    await post(intake, 'opt-outs', { ...OPT_OUT, phoneNumber: undefined, email: ADDRESS });
    const sealed = intake.contactPoints.sealed.get(token);
    expect(sealed && open(KEK, token, sealed)).toBe(`mailto:${ADDRESS}`);
    await post(intake, 'opt-outs', { ...OPT_OUT, phoneNumber: undefined, email: ADDRESS, channel: 'EMAIL' });
    expect(intake.contactPoints.sealed.get(token)).toBe(sealed);
  });

  test.each([
    ['the event id', { eventId: 'form-entry-a' }],
    ['content and time', { effectiveAt: iso(NOON - 5000) }],
    ['the event id, dated ahead', { eventId: 'form-entry-a', effectiveAt: iso(NOON + 3_600_000) }],
  ])('TB22 sent again under %s it changes nothing', async (_, given) => {
    const intake = createMemoryIntake();
    const first = await post(intake, 'opt-outs', { ...OPT_OUT, ...given });
    const bytes = stateBytes(intake.contactPoints);
    intake.clock.now += 60_000;
    const again = await post(intake, 'opt-outs', { ...OPT_OUT, ...given });
    expect(again).toEqual({ statusCode: 200, body: { ...first.body, changed: false } });
    expect(stateBytes(intake.contactPoints)).toBe(bytes);
    expect(intake.contactPoints.entries.size).toBe(1);
  });

  test('said again on another day, without an id, it is a new request', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', OPT_OUT);
    intake.clock.now += DAY_MS;
    await post(intake, 'consents', { ...GRANT, channel: 'ALL', seller: '*' });
    intake.clock.now += DAY_MS;
    expect(effectOf(intake, { now: NOON + 3 * DAY_MS })).toBe('ALLOW');
    expect(await post(intake, 'opt-outs', OPT_OUT)).toMatchObject({ statusCode: 201 });
    expect(effectOf(intake, { now: NOON + 3 * DAY_MS })).toBe('BLOCK');
  });

  test('I11 dated more than five minutes ahead it counts from now, and is counted', async () => {
    const intake = createMemoryIntake();
    const { body } = await post(intake, 'opt-outs', { ...OPT_OUT, effectiveAt: iso(NOON + 301_000) });
    expect(body['effectiveAt']).toBe(iso(NOON));
    expect(intake.values('OptOutFutureDatedCount')).toEqual([1]);
  });

  test('TB9 a time with an offset is read as that moment', async () => {
    const { body } = await post(createMemoryIntake(), 'opt-outs', {
      ...OPT_OUT,
      effectiveAt: '2026-11-20T16:00:00+02:00',
    });
    expect(body['effectiveAt']).toBe('2026-11-20T14:00:00.000Z');
  });

  test('I9 an operator policy may end, at its very moment', async () => {
    const intake = createMemoryIntake();
    const expiresAt = iso(NOON + DAY_MS);
    await post(intake, 'opt-outs', { ...OPT_OUT, reason: 'INTERNAL_POLICY', expiresAt });
    expect(effectOf(intake, { now: NOON + DAY_MS - 1 })).toBe('BLOCK');
    expect(effectOf(intake, { now: NOON + DAY_MS })).toBe('ALLOW');
  });

  test('several numbers: each has its own answer, in order', async () => {
    const intake = createMemoryIntake();
    const { phoneNumber: _, ...rest } = OPT_OUT;
    const { statusCode, body } = await post(intake, 'opt-outs', {
      ...rest,
      phoneNumbers: [A, 'ask me', LONDONER, B],
    });
    expect(statusCode).toBe(422);
    expect(body).toMatchObject({
      accepted: false,
      results: [
        { accepted: true, changed: true },
        { accepted: false, code: 'UNREADABLE_INPUT', cause: 'BAD_CHARACTERS', suppressed: 0 },
        { accepted: false, code: 'WRONG_REGION', region: 'EU' },
        { accepted: true, changed: true },
      ],
    });
    const good = await post(intake, 'opt-outs', { ...rest, phoneNumbers: [A, B], eventId: 'list-a' });
    expect(good).toMatchObject({ statusCode: 201, body: { accepted: true } });
  });

  test.each([
    ['781 555 0151', 'NO_REGION', undefined, 0],
    ['+17815550151 ext. 12', 'EXTENSION', undefined, 1],
    ['not a number', 'BAD_CHARACTERS', 'US', 0],
    ['', 'EMPTY', undefined, 0],
  ])(
    'unreadable %j is told with its cause, and whoever it names is suppressed none the less',
    async (phoneNumber, cause, defaultRegion, suppressed) => {
      const intake = createMemoryIntake();
      const answer = await post(intake, 'opt-outs', { ...OPT_OUT, phoneNumber, defaultRegion });
      expect(answer).toEqual({
        statusCode: 422,
        body: { accepted: false, code: 'UNREADABLE_INPUT', cause, suppressed },
      });
      expect(intake.contactPoints.items.size).toBe(suppressed);
    },
  );

  test('a number of another region is sent there, and nothing is stored', async () => {
    const intake = createMemoryIntake();
    const answer = await post(intake, 'opt-outs', { ...OPT_OUT, phoneNumber: LONDONER });
    expect(answer).toEqual({
      statusCode: 421,
      body: { accepted: false, code: 'WRONG_REGION', region: 'EU' },
    });
    expect(intake.contactPoints.items.size).toBe(0);
    expect(
      await post(createMemoryIntake('EU'), 'opt-outs', { ...OPT_OUT, phoneNumber: LONDONER }),
    ).toMatchObject({ statusCode: 201 });
  });

  test('a store that fails is 503, and neither its message nor the number comes back', async () => {
    const intake = createMemoryIntake();
    intake.contactPoints.failures.push(new Error(`cannot write ${A}`));
    const answer = await post(intake, 'opt-outs', OPT_OUT);
    expect(answer).toEqual({ statusCode: 503, body: { accepted: false, code: 'UNAVAILABLE' } });
    expect(await post(intake, 'opt-outs', OPT_OUT)).toMatchObject({ statusCode: 201 });
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['no contact point', { ...OPT_OUT, phoneNumber: undefined }],
    ['two contact points', { ...OPT_OUT, email: ADDRESS }],
    ['no channel', { ...OPT_OUT, channel: undefined }],
    ['an unknown source', { ...OPT_OUT, source: 'HEARSAY' }],
    ['a person for an id', { ...OPT_OUT, by: 'Jane Doe' }],
    ['a number for an id', { ...OPT_OUT, eventId: '17815550151' }],
    ["an end to a person's own request", { ...OPT_OUT, expiresAt: iso(NOON + DAY_MS) }],
    [
      'an end before its beginning',
      { ...OPT_OUT, reason: 'INTERNAL_POLICY', effectiveAt: iso(NOON), expiresAt: iso(NOON) },
    ],
    ['TB9 a time without an offset', { ...OPT_OUT, effectiveAt: '2026-11-20T16:00:00' }],
    ['a provisional reason', { ...OPT_OUT, reason: 'PROVISIONAL' }],
    ['an unknown field, which is not repeated', { ...OPT_OUT, [A]: true }],
    [
      'too many numbers',
      { ...OPT_OUT, phoneNumber: undefined, phoneNumbers: Array.from({ length: 101 }, () => A) },
    ],
  ])('400: %s', async (_, body) => {
    const intake = createMemoryIntake();
    const answer = await post(intake, 'opt-outs', body);
    expect(answer).toMatchObject({ statusCode: 400, body: { code: 'INVALID_REQUEST' } });
    expect(JSON.stringify(answer)).not.toMatch(/7815550151|Jane/);
    expect(intake.contactPoints.items.size).toBe(0);
  });

  test('another route is unknown', async () => {
    const answer = await createMemoryIntake().preferences(apiEvent('POST /v1/opt-ins', OPT_OUT));
    expect(answer).toMatchObject({ statusCode: 404 });
  });
});
