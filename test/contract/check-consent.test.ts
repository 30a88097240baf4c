import { beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { apiEvent, CALL, CheckConsentWorld, HttpAnswer } from '../support/check-consent.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, hold, NOON, stateOf, suppression } from '../support/facts.ts';
import { ADDRESS, NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { putRegistry } from '../support/registry-items.ts';

const HOUR_MS = 3_600_000;
const tenNumbers = Array.from({ length: 10 }, (_, n) => `+121255501${String(n).padStart(2, '0')}`);
let world: CheckConsentWorld;
let db: TestDynamoDb;

beforeEach(async () => {
  db = await startDynalite();
  world = new CheckConsentWorld(db);
  await putRegistry(db.client, { listed: [NUMBERS.losAngeles] });
  return () => db.stop();
});

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

describe('the entry of a decision', () => {
  it('I2: is there with every answer, and decides again to the same', async () => {
    await world.tell(NUMBERS.chicago, suppression(), consent(), hold());
    const asked = [
      { campaignId: 'spring', contactListId: 'list-1', conversationId: 'conv-1', contactId: 'contact-1' },
      { phoneNumber2: NUMBERS.chicago, calledPartyRegion: 'fl' },
      { channel: 'EMAIL', email: ADDRESS, defaultRegion: 'CA' },
      { phoneNumber: NUMBERS.losAngeles, purpose: 'SERVICE', seller: '' },
    ];
    for (const input of asked) {
      const answer = await world.check(input);
      const entry = await world.entryOf(answer.decisionId);
      expect(entry).toMatchObject({ effect: answer.decision, client: 'data-action', at: answer.checkedAt });
      const { channel, purpose, seller } = entry.contact;
      if (channel === undefined || purpose === undefined) throw new Error('expected what was asked');
      for (const facts of entry.facts) {
        const context = {
          ...facts,
          subject: facts,
          scope: { channel, purpose, seller },
          now: Date.parse(entry.at),
        };
        const { effect, reasons } = decide(context, DEFAULT_POLICY, 'DIAL');
        expect({ effect, reasons: reasons.map(({ code, ruleId }) => ({ code, ruleId })) }).toEqual({
          effect: facts.effect,
          reasons: facts.reasons,
        });
      }
    }
  });

  it('names the state of the called party, its ids, and the client that asked', async () => {
    const { decisionId } = await world.post({ ...CALL, calledPartyRegion: 'fl', campaignId: 'spring' });
    expect(await world.entryOf(decisionId)).toMatchObject({
      client: 'dialler-1',
      contact: {
        channel: 'VOICE',
        purpose: 'MARKETING',
        seller: 'acme',
        state: 'US-FL',
        campaignId: 'spring',
      },
      policy: { name: DEFAULT_POLICY.name, hash: DEFAULT_POLICY.hash },
    });
  });

  it('is there for what could not be decided', async () => {
    for (const input of [{ phoneNumber: 'nobody' }, { purpose: 'NONE' }, { phoneNumber: NUMBERS.london }]) {
      const { decisionId, reason } = await world.check(input);
      const entry = await world.entryOf(decisionId);
      expect(entry).toMatchObject({ effect: 'BLOCK', subjects: [], facts: [], reasons: [{ code: reason }] });
    }
  });

  it("of another region's number stores nothing about the person", async () => {
    const answer = await world.check({
      phoneNumber: NUMBERS.london,
      contactId: 'contact-1',
      campaignId: 'spring',
    });
    expect(JSON.parse(answer.reasons)).toEqual([
      { code: 'WRONG_REGION', ruleId: 'residency:EU', citation: '' },
    ]);
    const [item, ...others] = await world.items();
    expect(others).toEqual([]);
    expect(JSON.stringify(item)).not.toContain(tokenOfNumber(NUMBERS.london, PEPPER));
    expect((await world.entryOf(answer.decisionId)).contact).toEqual({
      channel: 'VOICE',
      purpose: 'MARKETING',
    });
    expect(
      await world.check({ phoneNumber: NUMBERS.london, purpose: 'SERVICE' }, { residency: 'EU' }),
    ).toMatchObject({
      decision: 'ALLOW',
    });
  });
});

describe('a held number', () => {
  it('tells Legal once for each attempt, and names nobody', async () => {
    await world.tell(NUMBERS.newYork, hold());
    const { decisionId, reason } = await world.check({ requestId: 'r-1', campaignId: 'spring' });
    await world.check({ requestId: 'r-1', campaignId: 'spring' });
    expect(reason).toBe('LITIGATION_HOLD');
    expect(world.alerts).toEqual([{ decisionId, at: '2026-11-20T15:00:00.000Z', campaignId: 'spring' }]);
    expect((await world.entryOf(decisionId)).legalAlert).toBe('SENT');
    await world.check({ phoneNumber: NUMBERS.chicago, phoneNumber2: NUMBERS.newYork });
    expect(world.alerts).toHaveLength(2);
  });

  it.each([
    { title: 'fails', attemptBlocked: () => Promise.reject(new Error('no such topic')) },
    { title: 'never comes back', attemptBlocked: () => new Promise<void>(() => undefined) },
    {
      title: 'throws at once',
      attemptBlocked: (): Promise<void> => {
        throw new Error('bug');
      },
    },
  ])('is blocked for the hold when the alert $title, and the entry says so', async ({ attemptBlocked }) => {
    await world.tell(NUMBERS.newYork, hold());
    const answer = await world.check({}, { alerts: { attemptBlocked }, budgetMs: 2_000 });
    expect(answer.reason).toBe('LITIGATION_HOLD');
    expect((await world.entryOf(answer.decisionId)).legalAlert).toBe('FAILED');
  });
});

describe('a number that is asked about without end', () => {
  const untilBacklog = async (input: object) => {
    for (let asked = 0; asked < 300; asked += 1) {
      const { reason } = await world.check(input);
      if (reason === 'AUDIT_BACKLOG') return asked;
      expect(['PERMITTED', 'SUPPRESSED']).toContain(reason);
    }
    throw new Error('expected a backlog');
  };

  it('is BLOCK as soon as 200 entries wait', async () => {
    await world.tell(NUMBERS.newYork, suppression());
    expect(await untilBacklog({})).toBe(199);
  }, 60_000);

  it('is BLOCK before its item is full: opt-outs, holds and their alerts still find room', async () => {
    const asked = await untilBacklog({ campaignId: 'c'.repeat(100) });
    expect(asked).toBeGreaterThan(20);
    await world.tell(NUMBERS.newYork, suppression(), hold());
    const [stored] = await world.contactPoints.read([tokenOfNumber(NUMBERS.newYork, PEPPER)]);
    expect(stored?.pendingCount).toBe(asked + 2);
    const { suppressions, holds } = stateOf(suppression(), hold());
    expect(stored?.state).toMatchObject({ suppressions, holds });
    expect((await world.check({})).reason).toBe('AUDIT_BACKLOG');
    expect(world.alerts).toHaveLength(1);
  }, 60_000);
});

describe('what a caller is told (I23)', () => {
  it('is the same shape whatever the reason, and no reason without the scope for it', async () => {
    await world.tell(NUMBERS.chicago, suppression());
    const inputs = [
      {},
      { phoneNumber: NUMBERS.chicago },
      { phoneNumber: 'x' },
      { phoneNumber: NUMBERS.london },
    ];
    const bodies = [];
    for (const input of inputs) {
      const event = apiEvent(JSON.stringify({ ...CALL, ...input }));
      bodies.push(HttpAnswer.parse(await world.handler()(event)).body);
    }
    expect(new Set(bodies.map((body) => body.length)).size).toBe(1);
    for (const body of bodies) {
      expect(JSON.parse(body)).toMatchObject({ reason: 'NOT_DISCLOSED', reasons: [], nextAllowedAt: null });
    }
  });

  it('is every reason with the scope, with rule and citation', async () => {
    await world.tell(NUMBERS.newYork, suppression());
    const { reasons } = await world.post(CALL, 'dialguard/check dialguard/explain');
    expect(reasons).toEqual([
      { code: 'SUPPRESSED', ruleId: 'company-do-not-contact', citation: expect.stringContaining('47 CFR') },
    ]);
  });
});
