import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { v7 } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoLegalAlertOutbox } from '../../lib/adapters/dynamodb/legal-alert-outbox.ts';
import { DynamoLogHeads } from '../../lib/adapters/dynamodb/log-head.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { KmsLogSigner } from '../../lib/adapters/kms/log-signer.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { S3TreeObjects } from '../../lib/adapters/s3/tree-objects.ts';
import { SnsLegalAlerts } from '../../lib/adapters/sns/legal-alerts.ts';
import { BATCH_LIMIT } from '../../lib/domain/log/batch.ts';
import { ACTIVE_POLICY } from '../../lib/domain/policy/active-policy.ts';
import { createAppendAuditLog } from './append-audit-log.ts';
import { Config } from './config.ts';

const config = Config.parse(process.env);
const [dynamodb, s3] = [new DynamoDBClient({}), new S3Client({})];

export const handler = createAppendAuditLog({
  heads: new DynamoLogHeads(dynamodb, config.CASES_TABLE),
  pending: new DynamoPendingEntries(dynamodb, config.CONTACT_POINTS_TABLE),
  objects: new S3LogObjects(s3, config.AUDIT_BUCKET),
  tree: new S3TreeObjects(s3, config.AUDIT_BUCKET),
  signer: new KmsLogSigner(new KMSClient({}), config.LOG_KEY_ARN),
  origin: config.LOG_ORIGIN,
  policies: new S3Policies(s3, config.AUDIT_BUCKET),
  policy: ACTIVE_POLICY,
  outbox: new DynamoLegalAlertOutbox(dynamodb, config.CASES_TABLE),
  reviews: new DynamoReviews(dynamodb, config.CASES_TABLE),
  alerts: new SnsLegalAlerts(new SNSClient({}), config.LEGAL_ALERTS_TOPIC_ARN),
  batchLimit: BATCH_LIMIT,
  now: Date.now,
  newId: v7,
  telemetry: createTelemetry('append-audit-log', Date.now),
});
