import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { S3SubjectResults } from '../../lib/adapters/s3/subject-results.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import type { Config } from './config.ts';
import type { HandleSubjectRequestDeps } from './handle-subject-request.ts';

/** Everything that handle-subject-request works with. */
export function compose(config: Config, telemetry: Telemetry): HandleSubjectRequestDeps {
  const client = new DynamoDBClient();
  const secrets = new SecretsManagerClient();
  const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
  const requests = new DynamoSubjectRequests({
    client,
    table: config.CASES_TABLE,
    contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
    kek,
    keptBack: (error) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
    now: Date.now,
  });
  const results = new S3SubjectResults({
    client: new S3Client(),
    bucket: config.PRIVACY_BUCKET,
    kek,
    dataKeyOf: (id) => requests.dataKeyOf(id),
  });
  return {
    requests,
    resultNames: (id) => results.names(id),
    pepper: pepperFrom(secrets, config.PEPPER_SECRET_ARN),
    residency: config.RESIDENCY,
    zone: config.OPERATOR_TIME_ZONE,
    telemetry,
    now: Date.now,
    newId: uuid,
  };
}
