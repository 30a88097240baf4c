import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubmissionJobs } from '../../lib/adapters/dynamodb/submission-jobs.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { readSubmittedFile, S3SubmissionResults } from '../../lib/adapters/s3/submissions.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createForgetAndExport } from './forget-and-export.ts';
import { createProcessMulticloudFile } from './process-multicloud-file.ts';

const config = Config.parse(process.env);
const now = Date.now;
const dynamodb = new DynamoDBClient();
const s3 = new S3Client();
const contactPoints = new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE);
const pepper = pepperFrom(new SecretsManagerClient(), config.PEPPER_SECRET_ARN);
const people = { contactPoints, pepper, residency: config.RESIDENCY, now };
const reviews = new DynamoReviews(dynamodb, config.CASES_TABLE);
const pending = new DynamoPendingEntries(dynamodb, config.CONTACT_POINTS_TABLE);
const objects = new S3LogObjects(s3, config.AUDIT_BUCKET);
const policies = new S3Policies(s3, config.AUDIT_BUCKET);

export const handler = createProcessMulticloudFile({
  inboxBucket: config.PRIVACY_BUCKET,
  readFile: (object) => readSubmittedFile(s3, { bucket: config.PRIVACY_BUCKET, ...object }),
  jobs: new DynamoSubmissionJobs(dynamodb, config.CASES_TABLE),
  results: new S3SubmissionResults(s3, config.PRIVACY_BUCKET),
  people: createForgetAndExport({
    eraseContactPoint: createEraseContactPoint({ ...people, reviews, newId: uuid }),
    explainer: new Explainer({ ...people, pending, objects, policies }),
    pepper,
    residency: config.RESIDENCY,
  }),
  zone: config.OPERATOR_TIME_ZONE,
  telemetry: createTelemetry('process-multicloud-file', now),
  now,
});
