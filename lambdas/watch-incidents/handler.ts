import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTelemetry, errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { LoggedCases } from '../../lib/adapters/dynamodb/logged-cases.ts';
import { TEMPLATE_CASES } from '../../lib/adapters/notice-templates.ts';
import { clockRows } from '../../lib/domain/incident/clocks.ts';
import { Config } from './config.ts';
import { createWatchIncidents } from './watch-incidents.ts';

const config = Config.parse(process.env);
const telemetry = createTelemetry('watch-incidents', Date.now);
const client = new DynamoDBClient();
const cases = {
  client,
  table: config.CASES_TABLE,
  contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
  keptBack: (error: unknown) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
  now: Date.now,
};
const incidents = new DynamoIncidents(cases);

export const handler = createWatchIncidents({
  incidents,
  outboxes: [incidents, new LoggedCases(TEMPLATE_CASES, cases)],
  rows: clockRows(config.INCIDENT_CLOCKS),
  telemetry,
  now: Date.now,
});
