import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createHandleErasure } from './erase-contact-point.ts';

const config = Config.parse(process.env);
const now = Date.now;
const dynamodb = new DynamoDBClient();

export const handler = createHandleErasure({
  eraseContactPoint: createEraseContactPoint({
    contactPoints: new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE),
    reviews: new DynamoReviews(dynamodb, config.CASES_TABLE),
    pepper: pepperFrom(new SecretsManagerClient(), config.PEPPER_SECRET_ARN),
    residency: config.RESIDENCY,
    now,
    newId: uuid,
  }),
  telemetry: createTelemetry('erase-contact-point', now),
});
