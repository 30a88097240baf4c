import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { apiEvent, CALL, HttpAnswer } from '../support/check-consent.ts';
import { consent, hold, stateOf, suppression } from '../support/facts.ts';
import { ADDRESS, NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { world } from './check-consent-fixture.ts';

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
      const { channel, purpose, seller, technology } = entry.contact;
      if (channel === undefined || purpose === undefined) throw new Error('expected what was asked');
      for (const facts of entry.facts) {
        const context = {
          ...facts,
          subject: facts,
          scope: { channel, purpose, seller, technology },
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
    const { decisionId } = await world.post({
      ...CALL,
      calledPartyRegion: 'fl',
      product: 'PENSIONS',
      campaignId: 'spring',
    });
    expect(await world.entryOf(decisionId)).toMatchObject({
      client: 'dialler-1',
      contact: {
        channel: 'VOICE',
        purpose: 'MARKETING',
        seller: 'acme',
        product: 'PENSIONS',
        technology: 'LIVE',
        state: 'US-FL',
        campaignId: 'spring',
      },
      policy: { name: DEFAULT_POLICY.name, hash: DEFAULT_POLICY.hash },
    });
  });

  it('names the region of the postal code, and the code nowhere', async () => {
    const { decisionId } = await world.post({ ...CALL, postalCode: '96701-4321' });
    const entry = await world.entryOf(decisionId);
    expect(entry).toMatchObject({
      contact: { postalRegion: 'US-HI' },
      facts: [{ regions: expect.arrayContaining(['US-HI']) }],
    });
    expect(entry.facts[0]?.timeZones).toContain('Pacific/Honolulu');
    expect(JSON.stringify(entry)).not.toContain('96701');
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
  });

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
  });
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
