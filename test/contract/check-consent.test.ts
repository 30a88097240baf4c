import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { CALL, CheckConsentWorld, HttpAnswer } from '../support/check-consent.ts';
import { startDynalite } from '../support/dynalite.ts';
import { consent, hold, NOON, suppression } from '../support/facts.ts';
import { ADDRESS, NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { world } from './check-consent-fixture.ts';

const HOUR_MS = 3_600_000;
const tenNumbers = Array.from({ length: 10 }, (_, n) => `+121255501${String(n).padStart(2, '0')}`);
describe('a check', () => {
  const london = { phoneNumber: NUMBERS.london, defaultRegion: 'GB' };
  it.each([
    { title: 'a permitted call', input: {}, reason: 'PERMITTED' },
    {
      title: 'a national number with its region',
      input: { phoneNumber: '(212) 555-0100', defaultRegion: 'us' },
      reason: 'PERMITTED',
    },
    {
      title: 'TB34: a national number without region',
      input: { phoneNumber: '212 555 0100' },
      reason: 'UNREADABLE_INPUT',
    },
    { title: 'TB1: an unreadable number', input: { phoneNumber: 'call me' }, reason: 'UNREADABLE_INPUT' },
    { title: 'TB1: no number', input: { phoneNumber: '' }, reason: 'UNREADABLE_INPUT' },
    {
      title: 'one unreadable number among good ones',
      input: { phoneNumber2: '12' },
      reason: 'UNREADABLE_INPUT',
    },
    { title: 'a number for an e-mail', input: { channel: 'EMAIL' }, reason: 'UNREADABLE_INPUT' },
    {
      title: 'an e-mail',
      input: { channel: 'EMAIL', email: ADDRESS, defaultRegion: 'US' },
      reason: 'PERMITTED',
    },
    {
      title: 'an e-mail to who knows where',
      input: { channel: 'EMAIL', email: ADDRESS },
      reason: 'CONSENT_MISSING',
    },
    { title: 'no e-mail address', input: { channel: 'EMAIL', email: 'casey' }, reason: 'UNREADABLE_INPUT' },
    { title: 'TB16: no purpose', input: { purpose: '' }, reason: 'INVALID_REQUEST' },
    { title: 'I6: an unknown channel', input: { channel: 'FAX' }, reason: 'INVALID_REQUEST' },
    { title: 'I6: an unknown purpose', input: { purpose: 'WINBACK' }, reason: 'INVALID_REQUEST' },
    { title: 'a seller that is none', input: { seller: 'a b' }, reason: 'INVALID_REQUEST' },
    { title: 'a state that is none', input: { calledPartyRegion: 'Bavaria' }, reason: 'INVALID_REQUEST' },
    { title: 'I6: an unknown product', input: { product: 'GAS' }, reason: 'INVALID_REQUEST' },
    { title: 'a product in lower case', input: { product: 'other' }, reason: 'PERMITTED' },
    { title: 'a postal code that is none', input: { postalCode: '00000' }, reason: 'INVALID_REQUEST' },
    { title: 'a postal code at home', input: { postalCode: '10001' }, reason: 'PERMITTED' },
    {
      title: 'a postal code of Los Angeles, three hours behind',
      input: { postalCode: '90001-0001' },
      reason: 'OUTSIDE_CALLING_HOURS',
    },
    { title: 'a postal code of military mail', input: { postalCode: '09001' }, reason: 'LOCATION_UNKNOWN' },
    { title: 'too long a number', input: { phoneNumber: '1'.repeat(600) }, reason: 'INVALID_REQUEST' },
    { title: 'ten numbers', input: { phoneNumber: '', phoneNumbers: tenNumbers }, reason: 'PERMITTED' },
    {
      title: 'ten numbers in one cell',
      input: { phoneNumber: '', phoneNumbers: tenNumbers.join(';') },
      reason: 'PERMITTED',
    },
    { title: 'eleven numbers', input: { phoneNumbers: tenNumbers }, reason: 'INVALID_REQUEST' },
    { title: 'another region', input: london, reason: 'WRONG_REGION' },
    {
      title: 'another region among numbers of this',
      input: { phoneNumber2: NUMBERS.berlin },
      reason: 'WRONG_REGION',
    },
    { title: 'a listed number', input: { phoneNumber: NUMBERS.losAngeles }, reason: 'REGISTRY_LISTED' },
    {
      title: 'a listed number in a further column',
      input: { phoneNumber5: NUMBERS.losAngeles },
      reason: 'REGISTRY_LISTED',
    },
    {
      title: 'lower case from a contact list',
      input: { channel: ' voice ', purpose: 'marketing' },
      reason: 'PERMITTED',
    },
    {
      title: 'a called party who may have moved west',
      input: { calledPartyRegion: 'CA' },
      reason: 'OUTSIDE_CALLING_HOURS',
    },
  ])('of $title: $reason', async ({ input, reason }) => {
    const direct = await world.check(input);
    expect([direct.decision, direct.reason]).toEqual([reason === 'PERMITTED' ? 'ALLOW' : 'BLOCK', reason]);
    const http = await world.post({ ...CALL, ...input }, 'dialguard/check dialguard/explain');
    expect(http).toMatchObject({
      decision: direct.decision,
      reason: direct.reason,
      policyVersion: DEFAULT_POLICY.name,
    });
  });

  it.each([null, undefined, 42, 'text', [], { requestId: {} }])('I6: of %j is BLOCK', async (input) => {
    const direct = await world.handler()(input);
    expect(direct).toMatchObject({ decision: 'BLOCK', reason: 'INVALID_REQUEST' });
    expect(await world.post(input ?? null)).toMatchObject({ decision: 'BLOCK' });
  });

  it('I6: of a body that is no JSON, and of an event that is no event, is BLOCK with status 200', async () => {
    expect(await world.post('{')).toMatchObject({ decision: 'BLOCK' });
    const answer = HttpAnswer.parse(await world.handler()({ requestContext: { nothing: 'else' } }));
    expect(JSON.parse(answer.body)).toMatchObject({ decision: 'BLOCK', reason: 'NOT_DISCLOSED' });
  });

  it('turns with the facts: opt-out, newer consent, hold, release', async () => {
    const reasons: string[] = [];
    const ask = async () => reasons.push((await world.check({})).reason);
    await ask();
    await world.tell(NUMBERS.newYork, suppression());
    await ask();
    await world.tell(NUMBERS.newYork, consent({ effectiveAt: NOON + 1 }));
    await ask();
    await world.tell(NUMBERS.newYork, hold());
    await ask();
    for (const by of ['legal-2', 'legal-3']) {
      await world.tell(NUMBERS.newYork, hold({ action: 'RELEASED', by, at: NOON + 1 }));
    }
    await ask();
    expect(reasons).toEqual(['PERMITTED', 'SUPPRESSED', 'PERMITTED', 'LITIGATION_HOLD', 'PERMITTED']);
  });

  it('TB13: blocks where no registry is loaded', async () => {
    const empty = await startDynalite();
    const elsewhere = new CheckConsentWorld(empty);
    expect((await elsewhere.check({})).reason).toBe('REGISTRY_UNAVAILABLE');
    await empty.stop();
  });

  it('says when to try again where only the hour stands in the way', async () => {
    world.now = NOON + 12 * HOUR_MS;
    expect((await world.check({})).nextAllowedAt).toBe('2026-11-21T13:00:00.000Z');
    world.now = NOON;
    const both = await world.check({ phoneNumber2: NUMBERS.honolulu });
    expect(both).toMatchObject({
      reason: 'OUTSIDE_CALLING_HOURS',
      nextAllowedAt: '2026-11-20T18:00:00.000Z',
    });
  });

  it('counts one attempt on every number of an ALLOW, and none of a BLOCK', async () => {
    await world.check({ phoneNumber2: NUMBERS.chicago });
    await world.check({ phoneNumber2: NUMBERS.losAngeles });
    expect([await world.attempts(NUMBERS.newYork), await world.attempts(NUMBERS.chicago)]).toEqual([1, 1]);
    expect(await world.attempts(NUMBERS.losAngeles)).toBe(0);
  });

  it('asks about one subscriber once, however often the number is written', async () => {
    const { decisionId } = await world.check({
      phoneNumber2: '+1 (212) 555-0100',
      phoneNumber3: NUMBERS.newYork,
    });
    expect((await world.entryOf(decisionId)).subjects).toEqual([tokenOfNumber(NUMBERS.newYork, PEPPER)]);
  });
});

describe('a check that is asked again', () => {
  const again = { requestId: 'request-1' };

  it('is answered as the first time and counts no second attempt', async () => {
    const first = await world.check(again);
    world.now += 1_000;
    expect(await world.check(again)).toEqual(first);
    expect(await world.attempts(NUMBERS.newYork)).toBe(1);
    expect(await world.entries()).toHaveLength(1);
  });

  it('is BLOCK once the person has opted out', async () => {
    const first = await world.check(again);
    await world.tell(NUMBERS.newYork, suppression());
    const second = await world.check(again);
    expect([first.decision, second.decision, second.reason]).toEqual(['ALLOW', 'BLOCK', 'SUPPRESSED']);
    expect(second.decisionId).not.toBe(first.decisionId);
    expect(await world.check(again)).toEqual(second);
  });

  it('is a new check for another caller, another question, and after a quarter of an hour', async () => {
    const first = await world.check(again);
    const others = [
      await world.check({ ...again, purpose: 'SERVICE' }),
      await world.check({ requestId: 'request-2' }),
      await world.post({ ...CALL, ...again }),
    ];
    world.now += 15 * 60_000;
    others.push(await world.check(again));
    const ids = [first, ...others].map(({ decisionId }) => decisionId);
    expect(new Set(ids).size).toBe(5);
  });

  it('two at once count one attempt, and get one answer', async () => {
    const answers = await Promise.all([world.check(again), world.check(again), world.check(again)]);
    expect(new Set(answers.map(({ decisionId }) => decisionId)).size).toBe(1);
    expect(await world.attempts(NUMBERS.newYork)).toBe(1);
  });
});
