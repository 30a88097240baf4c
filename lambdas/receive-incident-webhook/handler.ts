import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { createTelemetry, errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { webhookSecretsFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createReceiveIncidentWebhook } from './receive-incident-webhook.ts';

const config = Config.parse(process.env);
const telemetry = createTelemetry('receive-incident-webhook', Date.now);
const client = new DynamoDBClient();

export const handler = createReceiveIncidentWebhook({
  incidents: new DynamoIncidents({
    client,
    table: config.CASES_TABLE,
    contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
    keptBack: (error) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
    now: Date.now,
  }),
  secrets: webhookSecretsFrom(new SecretsManagerClient(), config.WEBHOOK_SECRETS_ARN),
  settings: config.WEBHOOK_SETTINGS,
  residency: config.RESIDENCY,
  telemetry,
  now: Date.now,
  newId: uuid,
});
