import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createRecordKnownFact } from '../../lib/adapters/record-fact.ts';
import { Config } from './config.ts';
import { createResolveReview } from './resolve-review.ts';

const config = Config.parse(process.env);
const now = Date.now;
const dynamodb = new DynamoDBClient();

export const handler = createResolveReview({
  reviews: new DynamoReviews(dynamodb, config.CASES_TABLE),
  recordFact: createRecordKnownFact({
    contactPoints: new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE),
    now,
    newId: uuid,
  }),
  telemetry: createTelemetry('resolve-review', now),
  now,
});
