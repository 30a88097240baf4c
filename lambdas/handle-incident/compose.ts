import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { v7 as uuid } from 'uuid';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { createNoticeCounts } from '../../lib/adapters/dynamodb/dispatches.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { NoticeTemplates } from '../../lib/adapters/notice-templates.ts';
import { S3AffectedLists } from '../../lib/adapters/s3/affected-lists.ts';
import { clockRows } from '../../lib/domain/incident/clocks.ts';
import type { Config } from './config.ts';
import type { HandleIncidentDeps } from './handle-incident.ts';

/** Everything that handle-incident works with. */
export function compose(config: Config, telemetry: Telemetry): HandleIncidentDeps {
  const client = new DynamoDBClient();
  const s3 = new S3Client();
  const cases = {
    client,
    table: config.CASES_TABLE,
    contactPoints: new DynamoContactPoints(client, config.CONTACT_POINTS_TABLE),
    keptBack: (error: unknown) => telemetry.log('ENTRY_KEPT_BACK', { errorCode: errorCode(error) }),
    now: Date.now,
  };
  const lists = new S3AffectedLists(s3, config.PRIVACY_BUCKET);
  return {
    incidents: new DynamoIncidents(cases),
    templates: new NoticeTemplates({
      ...cases,
      s3,
      bucket: config.PRIVACY_BUCKET,
      fallback: config.NOTICE_LANGUAGE,
    }),
    noticeCounts: createNoticeCounts(client, config.CASES_TABLE),
    measured: (incidentId, versionId) => lists.measured(incidentId, versionId),
    rows: clockRows(config.INCIDENT_CLOCKS),
    contact: config.INCIDENT_CONTACT,
    residency: config.RESIDENCY,
    telemetry,
    now: Date.now,
    newId: uuid,
  };
}
