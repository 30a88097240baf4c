import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventSourceMapping } from '../../lib/local/event-source-mapping/batch.ts';
import {
  createQueueMapping,
  type QueueMappingOptions,
} from '../../lib/local/event-source-mapping/queue-mapping.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import type { Queue } from '../../lib/local/sqs/queue.ts';
import { account, clientsOf, manualClock, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

type Record = { messageId: string; body: string; attributes: { [name: string]: string } };
type Answer = { payload: string; failed: boolean };

let folder: ReturnType<typeof temporaryFolder>;
let clock: ReturnType<typeof manualClock>;
let aws: LocalAws;
let sqs: SQSClient;
let dead: Queue;
let fifo: Queue;
let plain: Queue;
let mappings: EventSourceMapping[];

beforeEach(async () => {
  folder = temporaryFolder();
  clock = manualClock();
  aws = await startLocalAws(folder.path, { clock });
  sqs = clientsOf(aws.endpoint).sqs;
  mappings = [];
  dead = aws.sqs.createQueue({ QueueName: 'dead.fifo', FifoQueue: true });
  const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 3 };
  const properties = { FifoQueue: true, ContentBasedDeduplication: true, VisibilityTimeout: 30 };
  fifo = aws.sqs.createQueue({ QueueName: 'orders.fifo', ...properties, RedrivePolicy });
  plain = aws.sqs.createQueue({ QueueName: 'plain', VisibilityTimeout: 30 });
});
afterEach(async () => {
  await Promise.all(mappings.map((mapping) => mapping.close()));
  await aws.close();
  folder.remove();
});

const answer = (value: unknown): Answer => ({ payload: JSON.stringify(value), failed: false });
const recordsOf = (payload: string): Record[] => JSON.parse(payload).Records;

