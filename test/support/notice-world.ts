import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { v7 as uuid } from 'uuid';
import { createSendNotices } from '../../lambdas/send-notices/send-notices.ts';
import { DynamoIncidents } from '../../lib/adapters/dynamodb/incidents.ts';
import { DynamoNotices } from '../../lib/adapters/dynamodb/notices.ts';
import { createGenesysApi, type GenesysApi } from '../../lib/adapters/genesys/cloud-api.ts';
import { GenesysNotices } from '../../lib/adapters/genesys/notices.ts';
import { S3NoticeFiles } from '../../lib/adapters/s3/notice-files.ts';
import type { Incident } from '../../lib/domain/incident/incident.ts';
import type { Templates } from '../../lib/domain/incident/templates.ts';
import type { NoticeChannels } from '../../lib/domain/notice/channels.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import type { ConsentCheck } from '../../lib/domain/notice/ports.ts';
import { CheckVerdict } from '../../lib/domain/notice/verdict.ts';
import { createCasesTable, type TestDynamoDb } from './dynalite.ts';
import { dynamoDbClient } from './dynamodb-client.ts';
import { MessagingPlatform, type MessagingWorld } from './genesys-cloud/outbound-messaging.ts';
import { CLIENT, startFakeServer } from './genesys-cloud/server.ts';
import { type Mortality, mortality } from './killable.ts';
import { PEPPER } from './numbers.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

export const SENDER = '+12125550198';
const KEK = async () => ({ version: 'k1', kek: 'x'.repeat(64) });
const BUCKET = 'privacy';
const LIBRARY = '0b1b1b1b-1111-4111-8111-111111111111';

export const CHANNELS: NoticeChannels = {
  order: ['EMAIL', 'SMS'],
  agentlessBelow: 0,
  messagesPerMinute: 600,
  sms: { sender: SENDER, carriers: ['genesys-cloud'] },
  email: { from: 'notices@example.com', name: 'Example', responseLibraryId: LIBRARY },
  voice: {
    callerNumber: '+12125550197',
    callerName: 'Example',
    callAnalysisResponseSetId: '0b1b1b1b-2222-4222-8222-222222222222',
    siteId: '0b1b1b1b-3333-4333-8333-333333333333',
  },
};

export type NoticeWorldOptions = {
  readonly check: (input: object) => Promise<object>;
  readonly channels?: Partial<NoticeChannels>;
  readonly platform?: Partial<MessagingWorld>;
  readonly templates?: Templates;
};

/** A bucket for lists of affected people, with versions. */
export async function createListBucket(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }),
  );
}

