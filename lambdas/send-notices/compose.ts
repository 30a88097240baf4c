import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { DynamoNotices } from '../../lib/adapters/dynamodb/notices.ts';
import { connectGenesys } from '../../lib/adapters/genesys/connect.ts';
import { GenesysNotices } from '../../lib/adapters/genesys/notices.ts';
import { LambdaConsentCheck } from '../../lib/adapters/lambda/consent-check.ts';
import { NoticeTemplates } from '../../lib/adapters/notice-templates.ts';
import { S3NoticeFiles } from '../../lib/adapters/s3/notice-files.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import type { Config } from './config.ts';
import type { SendNoticesDeps } from './deps.ts';

/** Under the 300 calls a minute that a client's token is good for. */
const RATE = { burst: 10, perSecond: 4 };
const GENESYS_TIMEOUT_MS = 16_000;
/** Source 004: after 503 at least 2, 4, 8 seconds. */
const FIRST_PAUSE_MS = 2000;
/** Of Lambda's fifteen minutes, with room for the calls that are under way at its end. */
const RUN_MS = 10 * 60_000;
const now = Date.now;

/** Everything that send-notices works with. */
export function compose(config: Config, telemetry: Telemetry): SendNoticesDeps {
  const client = new DynamoDBClient();
  const s3 = new S3Client();
  const secrets = new SecretsManagerClient();
  const contactPoints = new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE);
  const cases = {
    client,
    table: config.CASES_TABLE,
    contactPoints,
    keptBack: (error: unknown) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
    now,
  };
  const files = new S3NoticeFiles(s3, config.PRIVACY_BUCKET);
  return {
    incidents: new DynamoIncidents(cases),
    notices: new DynamoNotices({
      client,
      table: config.CASES_TABLE,
      kek: kekFrom(secrets, config.KEK_SECRET_ARN),
    }),
    affected: files,
    reports: files,
    templates: new NoticeTemplates({
      ...cases,
      s3,
      bucket: config.PRIVACY_BUCKET,
      fallback: config.NOTICE_LANGUAGE,
    }),
    checks: new LambdaConsentCheck(new LambdaClient(), config.CHECK_CONSENT_FUNCTION),
    sender: senderOf(config, secrets),
    contactPoints,
    pepper: pepperFrom(secrets, config.PEPPER_SECRET_ARN),
    channels: config.NOTICE_CHANNELS,
    residency: config.RESIDENCY,
    telemetry,
    now,
    random: Math.random,
    newId: uuid,
    runMs: RUN_MS,
  };
}

function senderOf(config: Config, secrets: SecretsManagerClient): GenesysNotices | undefined {
  const api = connectGenesys(config, secrets, {
    rate: RATE,
    timeoutMs: GENESYS_TIMEOUT_MS,
    firstPauseMs: FIRST_PAUSE_MS,
  });
  return api && new GenesysNotices(api, config.NOTICE_CHANNELS);
}