function map(
  queue: Queue,
  run: (records: Record[], payload: string) => Answer | Promise<Answer>,
  properties: QueueMappingOptions['properties'] = {},
): void {
  const options = { queue, region: account.region, properties };
  const invoke = async (payload: string) => run(recordsOf(payload), payload);
  mappings.push(createQueueMapping({ ...options, invoke }));
}
const REPORTING = { FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
const total = (queue: Queue) => Object.values(queue.counts()).reduce((sum, count) => sum + count, 0);

describe('an event source mapping', () => {
  test('invokes with the event of AWS Lambda and deletes what was handled', async () => {
    const events: string[] = [];
    map(fifo, (_, payload) => {
      events.push(payload);
      return answer(null);
    });
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'x' } };
    const input = { QueueUrl: fifo.url, MessageBody: 'one', MessageGroupId: 'g', MessageAttributes };
    const sent = await sqs.send(new SendMessageCommand(input));
    await expect.poll(() => total(fifo)).toBe(0);
    expect(JSON.parse(events[0] ?? '')).toEqual({
      Records: [
        {
          messageId: sent.MessageId,
          receiptHandle: expect.any(String),
          body: 'one',
          attributes: {
            ApproximateReceiveCount: '1',
            ApproximateFirstReceiveTimestamp: String(clock.now()),
            SentTimestamp: String(clock.now()),
            SenderId: expect.any(String),
            SequenceNumber: sent.SequenceNumber,
            MessageGroupId: 'g',
            MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
          },
          messageAttributes: {
            kind: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: sent.MD5OfMessageBody,
          md5OfMessageAttributes: sent.MD5OfMessageAttributes,
          eventSource: 'aws:sqs',
          eventSourceARN: fifo.arn,
          awsRegion: account.region,
        },
      ],
    });
  });

  test.each<readonly [string, () => Answer]>([
    ['an error', () => ({ payload: '{"errorType":"Error"}', failed: true })],
    ['a report that is not understood', () => answer('ok')],
    [
      'a call that does not come through',
      () => {
        throw new Error('down');
      },
    ],
  ])('leaves the whole batch to its visibility timeout after %s', async (_name, fail) => {
    let calls = 0;
    for (const body of ['one', 'two']) plain.send({ body });
    map(
      plain,
      () => {
        calls += 1;
        return calls === 1 ? fail() : answer({});
      },
      REPORTING,
    );
    await expect.poll(() => calls).toBe(1);
    expect(plain.counts()).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
    clock.advance(29_999);
    expect(plain.counts().inFlight).toBe(2);
    clock.advance(1);
    await expect.poll(() => total(plain)).toBe(0);
    expect(calls).toBe(2);
  });

  test('keeps the messages that are reported as failed, and no others', async () => {
    for (const body of ['good', 'bad', 'fine']) plain.send({ body });
    const batches: string[][] = [];
    map(
      plain,
      (records) => {
        batches.push(records.map(({ body }) => body));
        const failed = batches.length > 1 ? [] : records.filter(({ body }) => body === 'bad');
        return answer({ batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) });
      },
      REPORTING,
    );
    await expect.poll(() => plain.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    clock.advance(30_000);
    await expect.poll(() => total(plain)).toBe(0);
    expect(batches).toEqual([['good', 'bad', 'fine'], ['bad']]);
  });

  test('takes a report for nothing where it was not asked for', async () => {
    const { id } = plain.send({ body: 'one' });
    map(plain, () => answer({ batchItemFailures: [{ itemIdentifier: id }] }));
    await expect.poll(() => total(plain)).toBe(0);
  });

  test('keeps to its batch size', async () => {
    for (let n = 0; n < 7; n += 1) plain.send({ body: String(n) });
    const sizes: number[] = [];
    map(
      plain,
      (records) => {
        sizes.push(records.length);
        return answer(null);
      },
      { BatchSize: 3 },
    );
    await expect.poll(() => total(plain)).toBe(0);
    expect(sizes.sort()).toEqual([1, 3, 3]);
  });

  test('collects a batch for as long as its window lasts', async () => {
    const batches: string[][] = [];
    const properties = {
      BatchSize: 20,
      MaximumBatchingWindowInSeconds: 300,
      ScalingConfig: { MaximumConcurrency: 2 },
    };
    map(
      plain,
      (records) => {
        batches.push(records.map(({ body }) => body));
        return answer(null);
      },
      properties,
    );
    for (let n = 0; n < 40; n += 1) plain.send({ body: String(n) });
    await expect.poll(() => total(plain)).toBe(0);
    expect(batches.map(({ length }) => length)).toEqual([20, 20]);
  });

  test('has one batch of a group under way at a time; other groups go on', async () => {
    const running = new Map<string, number>();
    const open: (() => void)[] = [];
    let most = 0;
    map(fifo, async ([record]) => {
      const group = record?.attributes['MessageGroupId'] ?? '';
      running.set(group, (running.get(group) ?? 0) + 1);
      most = Math.max(most, ...running.values());
      await new Promise<void>((done) => void open.push(done));
      running.set(group, (running.get(group) ?? 0) - 1);
      return answer(null);
    });
    for (const groupId of ['a', 'b']) fifo.send({ body: `${groupId}1`, groupId });
    await expect.poll(() => open.length).toBe(2);
    for (const groupId of ['a', 'b']) fifo.send({ body: `${groupId}2`, groupId });
    expect(fifo.counts()).toEqual({ visible: 2, inFlight: 2, delayed: 0 });
    open[0]?.();
    await expect.poll(() => open.length).toBe(3);
    for (const done of open) done();
    await expect.poll(() => open.length).toBe(4);
    open[3]?.();
    await expect.poll(() => total(fifo)).toBe(0);
    expect(most).toBe(1);
  });

  // Invariant: in a group nothing after a failed message is handled before that succeeds or is dead-lettered;
  // everything that came in is done, dead-lettered or still there.
  test('keeps the order of each group through failures, and loses nothing', async () => {
    const done: string[] = [];
    const failuresLeft = new Map([
      ['a2', 1],
      ['b1', 2],
      ['c3', 99],
    ]);
    map(
      fifo,
      (records) => {
        const stopped = new Set<string>();
        const failed = records.filter(({ body, attributes }) => {
          const group = attributes['MessageGroupId'] ?? '';
          const left = failuresLeft.get(body) ?? 0;
          if (left > 0) failuresLeft.set(body, left - 1);
          if (left > 0) stopped.add(group);
          if (!stopped.has(group)) done.push(body);
          return stopped.has(group);
        });
        return answer({ batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) });
      },
      { ...REPORTING, BatchSize: 1 },
    );
    const sent = ['a', 'b', 'c'].flatMap((group) => [1, 2, 3, 4].map((n) => `${group}${n}`));
    for (const body of sent) fifo.send({ body, groupId: body.slice(0, 1) });
    const hurry = setInterval(() => clock.advance(30_000), 20);
    await expect
      .poll(() => total(fifo), { timeout: 120_000 })
      .toBe(0)
      .finally(() => clearInterval(hurry));
    for (const group of ['a', 'b', 'c']) {
      const ofGroup = done.filter((body) => body.startsWith(group));
      expect(ofGroup).toEqual([...ofGroup].sort());
    }
    const lost = (await dead.receive({ max: 10, waitMs: 0 })).map(({ body }) => body);
    expect(lost).toEqual(['c3']);
    expect([...done, ...lost].sort()).toEqual(sent);
  });

  test.each([
    [
      'a FIFO queue in batches over ten',
      () => map(fifo, () => answer(null), { BatchSize: 11, MaximumBatchingWindowInSeconds: 1 }),
    ],
    [
      'a FIFO queue with a window',
      () => map(fifo, () => answer(null), { MaximumBatchingWindowInSeconds: 1 }),
    ],
    ['batches over ten without a window', () => map(plain, () => answer(null), { BatchSize: 11 })],
  ])('refuses %s', (_name, declare) => {
    expect(declare).toThrow('batch');
  });

  test('that is disabled or closed takes nothing', async () => {
    map(plain, () => answer(null), { Enabled: false });
    map(plain, () => answer(null));
    await mappings[1]?.close();
    plain.send({ body: 'kept' });
    expect(plain.counts().visible).toBe(1);
  });
});
