import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { ownNumbersFrom } from '../../lib/adapters/genesys/customer-address.ts';
import { optOutCodesFrom } from '../../lib/adapters/genesys/read-opt-out.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { kekFrom, pepperFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { SqsDeadLetters } from '../../lib/adapters/sqs/dead-letters.ts';
import { sameUuid } from '../../lib/adapters/sqs/same-uuid.ts';
import { Config } from './config.ts';
import { createIngestOptOut } from './ingest-opt-out.ts';

const config = Config.parse(process.env);
const now = Date.now;
const secrets = new SecretsManagerClient();
const pepper = pepperFrom(secrets, config.PEPPER_SECRET_ARN);
const kek = kekFrom(secrets, config.KEK_SECRET_ARN);
const contactPoints = new DynamoContactPoints(new DynamoDBClient(), config.CONTACT_POINTS_TABLE);

export const handler = createIngestOptOut({
  settings: {
    optOutCodes: optOutCodesFrom(config.OPT_OUT_WRAP_UP_CODES),
    ownNumbers: ownNumbersFrom(config.OWN_NUMBERS),
    defaultRegion: config.DEFAULT_REGION,
  },
  recordFact: createRecordFact({ contactPoints, pepper, kek, residency: config.RESIDENCY, now, newId: uuid }),
  contactPoints,
  deadLetters: new SqsDeadLetters(new SQSClient(), config.OPT_OUT_DLQ_URL),
  pepper,
  telemetry: createTelemetry('ingest-opt-out', now),
  now,
  parkedEntryId: sameUuid,
});
