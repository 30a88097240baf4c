import { beforeEach, describe, expect, it } from 'vitest';
import { replayDecision } from '../../lib/domain/decision/replay.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, NOON, softOptIn } from '../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';

let db: TestDynamoDb;
let world: CheckConsentWorld;

beforeEach(async () => {
  db = await startDynalite();
  world = new CheckConsentWorld(db);
  world.now = NOON + 1;
  return () => db.stop();
});

const TEXT = { phoneNumber: NUMBERS.london, channel: 'SMS' };
const EU = { residency: 'EU' as const };
const london = async () =>
  (await world.contactPoints.read([tokenOfNumber(NUMBERS.london, PEPPER)]))[0]?.state;

describe('P2: a text to an own customer', () => {
  it('is permitted where the check keeps to the terms, recorded with them, and decided again to the same', async () => {
    await world.tell(NUMBERS.london, softOptIn({ channel: 'SMS' }));
    for (const [softOptInGiven, decision] of [
      [undefined, 'BLOCK'],
      [false, 'BLOCK'],
      ['', 'BLOCK'],
      ['false', 'BLOCK'],
      [true, 'ALLOW'],
      ['true', 'ALLOW'],
    ] as const) {
      const answer = await world.check({ ...TEXT, softOptIn: softOptInGiven }, EU);
      expect([softOptInGiven, answer.decision]).toEqual([softOptInGiven, decision]);
      const entry = await world.entryOf(answer.decisionId);
      expect(replayDecision(entry, DEFAULT_POLICY)).toMatchObject({ identical: true });
      const stated = softOptInGiven === undefined || softOptInGiven === '';
      expect(entry.contact.softOptIn).toBe(stated ? undefined : decision === 'ALLOW');
    }
    expect((await london())?.uses).toBeUndefined();
  });

  it('is refused where nobody can tell what the check says', async () => {
    expect(await world.check({ ...TEXT, softOptIn: 'perhaps' }, EU)).toMatchObject({
      reason: 'INVALID_REQUEST',
    });
  });
});

describe('P5: the last use of a consent', () => {
  it('is noted with the contact that was allowed, in the same write, and with no other', async () => {
    await world.tell(NUMBERS.london, consent({ channel: 'SMS', seller: 'acme' }));
    expect((await world.check({ ...TEXT, seller: 'other' }, EU)).decision).toBe('BLOCK');
    expect((await london())?.uses).toBeUndefined();
    expect((await world.check(TEXT, EU)).decision).toBe('ALLOW');
    expect((await london())?.uses).toEqual({ 'SMS#MARKETING#acme': NOON + 1 });
    world.now += 5000;
    const { decisionId } = await world.check(TEXT, EU);
    expect((await london())?.uses).toEqual({ 'SMS#MARKETING#acme': NOON + 5001 });
    const [facts] = (await world.entryOf(decisionId)).facts;
    expect(facts?.state.uses).toEqual({ 'SMS#MARKETING#acme': NOON + 1 });
  });
});
