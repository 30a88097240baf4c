import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  type AppendAuditLogDeps,
  createAppendAuditLog,
} from '../../lambdas/append-audit-log/append-audit-log.ts';
import { DynamoLegalAlertOutbox } from '../../lib/adapters/dynamodb/legal-alert-outbox.ts';
import { DynamoLogHeads } from '../../lib/adapters/dynamodb/log-head.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { S3TreeObjects } from '../../lib/adapters/s3/tree-objects.ts';
import { BATCH_LIMIT } from '../../lib/domain/log/batch.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { ORIGIN, testSigner } from './log-key.ts';

/** The tables and the bucket that the tests' log lies in. */
export const LOG_PLACES = { contactPoints: 'contact-points', cases: 'cases', bucket: 'audit' } as const;

type Given = Pick<AppendAuditLogDeps, 'now' | 'newId' | 'alerts' | 'telemetry'> & Partial<AppendAuditLogDeps>;

/** append-audit-log on real adapters, over any two clients. */
export function appendOnClients({ s3, dynamodb }: { s3: S3Client; dynamodb: DynamoDBClient }, given: Given) {
  const { contactPoints, cases, bucket } = LOG_PLACES;
  return createAppendAuditLog({
    heads: new DynamoLogHeads(dynamodb, cases),
    pending: new DynamoPendingEntries(dynamodb, contactPoints),
    objects: new S3LogObjects(s3, bucket),
    tree: new S3TreeObjects(s3, bucket),
    signer: testSigner(),
    origin: ORIGIN,
    policies: new S3Policies(s3, bucket),
    policy: DEFAULT_POLICY,
    outbox: new DynamoLegalAlertOutbox(dynamodb, cases),
    reviews: new DynamoReviews(dynamodb, cases),
    batchLimit: BATCH_LIMIT,
    ...given,
  });
}
