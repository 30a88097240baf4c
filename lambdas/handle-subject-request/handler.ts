import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { createTelemetry, errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { S3SubjectResults } from '../../lib/adapters/s3/subject-results.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { Config } from './config.ts';
import { createHandleSubjectRequest } from './handle-subject-request.ts';

const config = Config.parse(process.env);
const now = Date.now;
const client = new DynamoDBClient();
const secrets = new SecretsManagerClient();
const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
const telemetry = createTelemetry('handle-subject-request', now);
const requests = new DynamoSubjectRequests({
  client,
  table: config.CASES_TABLE,
  contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
  kek,
  keptBack: (error) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
  now,
});
const results = new S3SubjectResults({
  client: new S3Client(),
  bucket: config.PRIVACY_BUCKET,
  kek,
  dataKeyOf: (id) => requests.dataKeyOf(id),
});

export const handler = createHandleSubjectRequest({
  requests,
  resultNames: (id) => results.names(id),
  pepper: pepperFrom(secrets, config.PEPPER_SECRET_ARN),
  residency: config.RESIDENCY,
  zone: config.OPERATOR_TIME_ZONE,
  telemetry,
  now,
  newId: uuid,
});
