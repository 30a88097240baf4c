import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createRecordPreference } from './record-preference.ts';

const config = Config.parse(process.env);
const now = Date.now;
const secrets = new SecretsManagerClient();

export const handler = createRecordPreference({
  recordFact: createRecordFact({
    contactPoints: new DynamoContactPoints(new DynamoDBClient(), config.CONTACT_POINTS_TABLE),
    pepper: pepperFrom(secrets, config.PEPPER_SECRET_ARN),
    kek: kekFrom(secrets, config.KEK_SECRET_ARN),
    residency: config.RESIDENCY,
    now,
    newId: uuid,
  }),
  telemetry: createTelemetry('record-preference', now),
  now,
});
