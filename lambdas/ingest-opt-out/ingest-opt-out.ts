import { createHmac } from 'node:crypto';
import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import {
  type GenesysSettings,
  type OptOutReading,
  readOptOut,
} from '../../lib/adapters/genesys/read-opt-out.ts';
import type { RecordFact } from '../../lib/adapters/record-fact.ts';
import { type BatchAnswer, deliverAgain } from '../../lib/adapters/sqs/batch.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { Pepper } from '../../lib/domain/contact-point/token.ts';
import type { DeadLetters } from '../../lib/domain/opt-out/dead-letters.ts';
import { agentOptOutFact } from '../../lib/domain/opt-out/opt-out-fact.ts';
import type { ContactPoints } from '../../lib/domain/ports.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import { OptOutBatch, type OptOutRecord } from './event.ts';

export type IngestOptOutDeps = {
  readonly settings: GenesysSettings;
  readonly recordFact: RecordFact;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly deadLetters: DeadLetters;
  readonly pepper: () => Promise<Pepper>;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The UUIDv7 of the entry about a parked message: the same on every attempt at it. */
  readonly parkedEntryId: (messageId: string, receivedAt: number) => string;
};

/**
 * Takes a batch of Genesys wrap-up events from SQS FIFO and suppresses whoever opted out. A message is acknowledged once
 * its opt-out is durable, or once it is parked; one that fails is delivered again together with all that follow it in
 * its group, while other groups go on. Messages about different contact points do not wait for each other: every one that
 * is delivered again changes nothing where it was done before. No event ever lifts anything.
 */
export function createIngestOptOut(deps: IngestOptOutDeps): (event: unknown) => Promise<BatchAnswer> {
  return async (event) => {
    const { Records } = OptOutBatch.parse(event);
    const groups = Map.groupBy(Records, ({ attributes }) => attributes.MessageGroupId);
    const failed = await Promise.all([...groups.values()].map((records) => ingestGroup(records, deps)));
    return deliverAgain(failed.flat());
  };
}

async function ingestGroup(
  records: readonly OptOutRecord[],
  deps: IngestOptOutDeps,
): Promise<readonly OptOutRecord[]> {
  const lastOf = new Map<string, Promise<void>>();
  const outcomes = await Promise.allSettled(
    records.map((record) => {
      const reading = readOptOut(record.body, deps.settings);
      const about = reading.kind === 'OPT_OUT' ? reading.contactPoints : [];
      // What was said of one contact point is taken in the order in which it was said.
      const earlier = Promise.all(about.map(({ canonical }) => lastOf.get(canonical)));
      const done = earlier.then(() => ingest(record, reading, deps));
      for (const { canonical } of about) lastOf.set(canonical, done);
      return done;
    }),
  );
  const failure = outcomes.findIndex(({ status }) => status === 'rejected');
  const failed = outcomes[failure];
  if (failed?.status !== 'rejected') return [];
  const waiting = records.slice(failure);
  deps.telemetry.log('OPT_OUT_RETRIED', { errorCode: errorCode(failed.reason), count: waiting.length });
  return waiting;
}

async function ingest(record: OptOutRecord, reading: OptOutReading, deps: IngestOptOutDeps): Promise<void> {
  if (reading.kind === 'NO_OPT_OUT') {
    deps.telemetry.metric('OptOutIgnoredCount', 1);
    return;
  }
  const { suppressed, wrongRegion } = await suppress(reading, record, deps);
  const cause = reading.problem ?? (wrongRegion ? 'WRONG_REGION' : undefined);
  if (cause !== undefined) await park(record, { cause, suppressed }, deps);
}

async function suppress(
  reading: Extract<OptOutReading, { kind: 'OPT_OUT' }>,
  record: OptOutRecord,
  deps: IngestOptOutDeps,
): Promise<{ readonly suppressed: number; readonly wrongRegion: boolean }> {
  const { contactPoints, identity, agent, conversationId, statedAt } = reading;
  const receivedAt = record.attributes.SentTimestamp;
  const eventId = identity === undefined ? await idOfText(record.body, deps) : sha256Hex(identity);
  const fact = agentOptOutFact({ eventId, agent, conversationId, statedAt, receivedAt });
  const recorded = [];
  for (const contactPoint of contactPoints) recorded.push(await deps.recordFact(contactPoint, () => fact));
  const suppressed = recorded.filter(({ outcome }) => outcome === 'RECORDED').length;
  // A redelivery, or a replay from the archive, is late by nature and changes nothing.
  const changed = recorded.some((one) => one.outcome === 'RECORDED' && one.changed);
  if (changed) deps.telemetry.metric('OptOutLatencyMs', Math.max(0, deps.now() - fact.effectiveAt));
  if (settleTime(statedAt, receivedAt).futureDated) deps.telemetry.metric('OptOutFutureDatedCount', 1);
  return { suppressed, wrongRegion: suppressed < recorded.length };
}

async function park(
  { messageId, body, attributes }: OptOutRecord,
  { cause, suppressed }: { readonly cause: string; readonly suppressed: number },
  deps: IngestOptOutDeps,
): Promise<void> {
  await deps.deadLetters.send({ id: messageId, body, cause });
  const now = deps.now();
  const id = deps.parkedEntryId(messageId, attributes.SentTimestamp);
  const entry = {
    kind: 'parked' as const,
    id,
    at: new Date(now).toISOString(),
    subjects: [],
    cause,
    suppressed,
  };
  await deps.contactPoints.record(entry, now);
  deps.telemetry.metric('OptOutParkedCount', 1);
  deps.telemetry.log('OPT_OUT_PARKED', { reason: cause, count: suppressed });
}

// A plain hash of a body could be a plain hash of a number.
async function idOfText(body: string, { pepper }: IngestOptOutDeps): Promise<string> {
  const key = await pepper();
  return createHmac('sha256', key.pepper).update(`event:${body}`).digest('hex');
}
