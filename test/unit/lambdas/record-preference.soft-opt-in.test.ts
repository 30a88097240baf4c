import { describe, expect, test } from 'vitest';
import { NOON, PROOF } from '../../support/facts.ts';
import { createMemoryIntake } from '../../support/intake.ts';
import { effectOf, iso, OPT_OUT, post, stateOf } from '../../support/preferences.ts';

const TERMS = { obtainedIn: 'SALE', optOutOffered: true };
const BRITON = '+442079460151';
const SOLD = {
  phoneNumber: BRITON,
  channel: 'SMS',
  purpose: 'MARKETING',
  seller: 'acme',
  source: 'WEBSITE_FORM',
  by: 'checkout',
  status: 'SOFT_OPT_IN',
  proof: { ...PROOF, softOptIn: TERMS },
};
const TEXT = {
  subject: { country: 'GB', regions: [], timeZones: ['Europe/London'] },
  scope: { channel: 'SMS', softOptIn: true },
} as const;
const euIntake = () => createMemoryIntake('EU');
const effect = (intake: ReturnType<typeof euIntake>, given = {}) =>
  effectOf(intake, { state: stateOf(intake, BRITON), ...TEXT, ...given });

describe('EB11: POST /v1/consents with SOFT_OPT_IN', () => {
  test('permits messages on its terms, and is no consent', async () => {
    const intake = euIntake();
    expect(effect(intake)).toBe('BLOCK');
    expect(await post(intake, 'consents', SOLD)).toMatchObject({
      statusCode: 201,
      body: { standing: { SMS: { suppressed: false, consent: { MARKETING: 'NEVER_GIVEN' } } } },
    });
    expect(effect(intake)).toBe('ALLOW');
    expect(effect(intake, { scope: { channel: 'SMS' } })).toBe('BLOCK');
    expect(await post(intake, 'consents', SOLD)).toMatchObject({ statusCode: 200, body: { changed: false } });
  });

  test.each(['opt-outs', 'consents'] as const)('ends at once with a refusal to %s', async (route) => {
    const intake = euIntake();
    await post(intake, 'consents', SOLD);
    intake.clock.now += 1000;
    const refusal =
      route === 'opt-outs'
        ? { ...OPT_OUT, phoneNumber: BRITON }
        : { ...SOLD, status: 'OBJECTED', proof: undefined };
    expect(await post(intake, route, refusal)).toMatchObject({ statusCode: 201 });
    expect(effect(intake)).toBe('BLOCK');
  });

  test.each<[string, object]>([
    ['without the terms', { proof: PROOF }],
    ['without proof', { proof: undefined }],
    ['for calls', { channel: 'VOICE' }],
    ['for every channel', { channel: 'ALL' }],
    ['for another purpose', { purpose: 'SERVICE' }],
    ['for every seller', { seller: '*' }],
    [
      'from an occasion that is none',
      { proof: { ...PROOF, softOptIn: { ...TERMS, obtainedIn: 'LOTTERY' } } },
    ],
    ['as consent', { status: 'GRANTED' }],
  ])('is refused %s', async (_, given) => {
    const intake = euIntake();
    expect(await post(intake, 'consents', { ...SOLD, ...given })).toMatchObject({ statusCode: 400 });
    expect(stateOf(intake, BRITON).consents).toEqual({});
  });

  test('I11: is refused where it is dated ahead', async () => {
    const ahead = { ...SOLD, effectiveAt: iso(NOON + 301_000) };
    expect(await post(euIntake(), 'consents', ahead)).toEqual({
      statusCode: 400,
      body: { accepted: false, code: 'FUTURE_EFFECTIVE_AT' },
    });
  });
});

describe('R10: an opt-out keeps what it answers', () => {
  test.each(['MARKETING', 'SERVICE', 'COLLECTION'])('%s, beside the others', async (purpose) => {
    const intake = createMemoryIntake();
    await post(intake, 'opt-outs', { ...OPT_OUT, purpose });
    await post(intake, 'opt-outs', OPT_OUT);
    expect(Object.entries(stateOf(intake).suppressions).map(([key, { asked }]) => [key, asked])).toEqual([
      [`ALL#CUSTOMER_REQUEST#*#WEBSITE_FORM#${purpose}`, { channel: 'ALL', seller: '*', purpose }],
      ['ALL#CUSTOMER_REQUEST#*#WEBSITE_FORM', undefined],
    ]);
  });

  test('a breach notice is nothing to opt out of', async () => {
    const asked = { ...OPT_OUT, purpose: 'BREACH_NOTICE' };
    expect(await post(createMemoryIntake(), 'opt-outs', asked)).toMatchObject({ statusCode: 400 });
  });
});
