import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { createMessageWorld } from '../support/messages.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

describe('R10: what an opt-out message answers', () => {
  it('is kept, each purpose beside the other, and so it is of one that was in doubt', async () => {
    const world = createMessageWorld(db.client);
    const [writer, doubter] = ['+17815550131', '+17815550132'];
    await world.send({ from: writer, seller: 'acme', purpose: 'SERVICE' });
    await world.send({ from: writer, seller: 'acme', purpose: 'MARKETING' });
    const { reviewId } = await world.send({ from: doubter, text: 'stop please', purpose: 'MARKETING' });
    await world.resolve(String(reviewId), { outcome: 'OPT_OUT' });
    const asked = async (from: string) => {
      const [found] = await world.contactPoints.read([tokenOfNumber(from, PEPPER)]);
      return Object.entries(found?.state.suppressions ?? {})
        .filter(([key]) => key.includes('#CUSTOMER_REQUEST#'))
        .map(([key, record]) => [key, record.asked?.purpose])
        .toSorted();
    };
    expect(await asked(writer)).toEqual([
      ['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD#MARKETING', 'MARKETING'],
      ['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD#SERVICE', 'SERVICE'],
    ]);
    expect(await asked(doubter)).toEqual([['ALL#CUSTOMER_REQUEST#*#SMS_KEYWORD#MARKETING', 'MARKETING']]);
  });

  it('is no breach notice', async () => {
    expect(await createMessageWorld(db.client).send({ purpose: 'BREACH_NOTICE' })).toMatchObject({
      status: 400,
    });
  });
});
