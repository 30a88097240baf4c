import { createReadStream, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { Answer } from '../../lib/domain/decision/answer.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { acwEntry, outboundCall } from '../../lib/local/sample/wrap-up-event.ts';
import type { Connection } from './connection.ts';
import { tokenFor } from './contact-point.ts';
import { explainerFor } from './explain.ts';
import { importInto } from './registry.ts';
import { firstNumber, samplePath, sampleProfile, sampleRows } from './sample.ts';

export type MainJob = { readonly connection: Connection; readonly say: (line: string) => void };

const PROFILE = 'sample';
/** The one of the dev stages' diallers. */
const DIALLER = 'legacy-pbx';
const PATIENCE_MS = 30_000;

/**
 * The main job on sample data: scrub a list, let one person of it opt out, see the next check flip and a dialler hear of it,
 * find it in the log.
 *
 * @returns whether every step held; a step that did not is said with what was expected.
 */
export async function runMainJob(job: MainJob): Promise<boolean> {
  try {
    if (job.connection.endpoints.residency === 'US') await importSampleRegistry(job);
    else await grantSampleConsents(job);
    const person = await scrubSampleList(job);
    await optOutAndWatch(job, person);
    await findInLog(job, person);
    job.say('Every step held.');
    return true;
  } catch (error) {
    job.say(`  did not hold: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function importSampleRegistry({ connection, say }: MainJob): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  const { version } = await importInto(connection, {
    registry: 'us-national',
    versionAt: Date.parse(today),
    accessedAt: Date.now(),
    areaCodes: 'ALL',
    files: [{ kind: 'FULL', open: () => createReadStream(samplePath(connection, 'registry.txt')) }],
  });
  say(
    `1. Registry   a sample of the national registry is in use: ${version.numbers} numbers, dated ${today}`,
  );
}

/** In the EU marketing needs consent: every second person of the sample has given it. */
async function grantSampleConsents({ connection, say }: MainJob): Promise<void> {
  const profile = sampleProfile(connection);
  const consenting = sampleRows(connection)
    .filter((_row, place) => place % 2 === 0)
    .slice(0, 25);
  for (const [place, row] of consenting.entries()) {
    const { status, body } = await connection.post('/v1/consents', {
      phoneNumber: row[profile.phoneColumns[0] ?? ''],
      defaultRegion: profile.defaultRegion,
      channel: profile.channel,
      purpose: profile.purpose,
      seller: profile.seller,
      status: 'GRANTED',
      source: 'WEBSITE_FORM',
      by: 'sample',
      eventId: `sample-consent-${place}`,
      effectiveAt: '2026-01-15T10:00:00Z',
      proof: { textVersion: 'sample-1', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) },
    });
    if (status >= 300)
      throw new Error(`expected the consent to be recorded, got HTTP ${status}: ${JSON.stringify(body)}`);
  }
  say(`1. Consents   ${consenting.length} people of the sample have consented to marketing calls`);
}

const Manifest = z.object({ outcome: z.string() });
const Report = z.object({
  counts: z.object({
    rows: z.number(),
    approved: z.number(),
    rejected: z.number(),
    quarantined: z.number(),
    otherRegion: z.number(),
    reasons: z.record(z.string(), z.record(z.string(), z.number())),
  }),
});

/** Puts the sample list into the inbox; returns a number that was approved. */
async function scrubSampleList({ connection, say }: MainJob): Promise<string> {
  const { aws, endpoints } = connection;
  const s3 = new S3Client(aws);
  const Bucket = endpoints.buckets.inbox;
  const profile = readFileSync(samplePath(connection, 'profile.json'));
  await s3.send(new PutObjectCommand({ Bucket, Key: `profiles/${PROFILE}.json`, Body: profile }));
  const Key = `contact-lists/${PROFILE}/leads.csv`;
  const Body = readFileSync(samplePath(connection, 'leads.csv'));
  const began = performance.now();
  const { VersionId = '' } = await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const prefix = `scrubs/${PROFILE}/${jobIdOf({ bucket: Bucket, key: Key, versionId: VersionId })}`;
  const read = (name: string) => readText(s3, endpoints.buckets.outbox, `${prefix}/${name}`);
  const { outcome } = Manifest.parse(
    JSON.parse(await eventually('the manifest of the scrub', () => read('manifest.json'))),
  );
  if (outcome !== 'SCRUBBED') throw new Error(`expected the list to be scrubbed, it was ${outcome}`);
  const { counts } = Report.parse(JSON.parse((await read('report.json')) ?? ''));
  say(
    `2. Scrub      ${counts.rows} rows in ${Math.round(performance.now() - began)} ms: ${counts.approved} approved,`,
  );
  say(
    `              ${counts.rejected} rejected, ${counts.quarantined} quarantined, ${counts.otherRegion} of another region`,
  );
  for (const [kind, reasons] of Object.entries(counts.reasons)) {
    for (const [reason, rows] of Object.entries(reasons)) say(`              ${kind}: ${reason} ${rows}`);
  }
  return firstNumber((await read('approved.csv')) ?? '', sampleProfile(connection));
}

/** The person opts out on a call; a check just before is ALLOW, and then one is BLOCK. */
async function optOutAndWatch({ connection, say }: MainJob, person: string): Promise<void> {
  const before = await check(connection, person);
  if (before.decision !== 'ALLOW')
    throw new Error(`expected ALLOW before the opt-out, got BLOCK for ${before.reason}`);
  say('3. Check      one approved person, a service call: ALLOW');
  const { aws, endpoints } = connection;
  const [began, since] = [performance.now(), Date.now()];
  const { FailedEntryCount } = await new EventBridgeClient(aws).send(
    new PutEventsCommand({ Entries: [wrapUpEntry(connection, person)] }),
  );
  if (FailedEntryCount !== 0) throw new Error('expected the bus to take the event');
  say(`4. Opt-out    the agent's wrap-up code says so: event put on the bus ${endpoints.eventBusName}`);
  const after = await eventually('the check to flip to BLOCK', async () => {
    const answer = await check(connection, person);
    return answer.decision === 'BLOCK' ? answer : undefined;
  });
  if (after.reason !== 'SUPPRESSED') throw new Error(`expected BLOCK for SUPPRESSED, got ${after.reason}`);
  say(
    `5. Check      BLOCK (${after.reason}) ${Math.round(performance.now() - began)} ms after the event was sent`,
  );
  await eventually(`a file for ${DIALLER} that names the person`, () => isTold(connection, person, since));
  say(
    `6. Dialler    ${DIALLER} is told in a file ${Math.round(performance.now() - began)} ms after the event was sent`,
  );
}

/** Whether the dialler that reads files was told since to contact somebody no more; undefined if not yet. */
async function isTold(connection: Connection, person: string, since: number): Promise<true | undefined> {
  const { aws, endpoints } = connection;
  const phone = parsePhoneNumber(person, sampleProfile(connection).defaultRegion);
  const [s3, Bucket] = [new S3Client(aws), endpoints.buckets.privacy];
  const Prefix = `diallers/${DIALLER}/${new Date(since).toISOString().slice(0, 10)}/`;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (const { Key = '', LastModified } of Contents) {
      // S3 tells times in whole seconds.
      if (LastModified === undefined || LastModified.getTime() < since - 1000) continue;
      const text = (await readText(s3, Bucket, Key)) ?? '';
      if (phone.kind === 'phone' && text.includes(`"${phone.e164}","LIST"`)) return true;
    }
  }
  return undefined;
}

/** What the agent's opt-out after a call to the person puts on the bus. */
function wrapUpEntry({ endpoints }: Connection, person: string) {
  const [wrapupCode] = endpoints.optOutWrapUpCodes ?? [];
  if (wrapupCode === undefined)
    throw new Error('expected a wrap-up code that means opt-out, none is configured');
  const call = outboundCall({ dnis: person, wrapupCode, eventTime: Date.now() });
  return acwEntry(endpoints.eventBusName, call);
}

/** The log takes what waits for it, and the person's story can be read from it. */
async function findInLog({ connection, say }: MainJob, person: string): Promise<void> {
  const { aws, endpoints } = connection;
  const lambda = new LambdaClient(aws);
  const explainer = explainerFor(connection);
  const token = await tokenFor(connection, person, sampleProfile(connection).defaultRegion);
  const story = await eventually("the person's three entries in the log", async () => {
    await appendNow(lambda, endpoints.functions.appendAuditLog);
    const { timeline } = await explainer.explainContactPoint(token);
    const logged = timeline.filter(({ index }) => index !== null);
    return logged.length >= 3 && logged.length === timeline.length ? logged : undefined;
  });
  say(
    `7. Audit log  ${Math.max(...story.map(({ index }) => index ?? 0)) + 1} entries so far; of this person:`,
  );
  for (const { index, at, entry } of story) say(`              #${index} ${at} ${titleOf(entry)}`);
}

/** Runs the log's writer, unless its schedule was faster: it runs once at a time. */
async function appendNow(lambda: LambdaClient, FunctionName: string): Promise<void> {
  try {
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{}' }));
    if (FunctionError !== undefined) throw new Error(`append-audit-log failed: ${FunctionError}`);
  } catch (error) {
    if (!(error instanceof TooManyRequestsException)) throw error;
  }
}

function titleOf(entry: Entry): string {
  if (entry.kind === 'decision')
    return ['decision', entry.effect, ...entry.reasons.map(({ code }) => code)].join(' ');
  return entry.kind === 'fact' ? `${entry.fact.kind} recorded` : entry.kind;
}

async function check(connection: Connection, phoneNumber: string): Promise<Answer> {
  const profile = sampleProfile(connection);
  const { status, body } = await connection.post('/v1/checks', {
    phoneNumber,
    defaultRegion: profile.defaultRegion,
    channel: profile.channel,
    purpose: 'SERVICE',
    seller: profile.seller,
    campaignId: profile.campaignId,
  });
  if (status !== 200) throw new Error(`expected the check to answer 200, got ${status}`);
  return Answer.parse(body);
}

async function readText(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
    await sleep(10);
  }
}
