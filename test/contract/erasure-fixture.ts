import { type DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { createHandleErasure } from '../../lambdas/erase-contact-point/erase-contact-point.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import { apiEvent, createIntake } from '../support/intake.ts';
import { createMessageWorld } from '../support/messages.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { type Around, lived } from './audit-log-fixture.ts';

export type Told = { readonly status: number; readonly [field: string]: unknown };

/** Everything that changes a person's item, over one DynamoDB, at one clock. */
export function createErasureWorld(db: TestDynamoDb) {
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const intake = createIntake(contactPoints);
  const messages = createMessageWorld(db.client);
  const { clock } = intake;

  /** One run of erase-contact-point, with a client of its own that may die at any request. */
  const eraser = (around: Around = (request) => request()) => {
    const client = dynamoDbClient(db.endpoint, { maxAttempts: 1 });
    client.middlewareStack.add((next) => lived(around, next), { step: 'initialize' });
    const eraseContactPoint = createEraseContactPoint({
      contactPoints: new DynamoContactPoints(client, TABLES.contactPoints),
      reviews: new DynamoReviews(client, TABLES.cases),
      pepper: async () => PEPPER,
      residency: 'US',
      now: () => clock.now,
      newId: uuid,
    });
    const handle = createHandleErasure({ eraseContactPoint, telemetry: recordedTelemetry().telemetry });
    return async (fields: object): Promise<Told> => {
      const body = { reason: 'SUBJECT_REQUEST', by: 'privacy-2', ...fields };
      const answer = await handle(apiEvent('POST /v1/erasures', body));
      return { ...JSON.parse(answer.body), status: answer.statusCode };
    };
  };

  return {
    ...{ clock, contactPoints, intake, messages, eraser },
    erase: eraser(),
    async tell(route: 'opt-outs' | 'consents' | 'relationships', body: object): Promise<Told> {
      const answer = await intake.preferences(apiEvent(`POST /v1/${route}`, body));
      return { ...JSON.parse(answer.body), status: answer.statusCode };
    },
    async hold(route: 'holds' | 'hold-releases', body: object): Promise<Told> {
      const answer = await intake.holds(apiEvent(`POST /v1/${route}`, body));
      return { ...JSON.parse(answer.body), status: answer.statusCode };
    },
    item: (e164: string) => itemOf(db.client, e164),
    cases: async (): Promise<Record<string, unknown>[]> => {
      const { Items = [] } = await db.client.send(new ScanCommand({ TableName: TABLES.cases }));
      return Items.map((item) => unmarshall(item));
    },
  };
}

export type ErasureWorld = ReturnType<typeof createErasureWorld>;

const Item = z.looseObject({ pending: z.record(z.string(), z.string()).default({}) });

async function itemOf(client: DynamoDBClient, e164: string): Promise<z.infer<typeof Item>> {
  const { Item: item = {} } = await client.send(
    new GetItemCommand({
      TableName: TABLES.contactPoints,
      Key: { token: { S: tokenOfNumber(e164, PEPPER) } },
      ConsistentRead: true,
    }),
  );
  return Item.parse(unmarshall(item));
}
