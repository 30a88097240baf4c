import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoCoverageGaps } from '../../lib/adapters/dynamodb/coverage-gaps.ts';
import { DynamoCoverageLedger } from '../../lib/adapters/dynamodb/coverage-ledger.ts';
import { DynamoLogProgress } from '../../lib/adapters/dynamodb/log-progress.ts';
import { connectGenesys } from '../../lib/adapters/genesys/connect.ts';
import { HttpConversationDetails } from '../../lib/adapters/genesys/conversation-details.ts';
import { ownNumbersFrom } from '../../lib/adapters/genesys/customer-address.ts';
import { S3CoverageResults } from '../../lib/adapters/s3/coverage-results.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import type { ContactRecords } from '../../lib/domain/coverage/ports.ts';
import type { Config } from './config.ts';
import type { ReconcileCoverageDeps } from './reconcile-coverage.ts';

/** Of 300 calls a minute that an OAuth client has, the most is left to the other functions. */
const RATE = { burst: 5, perSecond: 1 };
const GENESYS_TIMEOUT_MS = 30_000;
const now = Date.now;

/** Everything that reconcile-coverage works with. */
export function compose(config: Config, telemetry: Telemetry): ReconcileCoverageDeps {
  const client = new DynamoDBClient();
  const s3 = new S3Client();
  const table = config.CASES_TABLE;
  return {
    records: recordsOf(config, new SecretsManagerClient()),
    ledger: new DynamoCoverageLedger({
      client,
      table,
      contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
      keptBack: (error) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
      now,
    }),
    gaps: new DynamoCoverageGaps(client, table),
    results: new S3CoverageResults(s3, config.PRIVACY_BUCKET),
    log: new S3LogObjects(s3, config.AUDIT_BUCKET),
    progress: new DynamoLogProgress(client, table, now),
    windowMs: config.WINDOW_SECONDS * 1000,
    telemetry,
    now,
    newId: uuid,
    wait: (ms) => wait(ms),
  };
}

function recordsOf(config: Config, secrets: SecretsManagerClient): ContactRecords | undefined {
  const api = connectGenesys(config, secrets, { rate: RATE, timeoutMs: GENESYS_TIMEOUT_MS });
  if (api === undefined) return undefined;
  const pepper = pepperFrom(secrets, config.PEPPER_SECRET_ARN);
  const numbering = {
    ownNumbers: ownNumbersFrom(config.OWN_NUMBERS),
    defaultRegion: config.DEFAULT_REGION || undefined,
  };
  return new HttpConversationDetails(api, async () => ({
    numbering,
    pepper: await pepper(),
    residency: config.RESIDENCY,
  }));
}
