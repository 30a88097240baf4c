import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoDiallerHealths } from '../../lib/adapters/dynamodb/dialler-healths.ts';
import { SqsDeadLetters } from '../../lib/adapters/sqs/dead-letters.ts';
import { visibilityOf } from '../../lib/adapters/sqs/visibility.ts';
import { composeTellDialler } from './compose.ts';
import { Config } from './config.ts';
import { createPushSuppression } from './push-suppression.ts';

const config = Config.parse(process.env);
const [dynamodb, sqs] = [new DynamoDBClient(), new SQSClient()];

export const handler = createPushSuppression({
  name: config.DIALLER_NAME,
  tell: composeTellDialler(config, dynamodb),
  healths: new DynamoDiallerHealths(dynamodb, config.CASES_TABLE),
  deadLetters: new SqsDeadLetters(sqs, config.DEAD_LETTERS_URL),
  hide: visibilityOf(sqs, config.QUEUE_URL),
  telemetry: createTelemetry('push-suppression', Date.now),
  now: Date.now,
  random: Math.random,
});
