import { describe, expect, it } from 'vitest';
import { leaks } from '../support/canary.ts';
import { apiEvent, CALL, HttpAnswer } from '../support/check-consent.ts';
import { hold, suppression } from '../support/facts.ts';
import { ADDRESS, NUMBERS } from '../support/numbers.ts';
import { world } from './check-consent-fixture.ts';

const CANARIES = [...Object.values(NUMBERS), ADDRESS];
/** Everything that leaves the Lambda but its answers. */
async function sinks(): Promise<string> {
  return JSON.stringify([world.recorded.lines, world.alerts, await world.items()]);
}

describe('no number and no address in clear (I4)', () => {
  const texts = [
    ...['campaignId', 'contactListId', 'contactId', 'conversationId', 'requestId', 'seller'],
    ...['calledPartyRegion', 'postalCode', 'defaultRegion', 'channel', 'purpose', 'phoneNumber2', 'email'],
  ];
  it.each(texts)('whatever a caller maps to %s', async (field) => {
    await world.tell(NUMBERS.chicago, suppression());
    await world.tell(NUMBERS.phoenix, hold());
    const answers: unknown[] = [];
    for (const value of [NUMBERS.newYork, NUMBERS.newYork.slice(1), '212.555.0100', ADDRESS]) {
      for (const phoneNumber of [NUMBERS.newYork, NUMBERS.chicago, NUMBERS.phoenix, NUMBERS.london, 'x']) {
        const input = { ...CALL, phoneNumber, [field]: value };
        answers.push(await world.check(input));
        answers.push(
          HttpAnswer.parse(await world.handler()(apiEvent(JSON.stringify(input), 'dialguard/explain'))),
        );
      }
    }
    expect(leaks(JSON.stringify(answers), CANARIES)).toEqual([]);
    expect(leaks(await sinks(), CANARIES)).toEqual([]);
  });

  it('and none when the store fails with the number in its message', async () => {
    const fail = () => Promise.reject(new Error(`no item for ${NUMBERS.newYork}`));
    const answer = await world.check({}, { facts: { readForDecision: fail } });
    expect(answer.reason).toBe('UNAVAILABLE');
    expect(leaks(JSON.stringify(answer), CANARIES)).toEqual([]);
    expect(leaks(await sinks(), CANARIES)).toEqual([]);
  });

  it('the search would find one', async () => {
    const text = JSON.stringify({ key: Buffer.from(NUMBERS.newYork).toString('base64') });
    expect(leaks(text, CANARIES)).not.toEqual([]);
    expect(leaks(JSON.stringify(CALL), CANARIES)).not.toEqual([]);
  });
});