/** Notices from a list to the platform: the real adapters, at one clock that waits and minutes move on. */
export async function createNoticeWorld(
  { db, s3 }: { readonly db: TestDynamoDb; readonly s3: () => S3Client },
  clock: { now: number },
  options: NoticeWorldOptions,
) {
  const now = () => clock.now;
  const table = `cases-${uuid()}`;
  await createCasesTable(db.client, table);
  const platform = new MessagingPlatform({
    ...{ now, callsPerMinute: 300, unreachable: new Set<string>() },
    numbers: [{ phoneNumber: SENDER, version: 1, provisionedThroughPureCloud: true, supportsSms: true }],
    ...options.platform,
  });
  const fake = await startFakeServer(platform.routes);
  const channels = { ...CHANNELS, ...options.channels };
  const recorded = recordedTelemetry(now);
  const entries: unknown[] = [];
  const questions: object[] = [];
  const api = createGenesysApi({
    ...{ apiUrl: fake.url, loginUrl: fake.url, credentials: async () => CLIENT, now, random: () => 0 },
    rate: { burst: 10, perSecond: 4 },
    wait: async (ms) => {
      clock.now += ms;
    },
    timeoutMs: 5000,
    firstPauseMs: 2000,
  });
  const checks: ConsentCheck = {
    check: async ({ incidentId, recipientId, channel, address }) => {
      const where =
        channel === 'EMAIL'
          ? { email: address.email, defaultRegion: address.country }
          : { phoneNumber: address.phone };
      const question = {
        ...where,
        channel,
        purpose: 'BREACH_NOTICE',
        campaignId: incidentId,
        contactId: recipientId,
      };
      questions.push(question);
      return CheckVerdict.parse(await options.check(question));
    },
  };

  /** Everything that one run works with; what `life` kills stays dead. */
  const compose = (life: Mortality, connected = true) => {
    const client = life.dynamodb(dynamoDbClient(db.endpoint));
    const mortalApi: GenesysApi = {
      send: (call, answer) => life.pass(`${call.method} ${call.path}`, () => api.send(call, answer)),
    };
    const contactPoints = {
      record: async (entry: object) => {
        await life.pass('record', async () => entries.push(entry));
      },
    };
    const files = new S3NoticeFiles(life.s3(s3()), BUCKET);
    const incidents = new DynamoIncidents({
      client,
      table,
      contactPoints,
      now,
      keptBack: () => {},
    });
    const notices = new DynamoNotices({ client, table, kek: KEK });
    const run = createSendNotices({
      ...{ incidents, notices, checks, contactPoints, channels, now, newId: uuid },
      affected: files,
      residency: 'US',
      reports: files,
      templates: options.templates ?? textsIn('en'),
      sender: connected ? new GenesysNotices(mortalApi, channels) : undefined,
      pepper: async () => PEPPER,
      telemetry: recorded.telemetry,
      random: () => 0.5,
      runMs: 12 * 60_000,
    });
    return { incidents, notices, run, client };
  };
  const immortal = compose(mortality());

  return {
    ...{ table, clock, platform, fake, recorded, entries, questions },
    incidents: immortal.incidents,
    store: immortal.notices,
    /** As the schedule does, each minute. */
    async run(times = 1): Promise<void> {
      for (let minute = 0; minute < times; minute += 1) {
        clock.now += 60_000;
        await immortal.run();
      }
    },
    async runUnconnected(): Promise<void> {
      await compose(mortality(), false).run();
    },
    /** One run that dies as it is told; whether it did. */
    async runAndDie(end: (life: Mortality) => void): Promise<boolean> {
      clock.now += 60_000;
      const life = mortality();
      end(life);
      const { run, client } = compose(life);
      await run().catch(() => undefined);
      client.destroy();
      return life.isDead();
    },
    /** An incident whose notices to the people of a list were released. */
    async release(csv: string, change: Partial<Incident> = {}): Promise<Incident> {
      const incident = { ...releasedIncident(clock.now), ...change };
      const affected = change.affected ?? (await this.upload(incident.id, csv));
      const released = { ...incident, affected };
      await immortal.incidents.create({ incident: released });
      return released;
    },
    async upload(id: string, csv: string): Promise<NonNullable<Incident['affected']>> {
      const bucketKey = `incidents/${id}/affected.csv`;
      const { VersionId: versionId = '' } = await s3().send(
        new PutObjectCommand({ Bucket: BUCKET, Key: bucketKey, Body: csv }),
      );
      const sha256 = createHash('sha256').update(csv).digest('hex');
      return { bucketKey, versionId, sha256, rows: csv.trimEnd().split('\n').length - 1 };
    },
    async notices(incidentId: string): Promise<readonly Notice[]> {
      const all: Notice[] = [];
      for await (const page of immortal.notices.pages(incidentId))
        all.push(...page.map(({ notice }) => notice));
      return all;
    },
    async report(incidentId: string, name: string): Promise<string> {
      const Key = `incidents/${incidentId}/${name}`;
      const { Body } = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return (await Body?.transformToString()) ?? '';
    },
  };
}

export type NoticeWorld = Awaited<ReturnType<typeof createNoticeWorld>>;

function releasedIncident(now: number): Incident {
  return {
    id: uuid(),
    version: 1,
    kind: 'PERSONAL_DATA_BREACH',
    state: 'NOTIFYING',
    reference: 'SEC-7',
    receivedAt: now,
    receivedBy: 'officer-1',
    source: 'API',
    knownAt: now,
    role: 'CONTROLLER',
    risk: 'HIGH',
    dataElements: ['EMAIL_ADDRESS'],
    jurisdictions: ['DE'],
    documents: [],
    contact: {
      url: 'https://example.com/breach',
      phone: '+18005550105',
      preferencesUrl: 'https://example.com/preferences',
    },
    template: { name: 'breach', purpose: 'BREACH_NOTICE' },
    prepared: { by: 'officer-1', at: now },
    release: { by: 'officer-2', at: now },
    authorityNotices: [],
  };
}

/** Approved texts in some languages, for every channel; the first is the fallback. */
export function textsIn(...languages: readonly string[]): Templates {
  return {
    async approved(name, channel, wanted) {
      const language = wanted.find((one) => languages.includes(one)) ?? languages[0];
      if (language === undefined) return undefined;
      const subject = channel === 'EMAIL' ? { subject: 'Your data' } : {};
      const template = {
        name,
        language,
        channel,
        version: 1,
        author: 'legal-1',
        ...subject,
        text: `${language}: {{contactUrl}}`,
      };
      return { template, language, fallback: !wanted.includes(language) };
    },
  };
}
