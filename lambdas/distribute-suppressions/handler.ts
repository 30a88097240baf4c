import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoUnpushedChanges } from '../../lib/adapters/dynamodb/unpushed-changes.ts';
import { SqsDiallerQueue } from '../../lib/adapters/sqs/dialler-queue.ts';
import { Config } from './config.ts';
import { createDistributeSuppressions } from './distribute-suppressions.ts';

const config = Config.parse(process.env);
const sqs = new SQSClient();

export const handler = createDistributeSuppressions({
  unpushed: new DynamoUnpushedChanges(new DynamoDBClient(), config.CONTACT_POINTS_TABLE),
  queues: Object.values(config.DIALLER_QUEUES).map((url) => new SqsDiallerQueue(sqs, url)),
  telemetry: createTelemetry('distribute-suppressions', Date.now),
  now: Date.now,
});
