// check-consent on a DynamoDB of its own with a small registry, anew for each test of the file that imports this.
import { beforeEach } from 'vitest';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, type TestDynamoDb } from '../support/dynalite.ts';
import { NUMBERS } from '../support/numbers.ts';
import { putRegistry } from '../support/registry-items.ts';

export let world: CheckConsentWorld;
export let db: TestDynamoDb;

beforeEach(async () => {
  db = await startDynalite();
  world = new CheckConsentWorld(db);
  await putRegistry(db.client, { listed: [NUMBERS.losAngeles] });
  return () => db.stop();
});
