import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { merge } from '../../lib/domain/state/merge.ts';
import { CheckConsentWorld } from '../support/check-consent.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import { consent, DAY_MS, NOON, suppression } from '../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { putRegistry } from '../support/registry-items.ts';
import { basisOf, contactPointsWith, scrubbed } from '../support/scrub.ts';
import { type Clients, createBuckets, importUsRegistry, REGISTRY } from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const TOKEN = tokenOfNumber(NUMBERS.newYork, PEPPER);
const HOUR_MS = 3_600_000;
let db: TestDynamoDb;
let world: CheckConsentWorld;

beforeEach(async () => {
  db = await startDynalite();
  world = new CheckConsentWorld(db);
  return () => db.stop();
});

describe('TB11: an opt-out that was just written is seen', () => {
  const Read = z.object({
    RequestItems: z.record(z.string(), z.object({ ConsistentRead: z.boolean().optional() })),
  });

  /** A client that notes for each BatchGetItem whether contact points are read strongly consistent. */
  function watched() {
    const client = dynamoDbClient(db.endpoint);
    const consistent: (boolean | undefined)[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        const read = Read.safeParse(args.input);
        if (read.success) consistent.push(read.data.RequestItems[TABLES.contactPoints]?.ConsistentRead);
        return next(args);
      },
      { step: 'initialize', name: 'watchReads' },
    );
    return { client, consistent };
  }

  // An emulator answers every read with what was written last, so what is asked for is all that a test can see.
  it('by the check and by whoever decides what to write', async () => {
    const { client, consistent } = watched();
    await new DynamoDecisionFacts(client, TABLES).readForDecision(
      [TOKEN],
      [{ registry: 'us-national', e164: NUMBERS.newYork }],
    );
    await new DynamoContactPoints(client, TABLES.contactPoints).read([TOKEN]);
    client.destroy();
    expect(consistent).toEqual([true, true]);
  });
});

describe('TB12: a registry knows who left it, and speaks for nobody else', () => {
  let s3: Fixture;
  let clients: Clients;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());

  it('a number that left is free again, unless the person asked for peace', async () => {
    clients = { s3: s3.client(), dynamodb: db.client };
    await createBuckets(clients.s3, REGISTRY);
    await importUsRegistry(clients, ['212,5550100', '312,5550101', '602,5550102'], {
      versionAt: NOON - 2 * DAY_MS,
    });
    await world.tell(NUMBERS.chicago, suppression());
    const reasons = async () => [
      (await world.check({ phoneNumber: NUMBERS.newYork })).reason,
      (await world.check({ phoneNumber: NUMBERS.chicago })).reason,
    ];
    expect(await reasons()).toEqual(['REGISTRY_LISTED', 'SUPPRESSED']);
    await importUsRegistry(clients, ['602,5550102'], { versionAt: NOON - DAY_MS });
    expect(await reasons()).toEqual(['PERMITTED', 'SUPPRESSED']);
  });
});

describe('EB7: a contact that was selected before the withdrawal is not dialled after it', () => {
  it('the list let it through, the check before the dial does not', async () => {
    await putRegistry(db.client);
    const { registries } = basisOf();
    const { approved } = await scrubbed(`Phone\n${NUMBERS.newYork}\n`, {
      basis: { watermark: NOON, registries },
      contactPoints: contactPointsWith(new Map()),
    });
    expect(approved).toContain(NUMBERS.newYork);
    world.now = NOON + HOUR_MS / 4;
    expect(await world.check({})).toMatchObject({ decision: 'ALLOW' });
    await world.tell(NUMBERS.newYork, suppression({ effectiveAt: world.now, receivedAt: world.now }));
    expect(await world.check({})).toMatchObject({ decision: 'BLOCK', reason: 'SUPPRESSED' });
  });
});

describe('EB8: a contact that was prevented is on record, though no call was ever made', () => {
  it('with its campaign, its ground and what was known of consent at that moment', async () => {
    await world.tell(NUMBERS.newYork, consent({ status: 'WITHDRAWN' }));
    await putRegistry(db.client);
    const { decisionId } = await world.check({ campaignId: 'spring', contactId: 'contact-1' });
    expect(await world.entryOf(decisionId)).toMatchObject({
      effect: 'BLOCK',
      reasons: [{ code: 'CONSENT_WITHDRAWN', ruleId: 'consent-withdrawn' }],
      contact: { campaignId: 'spring', contactId: 'contact-1' },
      facts: [{ state: { consents: { 'VOICE#MARKETING#*': { WITHDRAWN: { effectiveAt: NOON } } } } }],
    });
  });
});

describe('EB13: a store that is out', () => {
  it('blocks with a ground of its own within the budget, and is counted for its alarm', async () => {
    const never = () => new Promise<never>(() => undefined);
    const answer = await world.check({}, { budgetMs: 50, facts: { readForDecision: never } });
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'UNAVAILABLE' });
    expect(world.recorded.values('UnavailableCount')).toEqual([1]);
  });
});

describe('EB14: whoever writes from a stale copy writes nothing', () => {
  it('a withdrawal that came in between is still there', async () => {
    const [stale] = await world.contactPoints.read([TOKEN]);
    if (stale === undefined) throw new Error('expected a contact point');
    await world.tell(NUMBERS.newYork, consent({ status: 'WITHDRAWN' }));
    const state = merge(stale.state, consent({ effectiveAt: NOON - 1 }));
    expect(await world.contactPoints.commit({ from: stale, state, now: NOON })).toBe('CONFLICT');
    const [known] = await world.contactPoints.read([TOKEN]);
    expect(Object.keys(known?.state.consents['VOICE#MARKETING#*'] ?? {})).toEqual(['WITHDRAWN']);
  });
});
