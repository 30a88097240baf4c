import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { readText } from '../../lib/adapters/s3/object.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { readObject, s3Evidence, s3Outbox } from '../../lib/adapters/s3/scrub-files.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { ACTIVE_POLICY } from '../../lib/domain/policy/active-policy.ts';
import { MAX_LIST_BYTES } from '../../lib/domain/scrub/scrub-file.ts';
import { Config } from './config.ts';
import { createScrubContactList } from './scrub-contact-list.ts';

const config = Config.parse(process.env);
const dynamodb = new DynamoDBClient();
const s3 = new S3Client();

export const handler = createScrubContactList({
  contactPoints: new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE),
  jobs: new DynamoScrubJobs(dynamodb, config.CASES_TABLE, v7),
  snapshots: new S3RegistrySnapshots(s3, config.REGISTRY_BUCKET),
  evidence: s3Evidence(s3, config.AUDIT_BUCKET),
  pepper: pepperFrom(new SecretsManagerClient(), config.PEPPER_SECRET_ARN),
  policy: ACTIVE_POLICY,
  residency: config.RESIDENCY,
  maxBytes: MAX_LIST_BYTES,
  inboxBucket: config.INBOX_BUCKET,
  readProfile: (name) => readText(s3, config.INBOX_BUCKET, `profiles/${name}.json`),
  readList: (object) => readObject(s3, object),
  outbox: (prefix) => s3Outbox(s3, config.OUTBOX_BUCKET, prefix),
  now: Date.now,
  newId: v7,
  telemetry: createTelemetry('scrub-contact-list', Date.now),
});
