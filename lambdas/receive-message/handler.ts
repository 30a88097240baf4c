import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { readDataKey } from '../../lib/adapters/dynamodb/data-key.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { EventBridgeConfirmations } from '../../lib/adapters/event-bridge/confirmations.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { createReviewText } from '../../lib/adapters/review-text.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createReceiveMessage } from './receive-message.ts';

const config = Config.parse(process.env);
const now = Date.now;
const dynamodb = new DynamoDBClient();
const secrets = new SecretsManagerClient();
const pepper = pepperFrom(secrets, config.PEPPER_SECRET_ARN);
const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
const contactPoints = new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE);
const residency = config.RESIDENCY;

export const handler = createReceiveMessage({
  recordFact: createRecordFact({ contactPoints, pepper, kek, residency, now, newId: uuid }),
  pepper,
  reviews: new DynamoReviews(dynamodb, config.CASES_TABLE),
  reviewText: createReviewText({
    dataKeyOf: (token) => readDataKey(dynamodb, { table: config.CONTACT_POINTS_TABLE, token }),
    kek,
  }),
  confirmations: new EventBridgeConfirmations(new EventBridgeClient({ maxAttempts: 1 })),
  telemetry: createTelemetry('receive-message', now),
  now,
});
