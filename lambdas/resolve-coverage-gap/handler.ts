import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 as uuid } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoCoverageGaps } from '../../lib/adapters/dynamodb/coverage-gaps.ts';
import { readCoverageProgress } from '../../lib/adapters/dynamodb/coverage-ledger.ts';
import { Config } from './config.ts';
import { createResolveCoverageGap } from './resolve-coverage-gap.ts';

const config = Config.parse(process.env);
const client = new DynamoDBClient();

export const handler = createResolveCoverageGap({
  gaps: new DynamoCoverageGaps(client, config.CASES_TABLE),
  progress: () => readCoverageProgress(client, config.CASES_TABLE),
  contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
  telemetry: createTelemetry('resolve-coverage-gap', Date.now),
  now: Date.now,
  newId: uuid,
});
