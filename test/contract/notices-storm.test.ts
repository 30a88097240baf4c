import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { NOON } from '../support/facts.ts';
import { storm } from '../support/notice-storm.ts';
import { createListBucket, createNoticeWorld, textsIn } from '../support/notice-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

let db: TestDynamoDb;
let s3: Fixture;
beforeAll(async () => {
  db = await startDynalite();
  s3 = await startLocalS3();
  await createListBucket(s3.client());
});
afterAll(async () => {
  await db.stop();
  await s3.close();
});

// bench/notices.ts does the same with 10,000 recipients and 20 kills.
describe('I18: 600 recipients, a platform in trouble and four runs killed anywhere', () => {
  it('each is sent one notice, or ends in a named state', async () => {
    const allow = { decision: 'ALLOW', decisionId: 'd-1', reason: 'PERMITTED', nextAllowedAt: '' };
    const world = await createNoticeWorld(
      { db, s3: () => s3.client() },
      { now: NOON },
      {
        check: async () => allow,
        templates: textsIn('en', 'es', 'fr'),
      },
    );
    const result = await storm(world, { recipients: 600, kills: 4, faults: 120, seed: 7 });
    expect(result).toMatchObject({ kills: 4, states: { DELIVERED: 594, UNREADABLE: 6 } });
    expect(world.fake.violations).toEqual([]);
    await world.fake.close();
  });
});
