import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { connectGenesys } from '../../lib/adapters/genesys/connect.ts';
import { HttpGenesysGdpr } from '../../lib/adapters/genesys/gdpr.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3MulticloudFiles } from '../../lib/adapters/s3/multicloud-files.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { S3SubjectResults } from '../../lib/adapters/s3/subject-results.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { createMoveGenesysStep } from '../../lib/adapters/subject-request/genesys.ts';
import { createMoveMulticloudStep } from '../../lib/adapters/subject-request/multicloud.ts';
import { createMoveOwnStep } from '../../lib/adapters/subject-request/own-store.ts';
import type { GenesysGdpr } from '../../lib/domain/subject-request/genesys-gdpr.ts';
import { type RunRequestDeps, runRequest } from '../../lib/domain/subject-request/run-request.ts';
import type { Config } from './config.ts';

/** The platform's own limit is not published; this stays far below those that are. */
const RATE = { burst: 5, perSecond: 2 };
const GENESYS_TIMEOUT_MS = 16_000;
const now = Date.now;

/** Everything that run-subject-requests works with. */
export function compose(config: Config, telemetry: Telemetry) {
  const stores = storesOf(config, telemetry);
  const { requests, keepResult, s3, secrets } = stores;
  const gdpr = genesysOf(config, secrets);
  const deps: RunRequestDeps = {
    requests,
    gdpr,
    systems: { genesysCloud: gdpr !== undefined, multicloud: config.MULTICLOUD_ACCOUNT_ID !== '' },
    move: {
      DIALGUARD: moveOwnStep(config, stores),
      GENESYS_CLOUD: gdpr === undefined ? notConnected : createMoveGenesysStep({ gdpr, keepResult, now }),
      MULTICLOUD: createMoveMulticloudStep({
        files: new S3MulticloudFiles(s3, config.PRIVACY_BUCKET),
        accountId: config.MULTICLOUD_ACCOUNT_ID,
        zone: config.OPERATOR_TIME_ZONE,
        keepResult,
        now,
      }),
    },
    now,
    newId: uuid,
  };
  return { requests, run: (id: string) => runRequest(id, deps) };
}

function storesOf(config: Config, telemetry: Telemetry) {
  const dynamodb = new DynamoDBClient();
  const s3 = new S3Client();
  const secrets = new SecretsManagerClient();
  const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
  const contactPoints = new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE);
  const requests = new DynamoSubjectRequests({
    client: dynamodb,
    table: config.CASES_TABLE,
    contactPoints,
    kek,
    keptBack: (error) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
    now,
  });
  const results = new S3SubjectResults({
    client: s3,
    bucket: config.PRIVACY_BUCKET,
    kek,
    dataKeyOf: (id) => requests.dataKeyOf(id),
  });
  return { dynamodb, s3, secrets, kek, contactPoints, requests, keepResult: results.put.bind(results) };
}

function moveOwnStep(
  config: Config,
  { dynamodb, s3, secrets, kek, contactPoints, keepResult }: ReturnType<typeof storesOf>,
) {
  const pepper = pepperFrom(secrets, config.PEPPER_SECRET_ARN);
  const people = { contactPoints, pepper, residency: config.RESIDENCY, now, newId: uuid };
  return createMoveOwnStep({
    contactPoints,
    recordFact: createRecordFact({ ...people, kek }),
    eraseContactPoint: createEraseContactPoint({
      ...people,
      reviews: new DynamoReviews(dynamodb, config.CASES_TABLE),
    }),
    explainer: new Explainer({
      contactPoints,
      pending: new DynamoPendingEntries(dynamodb, config.CONTACT_POINTS_TABLE),
      objects: new S3LogObjects(s3, config.AUDIT_BUCKET),
      policies: new S3Policies(s3, config.AUDIT_BUCKET),
      now,
    }),
    keepResult,
    pepper,
  });
}

/** A step for a platform that was disconnected since it was planned. */
const notConnected: RunRequestDeps['move']['GENESYS_CLOUD'] = (_, step, save) =>
  save({ ...step, state: 'FAILED', cause: 'NOT_CONNECTED' });

function genesysOf(config: Config, secrets: SecretsManagerClient): GenesysGdpr | undefined {
  const api = connectGenesys(config, secrets, { rate: RATE, timeoutMs: GENESYS_TIMEOUT_MS });
  return api && new HttpGenesysGdpr(api, GENESYS_TIMEOUT_MS);
}
