import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { appendAuditLog, logLines } from './log-entries.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';
import { acwEntry, malformedEntry } from './wrap-up-events.ts';

const AREA_CODES = ['212', '305', '312', '415', '602', '713', '206', '404', '617'];
const READABLE = 850;
const DUPLICATES = 100;
const MALFORMED = 50;
const IN_A_BATCH = 10;
/** Sent at a steady pace, about 70 a second, so that the figure is the pipeline's and not the queue's. */
const BATCH_EVERY_MS = 140;

const Answer = z.object({ decision: z.string(), reason: z.string() });
const Fact = z.object({ fact: z.object({ effectiveAt: z.number() }) });

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

describe('1,000 opt-out events, 10 % duplicates, 5 % malformed, shuffled', () => {
  const numbers = Array.from({ length: READABLE }, (_, place) => {
    const areaCode = AREA_CODES[place % AREA_CODES.length] ?? '';
    return `+1${areaCode}55501${String(Math.floor(place / AREA_CODES.length)).padStart(2, '0')}`;
  });

  it('blocks every readable number, loses nothing, and parks what it cannot read', async () => {
    const { endpoints } = running.stack;
    const { aws } = running.connection;
    const code = endpoints.optOutWrapUpCodes?.[0] ?? '';
    const events = shuffled([
      ...[...numbers, ...numbers.slice(0, DUPLICATES)].map(
        (dnis) => () => acwEntry(endpoints.eventBusName, { dnis, wrapupCode: code, eventTime: Date.now() }),
      ),
      ...Array.from(
        { length: MALFORMED },
        (_, index) => () => malformedEntry(endpoints.eventBusName, index, code),
      ),
    ]);
    expect(events).toHaveLength(1000);
    await send(new EventBridgeClient(aws), events);

    const sqs = new SQSClient(aws);
    await eventually('the queue is empty', async () =>
      (await depth(sqs, endpoints.queues.optOut)) === 0 ? true : undefined,
    );
    expect(await depth(sqs, endpoints.queues.optOutDlq)).toBe(MALFORMED);

    for (const phoneNumber of numbers) {
      const asked = { phoneNumber, channel: 'VOICE', purpose: 'SERVICE' };
      const { body } = await running.connection.post('/v1/checks', asked);
      expect(Answer.parse(body)).toEqual({ decision: 'BLOCK', reason: 'SUPPRESSED' });
    }

    await appendAuditLog(running.connection);
    const lines = await logLines(running.connection);
    expect(lines.map(({ index }) => index)).toEqual(lines.map((_, place) => place));
    const facts = lines.filter(({ kind }) => kind === 'fact');
    expect(new Set(facts.flatMap(({ subjects }) => subjects)).size).toBe(READABLE);
    expect(lines.filter(({ kind }) => kind === 'parked')).toHaveLength(MALFORMED);
    expect(lines.filter(({ kind }) => kind === 'decision')).toHaveLength(READABLE);
    report(facts.map((line) => Date.parse(line.at) - Fact.parse(line).fact.effectiveAt));
    expect(running.faults).toEqual([]);
  }, 180_000);
});

async function send(
  client: EventBridgeClient,
  events: readonly (() => PutEventsRequestEntry)[],
): Promise<void> {
  for (let start = 0; start < events.length; start += IN_A_BATCH) {
    const began = performance.now();
    const Entries = events.slice(start, start + IN_A_BATCH).map((make) => make());
    const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries }));
    expect(FailedEntryCount).toBe(0);
    const rest = BATCH_EVERY_MS - (performance.now() - began);
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

async function depth(client: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes['ApproximateNumberOfMessages']) +
    Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
  );
}

function report(latencies: readonly number[]): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  process.stdout.write(
    `event -> durable opt-out, ${sorted.length} events: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${sorted.at(-1)} ms\n`,
  );
}

function shuffled<T>(items: readonly T[]): T[] {
  // A fixed seed (mulberry32), so that a failure can be run again.
  let state = 20_261_122;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
