import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubmissionJobs } from '../../lib/adapters/dynamodb/submission-jobs.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { readSubmittedFile, S3SubmissionResults } from '../../lib/adapters/s3/submissions.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import type { Config } from './config.ts';
import { createForgetAndExport } from './forget-and-export.ts';
import type { ProcessMulticloudFileDeps } from './process-multicloud-file.ts';

const now = Date.now;

/** Everything that process-multicloud-file works with, but for its telemetry. */
export function compose(config: Config): Omit<ProcessMulticloudFileDeps, 'telemetry'> {
  const dynamodb = new DynamoDBClient();
  const s3 = new S3Client();
  const bucket = config.PRIVACY_BUCKET;
  const contactPoints = new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE);
  const pepper = pepperFrom(new SecretsManagerClient(), config.PEPPER_SECRET_ARN);
  const people = { contactPoints, pepper, residency: config.RESIDENCY, now };
  const reviews = new DynamoReviews(dynamodb, config.CASES_TABLE);
  const pending = new DynamoPendingEntries(dynamodb, config.CONTACT_POINTS_TABLE);
  const objects = new S3LogObjects(s3, config.AUDIT_BUCKET);
  const policies = new S3Policies(s3, config.AUDIT_BUCKET);
  return {
    inboxBucket: bucket,
    readFile: (object) => readSubmittedFile(s3, { bucket, ...object }),
    jobs: new DynamoSubmissionJobs(dynamodb, config.CASES_TABLE),
    results: new S3SubmissionResults(s3, bucket),
    people: createForgetAndExport({
      eraseContactPoint: createEraseContactPoint({ ...people, reviews, newId: uuid }),
      explainer: new Explainer({ ...people, pending, objects, policies }),
      pepper,
      residency: config.RESIDENCY,
    }),
    zone: config.OPERATOR_TIME_ZONE,
    now,
  };
}
