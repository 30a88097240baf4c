import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { v7 as uuid } from 'uuid';
import { createHandleIncident } from '../../lambdas/handle-incident/handle-incident.ts';
import { createReceiveIncidentWebhook } from '../../lambdas/receive-incident-webhook/receive-incident-webhook.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { createNoticeCounts } from '../../lib/adapters/dynamodb/dispatches.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { NoticeTemplates } from '../../lib/adapters/notice-templates.ts';
import { affectedKey, S3AffectedLists } from '../../lib/adapters/s3/affected-lists.ts';
import { clockRows } from '../../lib/domain/incident/clocks.ts';
import { startDynalite, TABLES } from '../support/dynalite.ts';
import { CONTACT, KNOWN } from '../support/incidents.ts';
import { apiEvent } from '../support/intake.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';
import { WEBHOOK_SECRETS, WEBHOOK_SETTINGS } from '../support/ticket-webhooks.ts';
import { startLocalS3 } from './local-s3.ts';

const BUCKET = 'privacy';

export type Told = { readonly status: number; readonly [field: string]: unknown };

/** Incidents from the API and from webhooks, on the real adapters, at a clock that tests move. */
export async function startIncidentWorld() {
  const [db, store] = await Promise.all([startDynalite(), startLocalS3()]);
  const s3 = store.client();
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const clock = { now: KNOWN };
  const now = () => clock.now;
  const { telemetry, lines, values } = recordedTelemetry(now);
  const cases = {
    client: db.client,
    table: TABLES.cases,
    contactPoints: new DynamoContactPoints(db.client, TABLES.contactPoints),
    keptBack: (error: unknown) => {
      throw error;
    },
    now,
  };
  const incidents = new DynamoIncidents(cases);
  const lists = new S3AffectedLists(s3, BUCKET);
  const shared = { incidents, residency: 'EU', telemetry, now, newId: uuid } as const;
  const api = createHandleIncident({
    ...shared,
    templates: new NoticeTemplates({ ...cases, s3, bucket: BUCKET, fallback: 'en' }),
    measured: (id, versionId) => lists.measured(id, versionId),
    noticeCounts: createNoticeCounts(db.client, TABLES.cases),
    rows: clockRows(),
    contact: CONTACT,
  });
  const webhook = createReceiveIncidentWebhook({
    ...shared,
    secrets: async () => WEBHOOK_SECRETS,
    settings: WEBHOOK_SETTINGS,
  });
  return {
    ...{ db, s3, incidents, clock, lines, values, webhook },
    ask: async (
      route: string,
      body: unknown = {},
      pathParameters: Readonly<Record<string, string>> = {},
    ): Promise<Told> => {
      const { statusCode, body: text } = await api({ ...apiEvent(route, body), pathParameters });
      return { status: statusCode, ...JSON.parse(text) };
    },
    /** Puts the list of an incident where it is looked for; its version. */
    putList: async (incidentId: string, text: string) => {
      const Key = affectedKey(incidentId);
      const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: text }));
      return VersionId ?? '';
    },
    stop: async () => {
      await Promise.all([db.stop(), store.close()]);
    },
  };
}

export type IncidentWorld = Awaited<ReturnType<typeof startIncidentWorld>>;
