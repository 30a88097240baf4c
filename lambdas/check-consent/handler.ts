import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { v7 } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoDecisionFacts } from '../../lib/adapters/dynamodb/decision-facts.ts';
import { DynamoLogProgress } from '../../lib/adapters/dynamodb/log-progress.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { SnsLegalAlerts } from '../../lib/adapters/sns/legal-alerts.ts';
import { ACTIVE_POLICY } from '../../lib/domain/policy/active-policy.ts';
import { createCheckConsent } from './check-consent.ts';
import { Config } from './config.ts';

const config = Config.parse(process.env);
// Two short tries fit the budget of a check; the SDK's own patience does not.
const patience = { maxAttempts: 2, requestHandler: { requestTimeout: 350, connectionTimeout: 250 } };
const dynamodb = new DynamoDBClient(patience);

export const handler = createCheckConsent({
  facts: new DynamoDecisionFacts(dynamodb, {
    contactPoints: config.CONTACT_POINTS_TABLE,
    registryBlocks: config.REGISTRY_BLOCKS_TABLE,
  }),
  contactPoints: new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE),
  progress: new DynamoLogProgress(dynamodb, config.CASES_TABLE, Date.now),
  alerts: new SnsLegalAlerts(new SNSClient(patience), config.LEGAL_ALERTS_TOPIC_ARN),
  pepper: pepperFrom(new SecretsManagerClient(patience), config.PEPPER_SECRET_ARN),
  policy: ACTIVE_POLICY,
  residency: config.RESIDENCY,
  budgetMs: config.CHECK_BUDGET_MS,
  now: Date.now,
  newId: v7,
  telemetry: createTelemetry('check-consent', Date.now),
});
