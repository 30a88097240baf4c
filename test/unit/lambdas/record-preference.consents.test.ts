import { describe, expect, test } from 'vitest';
import { PENDING_LIMIT } from '../../../lib/domain/state/record-fact.ts';
import { LONDON } from '../../support/contexts.ts';
import { DAY_MS, NOON } from '../../support/facts.ts';
import { createMemoryIntake } from '../../support/intake.ts';
import { PEPPER, tokenOfNumber } from '../../support/numbers.ts';
import { A, CONSENT, effectOf, GRANT, iso, OPT_OUT, post, WITHDRAWAL } from '../../support/preferences.ts';

describe('POST /v1/consents', () => {
  const eu = { subject: LONDON };

  test('a proved grant is consent, a withdrawal ends it', async () => {
    const intake = createMemoryIntake();
    const granted = await post(intake, 'consents', GRANT);
    expect(granted).toMatchObject({
      statusCode: 201,
      body: { standing: { VOICE: { suppressed: false, consent: { MARKETING: 'GRANTED' } } } },
    });
    intake.clock.now += 1000;
    const withdrawn = await post(intake, 'consents', WITHDRAWAL);
    expect(withdrawn.body['standing']).toEqual({
      VOICE: { suppressed: false, consent: { MARKETING: 'WITHDRAWN' } },
    });
    expect(effectOf(intake)).toBe('BLOCK');
  });

  test.each<[string, object, 'ALLOW' | 'BLOCK']>([
    ['older than the withdrawal', { effectiveAt: iso(NOON - 1) }, 'BLOCK'],
    ['at the very moment of the withdrawal', { effectiveAt: iso(NOON) }, 'BLOCK'],
    ['newer than the withdrawal', { effectiveAt: iso(NOON + 1) }, 'ALLOW'],
    ['newer, for another seller', { effectiveAt: iso(NOON + 1), seller: 'other' }, 'BLOCK'],
  ])('I1 EB6 a grant %s', async (_, given, effect) => {
    for (const [route, first] of [
      ['consents', WITHDRAWAL],
      ['opt-outs', { ...OPT_OUT, seller: 'acme' }],
    ] as const) {
      const intake = createMemoryIntake();
      await post(intake, route, first);
      intake.clock.now += 1000;
      expect(await post(intake, 'consents', { ...GRANT, ...given })).toMatchObject({ statusCode: 201 });
      expect(effectOf(intake)).toBe(effect);
    }
  });

  test('EB5 without proof a grant is refused and lifts nothing', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', OPT_OUT);
    intake.clock.now += 1000;
    expect(await post(intake, 'consents', { ...GRANT, proof: undefined })).toMatchObject({ statusCode: 400 });
    expect(effectOf(intake)).toBe('BLOCK');
  });

  test('threat 22: a grant dated ahead is refused, and within clock error counts from now', async () => {
    const intake = createMemoryIntake();
    const ahead = await post(intake, 'consents', { ...GRANT, effectiveAt: iso(NOON + 301_000) });
    expect(ahead).toEqual({ statusCode: 400, body: { accepted: false, code: 'FUTURE_EFFECTIVE_AT' } });
    await post(intake, 'consents', { ...GRANT, effectiveAt: iso(NOON + 240_000) });
    intake.clock.now += 1000;
    await post(intake, 'consents', WITHDRAWAL);
    expect(effectOf(intake)).toBe('BLOCK');
  });

  test('a grant that is sent again does not outrank a withdrawal made since', async () => {
    const intake = createMemoryIntake();
    const grant = { ...GRANT, eventId: 'form-entry-a' };
    await post(intake, 'consents', grant);
    intake.clock.now += 1000;
    await post(intake, 'consents', WITHDRAWAL);
    intake.clock.now += 1000;
    expect(await post(intake, 'consents', grant)).toMatchObject({
      statusCode: 200,
      body: { effectiveAt: iso(NOON) },
    });
    expect(effectOf(intake)).toBe('BLOCK');
  });

  test.each(['PENDING', 'OBJECTED', 'WITHDRAWN'])(
    'EB4 %s needs no proof, and is what stands',
    async (status) => {
      const intake = createMemoryIntake();
      const { body } = await post(intake, 'consents', { ...CONSENT, status });
      expect(body['standing']).toEqual({ VOICE: { suppressed: false, consent: { MARKETING: status } } });
      expect(effectOf(intake, eu)).toBe('BLOCK');
    },
  );

  test('I9 a grant lapses', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'consents', { ...GRANT, expiresAt: iso(NOON + DAY_MS) });
    const { body } = await post(intake, 'consents', {
      ...GRANT,
      expiresAt: iso(NOON - 1),
      effectiveAt: iso(NOON - DAY_MS),
      seller: 'other',
    });
    expect(body['standing']).toEqual({ VOICE: { suppressed: false, consent: { MARKETING: 'EXPIRED' } } });
  });

  test('a withdrawal does not lapse', async () => {
    const answer = await post(createMemoryIntake(), 'consents', {
      ...WITHDRAWAL,
      expiresAt: iso(NOON + DAY_MS),
    });
    expect(answer.statusCode).toBe(400);
  });

  test('an unreadable number: a withdrawal suppresses whom it can name, a grant nobody', async () => {
    const unreadable = { phoneNumber: `${A} x12` };
    const intake = createMemoryIntake();
    expect(await post(intake, 'consents', { ...GRANT, ...unreadable })).toMatchObject({ statusCode: 422 });
    expect(intake.contactPoints.items.size).toBe(0);
    expect(await post(intake, 'consents', { ...WITHDRAWAL, ...unreadable })).toMatchObject({
      statusCode: 422,
      body: { suppressed: 1 },
    });
    expect(effectOf(intake)).toBe('BLOCK');
  });

  test('where too many entries wait for the log, a grant waits and a withdrawal does not', async () => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', OPT_OUT);
    const token = tokenOfNumber(A, PEPPER);
    const item = intake.contactPoints.items.get(token);
    if (item === undefined) throw new Error('expected an item');
    intake.contactPoints.items.set(token, { ...item, pendingCount: PENDING_LIMIT });
    expect(await post(intake, 'consents', GRANT)).toEqual({
      statusCode: 503,
      body: { accepted: false, code: 'AUDIT_BACKLOG' },
    });
    expect(await post(intake, 'consents', WITHDRAWAL)).toMatchObject({ statusCode: 201 });
  });
});
